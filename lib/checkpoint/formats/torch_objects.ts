/**
 * What PyTorch's functions, and those of Python and NumPy beside them, stand for
 * in a checkpoint's pickle: tensors, storages, dictionaries, text.
 *
 * Each is an entry of one table. What is not in it stays a record with its name;
 * nothing is run.
 *
 * @module
 * @see torch/_utils.py, PyTorch 2.13.0
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";
import { mostAxes, type Shape } from "../../core/shape.ts";
import { type ByteSource, bytesSource, fault, tensorOf } from "./bytes.ts";
import {
  kindOf,
  PickledDict,
  PickledFloat,
  PickledName,
  PickledObject,
  PickledSet,
  PickledTuple,
} from "./pickle.ts";
import { firstFastest, type Strided } from "./strided.ts";

/** What is being done when one of these functions fails. */
export const opening = "open a PyTorch file";

/** Bytes that tensors share. */
export class TorchStorage {
  /** PyTorch's name of the element type. */
  readonly dtype: string;
  /** How many elements it has. */
  readonly length: number;
  /** The bytes; undefined until it is known where they are. */
  source: ByteSource | undefined;

  /**
   * @param dtype PyTorch's name of the element type.
   * @param length How many elements it has.
   * @param source The bytes, if they are known.
   */
  constructor(dtype: string, length: number, source?: ByteSource) {
    this.dtype = dtype;
    this.length = length;
    this.source = source;
  }
}

/** What a tensor is, and where its elements are. */
export interface TensorPlace extends Strided {
  /** PyTorch's name of the element type. */
  readonly dtype: string;
  /** Its storage; undefined if the file has no bytes of it. */
  readonly storage: TorchStorage | undefined;
  /** Whether imaginary parts have the other sign. */
  readonly conjugate?: boolean;
  /** Whether all values have the other sign. */
  readonly negative?: boolean;
  /** Whether elements begin with their largest byte, whatever the file's order. */
  readonly bigEndian?: boolean;
  /** How integers became of real numbers. */
  readonly levels?: Levels;
}

/** How a quantized tensor's integers stand for real numbers. */
export interface Levels {
  /** The distance of levels; one for each index of the axis. */
  readonly scale: number | TensorPlace;
  /** The level of 0. */
  readonly zero: number | TensorPlace;
  /** The axis; undefined for one scale. */
  readonly axis?: number;
}

/** A tensor, which early versions make before they give it its place. */
export class TorchTensor {
  /** Its place; undefined if it was not given one. */
  place: TensorPlace | undefined;

  /**
   * @param place Its place.
   */
  constructor(place?: TensorPlace) {
    this.place = place;
  }
}

/** A dtype of NumPy, which has its byte order only as its state. */
class NumpyDtype {
  /** Kind and size: `f4`. */
  readonly code: string;
  bigEndian = false;

  constructor(code: string) {
    this.code = code.replace(/^[<>|=]/, "");
  }
}

/** What a function gives for its arguments; undefined to keep the call. */
type Rebuilding = (...args: readonly unknown[]) => unknown;

/**
 * Bytes per element of PyTorch's dtypes that are none here, and of those that
 * have another name.
 */
const itemBytes: ReadonlyMap<string, number> = new Map([
  ["complex32", 4],
  ["float4_e2m1fn_x2", 1],
  ["quint8", 1],
  ["qint8", 1],
  ["qint32", 4],
  ["quint4x2", 1],
  ["quint2x4", 1],
  ["bits1x8", 1],
  ["bits2x4", 1],
  ["bits4x2", 1],
  ["bits8", 1],
  ["bits16", 2],
]);

/** The dtypes of storages by the first part of their classes' names. */
const storageDtypes: ReadonlyMap<string, string> = new Map([
  ["Float", "float32"],
  ["Double", "float64"],
  ["Half", "float16"],
  ["BFloat16", "bfloat16"],
  ["ComplexFloat", "complex64"],
  ["ComplexDouble", "complex128"],
  ["Byte", "uint8"],
  ["Char", "int8"],
  ["Short", "int16"],
  ["Int", "int32"],
  ["Long", "int64"],
  ["Bool", "bool"],
  ["QUInt8", "quint8"],
  ["QInt8", "qint8"],
  ["QInt32", "qint32"],
  ["QUInt4x2", "quint4x2"],
  ["QUInt2x4", "quint2x4"],
  ["Untyped", "uint8"],
  ["_Untyped", "uint8"],
]);

/** NumPy's dtypes by kind and size. */
const numpyDtypes: ReadonlyMap<string, string> = new Map([
  ...Object.entries(dtypes).flatMap(([name, { npy }]) =>
    npy === null ? [] : [[npy.slice(1), name] as const]
  ),
]);

/** Names that stand for themselves, beside PyTorch's dtypes. */
const constants: ReadonlySet<string> = new Set([
  "builtins.bool",
  "builtins.float",
  "builtins.int",
  "builtins.object",
  "builtins.str",
  "numpy.ndarray",
  "torch.channels_last",
  "torch.channels_last_3d",
  "torch.contiguous_format",
  "torch.per_channel_affine",
  "torch.per_channel_affine_float_qparams",
  "torch.per_channel_symmetric",
  "torch.per_tensor_affine",
  "torch.per_tensor_symmetric",
  "torch.preserve_format",
  "torch.strided",
]);

/** Every function that is known. */
const rebuildings: ReadonlyMap<string, Rebuilding> = new Map<
  string,
  Rebuilding
>([
  [
    "torch._utils._rebuild_tensor",
    (storage, offset, shape, strides) =>
      rebuildTensor(storage, offset, shape, strides),
  ],
  [
    "torch._utils._rebuild_tensor_v2",
    (storage, offset, shape, strides, _grad, _hooks, signs) =>
      rebuildTensor(storage, offset, shape, strides, { signs }),
  ],
  [
    "torch._utils._rebuild_tensor_v3",
    (storage, offset, shape, strides, _grad, _hooks, dtype, signs) =>
      rebuildTensor(storage, offset, shape, strides, {
        signs,
        dtype: torchDtype(dtype),
      }),
  ],
  [
    "torch._utils._rebuild_qtensor",
    (storage, offset, shape, strides, levels) =>
      rebuildTensor(storage, offset, shape, strides, {
        levels: levelsOf(levels),
      }),
  ],
  ["torch._utils._rebuild_parameter", first],
  ["torch._utils._rebuild_parameter_with_state", first],
  ["torch._utils._rebuild_device_tensor_from_cpu_tensor", first],
  ["torch._utils._rebuild_device_tensor_from_numpy", first],
  ["torch._utils._rebuild_xla_tensor", first],
  ["torch._tensor._rebuild_from_type", rebuildFromType],
  ["torch._tensor._rebuild_from_type_v2", rebuildFromType],
  ["torch.tensor._rebuild_from_type", rebuildFromType],
  ["torch.tensor._rebuild_from_type_v2", rebuildFromType],
  ["torch._utils._rebuild_sparse_tensor", rebuildSparse],
  [
    "torch._utils._rebuild_nested_tensor",
    (values, sizes, strides, offsets) =>
      dictOf({ values, sizes, strides, offsets }),
  ],
  ["torch._utils._rebuild_meta_tensor_no_storage", withoutBytes],
  [
    "torch._utils._rebuild_wrapper_subclass",
    (_class, dtype, shape) => withoutBytes(dtype, shape),
  ],
  [
    "torch.nn.parameter.Parameter",
    (data) => data instanceof TorchTensor ? data : new TorchTensor(),
  ],
  ["torch.Tensor", () => new TorchTensor()],
  ["torch.Size", first],
  ["torch.device", (...parts) => parts.map(String).join(":")],
  ["torch.serialization._get_layout", first],
  ["torch.jit._pickle.restore_type_tag", first],
  ["torch.jit._pickle.build_intlist", first],
  ["torch.jit._pickle.build_doublelist", first],
  ["torch.jit._pickle.build_boollist", first],
  ["torch.jit._pickle.build_tensorlist", first],

  ["collections.OrderedDict", dictOfPairs],
  ["collections.Counter", dictOfPairs],
  ["collections.defaultdict", (_default, pairs) => dictOfPairs(pairs)],
  ["builtins.dict", dictOfPairs],
  ["builtins.set", setOf],
  ["builtins.frozenset", setOf],
  ["builtins.list", (items) => [...itemsOf("a list", items)]],
  ["builtins.tuple", (items) => new PickledTuple(itemsOf("a tuple", items))],
  ["builtins.bytes", bytesFrom],
  ["builtins.bytearray", bytesFrom],
  ["builtins.complex", complexText],
  // What protocol 2 makes of bytes.
  [
    "_codecs.encode",
    (text, codec) => codec === "latin1" ? latin1Bytes(text) : undefined,
  ],
  ["copyreg._reconstructor", (name) => new PickledObject(name, [])],

  ["numpy.dtype", (code) => new NumpyDtype(String(code))],
  ...["numpy.core", "numpy._core"].flatMap((core): [string, Rebuilding][] => [
    [`${core}.multiarray._reconstruct`, () => new TorchTensor()],
    [`${core}.multiarray.scalar`, numpyScalar],
    [
      `${core}.numeric._frombuffer`,
      (bytes, dtype, shape, order) =>
        new TorchTensor(arrayPlace(bytes, dtype, shape, order === "F")),
    ],
  ]),
]);

/**
 * Returns what a call stands for; undefined to keep it as a record.
 *
 * @param callee The class or function.
 * @param args The arguments.
 * @throws {SyntaxError} If they are none of this function.
 */
export function rebuilt(
  callee: PickledName,
  args: readonly unknown[],
): unknown {
  const rebuild = rebuildings.get(callee.path);
  if (rebuild !== undefined) return rebuild(...args);
  return isTensorClass(callee) ? new TorchTensor() : undefined;
}

/**
 * Gives a state to an object that {@linkcode rebuilt} made: early tensors and
 * NumPy's arrays get their place. Others ignore it.
 *
 * @param object The object.
 * @param state The state.
 * @throws {SyntaxError} If it is none of such an object.
 */
export function giveState(object: unknown, state: unknown): void {
  const items = state instanceof PickledTuple ? state.items : [];
  if (object instanceof NumpyDtype) {
    object.bigEndian = items[1] === ">";
  } else if (object instanceof TorchTensor && object.place === undefined) {
    const [a, b, c, d, e] = items;
    if (a instanceof TorchTensor) object.place = a.place;
    else if (a instanceof TorchStorage) {
      object.place = rebuildTensor(a, b, c, d).place;
    } else if (items.length === 5) {
      object.place = arrayPlace(e, c, b, d === true);
    }
  }
}

/**
 * Returns a storage by what a persistent id says of it.
 *
 * @param storageClass The class of the storage.
 * @param length How many elements it has.
 * @throws {SyntaxError} If there is no such class or length.
 */
export function storageOf(
  storageClass: unknown,
  length: unknown,
): TorchStorage {
  const dtype = storageClass instanceof PickledName
    ? storageDtype(storageClass)
    : undefined;
  if (dtype === undefined) {
    throw fault(
      opening,
      "a storage's class must be one of PyTorch",
      shown(storageClass),
    );
  }
  return new TorchStorage(dtype, countOf("a storage's length", length));
}

/**
 * Returns whether a name is known: it has a meaning here, so what it would do in
 * Python is known too.
 *
 * @param name The class or function.
 */
export function isKnown(name: PickledName): boolean {
  return rebuildings.has(name.path) || constants.has(name.path) ||
    storageDtype(name) !== undefined || isTensorClass(name) ||
    name.module === "torch" && bytesOfItem(name.name) !== undefined;
}

/**
 * Returns how many bytes an element of PyTorch's takes; undefined for an unknown
 * dtype.
 *
 * @param dtype PyTorch's name of the dtype.
 */
export function bytesOfItem(dtype: string): number | undefined {
  return Object.hasOwn(dtypes, dtype)
    ? dtypes[dtype as Dtype].bits / 8
    : itemBytes.get(dtype);
}

/**
 * Returns a number that must be whole and at least 0.
 *
 * @param what What it is, for the error message.
 * @param value The number.
 * @throws {SyntaxError} If it is none.
 */
export function countOf(what: string, value: unknown): number {
  if (Number.isSafeInteger(value) && value as number >= 0) {
    return value as number;
  }
  throw fault(
    opening,
    `${what} must be a whole number of at least 0`,
    shown(value),
  );
}

/**
 * Returns the items of a tuple or a list.
 *
 * @param what What it is, for the error message.
 * @param value The tuple or list; undefined for an empty one.
 * @throws {SyntaxError} If it is none.
 */
export function itemsOf(what: string, value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (value instanceof PickledTuple) return value.items;
  if (value instanceof PickledSet) return value.members;
  throw fault(opening, `${what} must be a tuple or a list`, shown(value));
}

function rebuildTensor(
  storage: unknown,
  offset: unknown,
  shape: unknown,
  strides: unknown,
  { dtype, signs, levels }: {
    readonly dtype?: string;
    readonly signs?: unknown;
    readonly levels?: Levels;
  } = {},
): TorchTensor {
  if (!(storage instanceof TorchStorage)) {
    throw fault(opening, "a tensor must have a storage", shown(storage));
  }
  const isSet = (name: string) =>
    signs instanceof PickledDict && signs.get(name) === true;
  return new TorchTensor({
    storage,
    dtype: dtype ?? storage.dtype,
    offset: countOf("a tensor's offset", offset),
    shape: countsOf("a tensor's shape", shape),
    strides: countsOf("a tensor's strides", strides),
    conjugate: isSet("conj"),
    negative: isSet("neg"),
    levels,
  });
}

/** A tensor on the device `meta`, or one whose class keeps its own bytes. */
function withoutBytes(dtype: unknown, shape: unknown): TorchTensor {
  const sizes = countsOf("a tensor's shape", shape);
  return new TorchTensor(placeWithoutBytes(torchDtype(dtype), sizes));
}

function placeWithoutBytes(dtype: string, shape: Shape): TensorPlace {
  return {
    storage: undefined,
    dtype,
    offset: 0,
    shape,
    strides: shape.map(() => 0),
  };
}

/** A subclass's tensor, without the subclass. */
function rebuildFromType(
  callee: unknown,
  _class: unknown,
  args: unknown,
): unknown {
  // One within another would nest as deep as the file says.
  const isNamed = callee instanceof PickledName &&
    rebuildings.get(callee.path) !== rebuildFromType;
  return isNamed ? rebuilt(callee, itemsOf("arguments", args)) : undefined;
}

function rebuildSparse(layout: unknown, data: unknown): PickledDict {
  const [a, b, c] = itemsOf("a sparse tensor's parts", data);
  if (layout === "torch.sparse_coo") return dictOf({ indices: a, values: b });
  return layout === "torch.sparse_csr" || layout === "torch.sparse_bsr"
    ? dictOf({ crow_indices: a, col_indices: b, values: c })
    : dictOf({ ccol_indices: a, row_indices: b, values: c });
}

function levelsOf(value: unknown): Levels {
  const [, scale, zero, axis] = itemsOf("a quantizer", value);
  const level = (what: string, value: unknown): number | TensorPlace => {
    if (typeof value === "number") return value;
    if (value instanceof PickledFloat) return value.value;
    const place = value instanceof TorchTensor ? value.place : undefined;
    // Levels of levels would nest as deep as the file says.
    if (place !== undefined && place.levels === undefined) return place;
    throw fault(opening, `a quantizer's ${what} must be numbers`, shown(value));
  };
  return {
    scale: level("scales", scale),
    zero: level("zero points", zero),
    ...axis === undefined ? {} : { axis: countOf("an axis", axis) },
  };
}

function arrayPlace(
  data: unknown,
  dtype: unknown,
  shape: unknown,
  isFortran: boolean,
): TensorPlace {
  if (!(dtype instanceof NumpyDtype)) {
    throw fault(opening, "an array must have a dtype of NumPy", shown(dtype));
  }
  const sizes = countsOf("an array's shape", shape);
  const bytes = bytesFrom(data);
  const name = numpyDtypes.get(dtype.code);
  if (name === undefined || bytes === undefined) {
    return placeWithoutBytes(`NumPy's ${dtype.code}`, sizes);
  }
  const length = Math.floor(bytes.length / bytesOfItem(name)!);
  return {
    storage: new TorchStorage(name, length, bytesSource(bytes)),
    dtype: name,
    offset: 0,
    shape: sizes,
    strides: isFortran
      ? firstFastest(sizes)
      : firstFastest(sizes.toReversed()).reverse(),
    bigEndian: dtype.bigEndian,
  };
}

/** A scalar as Python's; undefined if it is none of numbers. */
function numpyScalar(dtype: unknown, data: unknown): unknown {
  const bytes = bytesFrom(data);
  if (!(dtype instanceof NumpyDtype) || bytes === undefined) {
    return undefined;
  }
  const name = numpyDtypes.get(dtype.code) as Dtype;
  if (!Object.hasOwn(dtypes, name) || bytes.length !== bytesOfItem(name)) {
    return undefined;
  }
  const { kind, decode } = dtypes[name];
  if (kind === "opaque" || kind === "complex") return undefined;
  const ordered = dtype.bigEndian ? bytes.toReversed() : bytes;
  const { data: [stored] } = tensorOf(opening, ordered, [], name);
  if (kind === "integer") return stored;
  return kind === "bool" ? stored === 1 : new PickledFloat(decode(stored));
}

function dictOf(values: Readonly<Record<string, unknown>>): PickledDict {
  const dict = new PickledDict();
  for (const [name, value] of Object.entries(values)) dict.set(name, value);
  return dict;
}

function dictOfPairs(pairs?: unknown): PickledDict {
  const dict = new PickledDict();
  const all = pairs instanceof PickledDict
    ? pairs.entries()
    : itemsOf("a dictionary's items", pairs);
  for (const pair of all) {
    const [key, value] = itemsOf("a key and its value", pair);
    dict.set(key, value);
  }
  return dict;
}

function setOf(members: unknown): PickledSet {
  const set = new PickledSet();
  for (const member of itemsOf("a set", members)) set.members.push(member);
  return set;
}

function complexText(real: unknown, imaginary: unknown): string {
  const [a, b] = [real, imaginary].map((part) =>
    part instanceof PickledFloat ? part.value : Number(part)
  );
  return `${a}${b < 0 ? "" : "+"}${b}j`;
}

/** Protocol 2 has no bytes: none at all are `bytes()`. */
function bytesFrom(value: unknown = ""): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : latin1Bytes(value);
}

function latin1Bytes(text: unknown): Uint8Array | undefined {
  return typeof text === "string"
    ? Uint8Array.from(text, (character) => character.charCodeAt(0))
    : undefined;
}

function first(value: unknown): unknown {
  return value;
}

function torchDtype(value: unknown): string {
  if (value instanceof PickledName && value.module === "torch") {
    return value.name;
  }
  throw fault(opening, "a dtype must be one of PyTorch", shown(value));
}

/** By the class alone, as PyTorch does: storages of CUDA have the same name. */
function storageDtype({ module, name }: PickledName): string | undefined {
  return /^torch(\.cuda|\.storage)?$/.test(module) && name.endsWith("Storage")
    ? storageDtypes.get(name.slice(0, -"Storage".length))
    : undefined;
}

/** As of version 0: `torch.FloatTensor`. */
function isTensorClass({ module, name }: PickledName): boolean {
  return /^torch(\.cuda)?$/.test(module) && name.endsWith("Tensor") &&
    storageDtypes.has(name.slice(0, -"Tensor".length));
}

function countsOf(what: string, value: unknown): Shape {
  const counts = itemsOf(what, value).map((count) => countOf(what, count));
  if (counts.length <= mostAxes) return Object.freeze(counts);
  throw fault(
    opening,
    `${what} must have at most ${mostAxes} axes`,
    counts.length,
  );
}

/** A value for an error message. */
function shown(value: unknown): unknown {
  return typeof value === "object" ? kindOf(value) : value;
}
