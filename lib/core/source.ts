/**
 * Sources of weights: anything that holds numbers in memory, and checkpoints,
 * which are read one tensor at a time.
 *
 * @module
 */

import { bytesIn, type Dtype, dtypes, type TypedArray } from "./dtype.ts";
import {
  cannot,
  checkCount,
  describe,
  isPlain,
  quoted,
  suggestion,
  withDefaults,
} from "./options.ts";
import { type ForeignTensor, fromForeign, isForeign } from "./foreign.ts";
import { elementCount, type Shape } from "./shape.ts";
import { checkMemory, type Nested, Tensor, tensor } from "./tensor.ts";

/**
 * A layer or a model, of this library or another.
 *
 * @internal
 */
export interface ParameterOwner {
  /** Returns its parameters with their names. */
  namedParameters(): Iterable<readonly [string, Tensor]>;
  /** Returns its parameters and buffers by name. */
  stateDict?(): Readonly<Record<string, Tensor>>;
}

/**
 * Named weights in memory: a layer or model, or tensors by name.
 *
 * @internal
 */
export type NamedWeights =
  | ParameterOwner
  | Readonly<Record<string, Tensor | ForeignTensor>>
  | ReadonlyMap<string, Tensor | ForeignTensor>;

/**
 * Weights in memory: a tensor, a number, a typed array, these in nested arrays, a
 * layer or model, or tensors by name. A tensor may be that of onnxruntime,
 * transformers.js or TensorFlow.js.
 */
export type Weights =
  | Tensor
  | ForeignTensor
  | Nested<number | TypedArray>
  | NamedWeights;

/**
 * Weights anywhere: in memory, in an opened checkpoint, or in a file or folder
 * by its path or URL.
 */
export type Source = Weights | Checkpoint | URL | string;

/**
 * A result that is immediate for weights in memory, and a promise for others.
 *
 * @internal
 */
export type Over<S, T> = S extends Checkpoint | URL | string ? Promise<T> : T;

/** A tensor and its name; "" for a single tensor. */
export type Named = readonly [name: string, tensor: Tensor];

/** How a file rounds the values of a tensor. */
export interface Quantization {
  /** What the file stores. */
  readonly dtype: "uint8" | "uint16" | "float16" | "int8" | "int32";
  /** The distance of levels; 1 for float16; NaN if it differs along an axis. */
  readonly scale: number;
  /** The value of level 0; 0 for float16; NaN if it differs along an axis. */
  readonly min: number;
}

/** Facts that a checkpoint states about a tensor before its values are read. */
export interface TensorInfo {
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes, outermost first. */
  readonly shape: Shape;
  /** How many bytes the file holds for it. */
  readonly bytes: number;
  /** How the file rounds its values; absent if it does not. */
  readonly quantization?: Quantization;
}

/**
 * What the axes of weights stand for: `torch` is (out, in, kernel…), `hwio`, of
 * TensorFlow, Keras and JAX, (kernel…, in, out), and `ohwi`, of MLX, (out,
 * kernel…, in).
 *
 * @internal
 */
export type Layout = "torch" | "hwio" | "ohwi";

/**
 * A tensor that is in a checkpoint, but that `read` refuses.
 *
 * @internal
 */
export interface Unread {
  /** The element type, as the file names it. */
  readonly dtype: string;
  /** Sizes along the axes, outermost first. */
  readonly shape: Shape;
  /** Why it is not read. */
  readonly reason: string;
}

/**
 * Which elements of a tensor are read, in row-major order.
 *
 * @internal
 */
export interface ElementRange {
  /** The first element. Default: 0. */
  readonly start?: number;
  /** One beyond the last. Default: the number of elements. */
  readonly end?: number;
}

/** Tensors by name, read one at a time. */
export interface Checkpoint {
  /** Metadata of the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What each tensor is, by name, in the file's order. */
  readonly tensors: Readonly<Record<string, TensorInfo>>;
  /** What the axes of its weights stand for. Absent: unknown. */
  readonly layout?: Layout;
  /** The tensors that cannot be read, by name. Absent: none. */
  readonly unread?: Readonly<Record<string, Unread>>;
  /** Sentences about the file that a reader of it should know. Absent: none. */
  readonly notes?: readonly string[];
  /**
   * Returns a tensor; with a range, those of its elements as a vector. With a
   * range it reads only these bytes, so a tensor larger than memory can be read
   * in parts.
   *
   * @param name The tensor's name.
   * @param range Which elements. Default: all, in the tensor's shape.
   * @throws {RangeError} If there is no such tensor, or no such elements.
   * @throws {TypeError} If the tensor is among the unread ones.
   * @throws {SyntaxError} If the bytes do not parse, or are not all there.
   */
  read(name: string, range?: ElementRange): Promise<Tensor>;
}

/** A part of a tensor's storage, and the shape in which it is given. */
interface Part {
  /** The first byte, from the tensor's first on. */
  readonly offset: number;
  /** How many bytes. */
  readonly length: number;
  /** The shape of the tensor that is made of them. */
  readonly shape: Shape;
}

/** Whether to include a model's buffers, and tied tensors under each name. */
type Members = "parameters" | "state";

const quantized = new WeakMap<Tensor, Quantization>();

/** Orders of records, which by themselves list names such as "0" first. */
const orders = new WeakMap<object, readonly string[]>();

/**
 * Returns a record of the entries that remembers their order.
 *
 * @param entries Names and values.
 */
export function recordOf<T>(
  entries: Iterable<readonly [string, T]>,
): Record<string, T> {
  const all = entries instanceof Map ? entries : new Map(entries);
  const record: Record<string, T> = Object.fromEntries(all);
  // Other names keep their order by themselves.
  if ([...all.keys()].some((name) => /^\d+$/.test(name))) {
    orders.set(record, [...all.keys()]);
  }
  return record;
}

/** The layouts. */
export const layouts: readonly Layout[] = ["torch", "hwio", "ohwi"];

/**
 * Checks a layout.
 *
 * @param action What is being done, for the error message.
 * @param layout The layout; undefined for none.
 * @throws {RangeError} If it is none of them.
 */
export function checkLayout(
  action: string,
  layout: unknown,
): asserts layout is Layout | undefined {
  if (layout === undefined || layouts.includes(layout as Layout)) return;
  throw new RangeError(
    cannot(
      action,
      `layout must be one of ${layouts.join(", ")}`,
      describe(layout),
    ),
  );
}

/**
 * Returns the layout that the names of tensors tell: PyTorch's weights end in
 * `weight`, those of Keras and Flax in `kernel`. Undefined if they tell none, or
 * both.
 *
 * @param names The names.
 */
export function layoutByNames(names: readonly string[]): Layout | undefined {
  const [torch, hwio] = ["weight", "kernel"].map((word) =>
    names.some((name) => name.split(/[./]/).at(-1) === word)
  );
  if (torch === hwio) return undefined;
  return torch ? "torch" : "hwio";
}

/**
 * Returns the prefixes, each up to a dot, that all names have, the shortest
 * first.
 *
 * @param names The names.
 */
export function sharedPrefixes(names: readonly string[]): string[] {
  const [first = ""] = names;
  return [...first.matchAll(/\./g)]
    .map(({ index }) => first.slice(0, index + 1))
    .filter((prefix) => names.every((name) => name.startsWith(prefix)));
}

/**
 * Returns the names of a record, in the order of what it was made from.
 *
 * @param record The record.
 */
export function namesOf(record: object): readonly string[] {
  return orders.get(record) ?? Object.keys(record);
}

/**
 * Returns the facts about a tensor.
 *
 * @param action What is being done, for the error message.
 * @param tensors The facts, by name.
 * @param name The tensor's name.
 * @throws {RangeError} If there is no such tensor.
 */
export function infoOf<T>(
  action: string,
  tensors: Readonly<Record<string, T>>,
  name: string,
): T {
  if (!Object.hasOwn(tensors, name)) {
    throw new RangeError(
      cannot(
        action,
        `the name must be one of its ${Object.keys(tensors).length} tensors`,
        describe(name),
      ),
    );
  }
  return tensors[name];
}

/**
 * Returns the bytes of a range of a tensor.
 *
 * @param action What is being done, for the error message.
 * @param info The tensor.
 * @param range The range; undefined for the whole.
 * @throws {RangeError} If the tensor has no such elements, or they fill no
 * whole bytes.
 */
export function partOf(
  action: string,
  { dtype, shape }: Pick<TensorInfo, "dtype" | "shape">,
  range: ElementRange | undefined,
): Part {
  const count = elementCount(shape);
  const { bits } = dtypes[dtype];
  if (range === undefined) {
    return { offset: 0, length: bytesIn(dtype, count), shape };
  }
  const { start, end } = withDefaults(action, range, { start: 0, end: count });
  checkCount(action, "start", start, 0);
  checkCount(action, "end", end, start);
  const [offset, length] = [start * bits / 8, bytesIn(dtype, end - start)];
  // Only the last element may end within a byte.
  const isWhole = Number.isInteger(offset) &&
    (end === count || length * 8 === (end - start) * bits);
  if (end > count || !isWhole) {
    throw new RangeError(
      cannot(
        action,
        `its elements must be among ${count} and fill whole bytes`,
        `${start} to ${end}`,
      ),
    );
  }
  return { offset, length, shape: [end - start] };
}

/**
 * Returns how the file rounded a tensor's values; undefined if it did not.
 *
 * A tensor that was read from uint8 has at most 256 different values: a
 * histogram shows combs, and a test of its distribution sees steps. Views and
 * copies lose this information.
 *
 * @param tensor The tensor.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { quantizationOf } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quantizationOf(tensor([1, 2])), undefined);
 * ```
 */
export function quantizationOf(tensor: Tensor): Quantization | undefined {
  return quantized.get(tensor);
}

/**
 * Marks a tensor as read from rounded values.
 *
 * @param tensor The tensor.
 * @param quantization How they are rounded.
 */
export function setQuantization(
  tensor: Tensor,
  quantization: Quantization,
): void {
  quantized.set(tensor, quantization);
}

/**
 * Returns the tensors of weights in memory, each with its name.
 *
 * @param action What is being done, for the error message.
 * @param weights The weights. A typed array is not copied.
 * @param members What to take of a model: its parameters, each once; or its
 * state, which includes buffers and lists tied tensors under each of their
 * names. Default: parameters.
 * @param files Whether the caller takes files, too, for the error message.
 * Default: false.
 * @throws {TypeError} If it is none of the kinds of weights.
 * @throws {RangeError} If rows of nested numbers differ in length.
 */
export function tensorsOf(
  action: string,
  weights: unknown,
  members: Members = "parameters",
  files = false,
): Named[] {
  const alone = loneTensor(weights, action);
  if (alone !== undefined) {
    checkMemory(action, alone);
    return [["", alone]];
  }
  const kinds = "a tensor, numbers, a layer or model, ";
  return namedTensors(
    action,
    weights,
    members,
    files
      ? `${kinds}tensors by name, a checkpoint, a path or a URL`
      : `${kinds}or tensors by name`,
  );
}

/**
 * Returns the tensors of named weights in memory.
 *
 * @param action What is being done, for the error message.
 * @param weights The weights; no tensor, array or number alone.
 * @param members Of a model: its parameters, each once; or its state.
 * @param kinds What may be given, for the error message.
 * @throws {TypeError} If it is none of these.
 */
export function namedTensors(
  action: string,
  weights: unknown,
  members: Members,
  kinds = "a layer or model, or tensors by name",
): Named[] {
  if (isLocation(weights) || isCheckpoint(weights)) {
    throw new TypeError(
      cannot(
        action,
        "weights must be in memory; read the tensor first: (await openCheckpoint(path)).read(name)",
        isCheckpoint(weights)
          ? "an opened checkpoint"
          : weights instanceof URL
          ? `the URL ${quoted(weights.href)}`
          : describe(weights),
      ),
    );
  }
  const entries = entriesOf(weights, members);
  const wrong = entries?.find(([name, value]) =>
    typeof name !== "string" ||
    !(value instanceof Tensor || isForeign(value))
  );
  if (entries === undefined || wrong !== undefined) {
    throw new TypeError(
      cannot(
        action,
        `weights must be ${kinds}`,
        wrong === undefined
          ? describe(weights)
          : `${describe(wrong[0])}: ${describe(wrong[1])}`,
      ),
    );
  }
  const seen = new Set<unknown>();
  const kept = members === "state"
    ? entries
    : entries.filter(([, each]) => !seen.has(each) && seen.add(each));
  return (kept as [string, Tensor | ForeignTensor][]).map(([name, each]) => {
    const tensor = each instanceof Tensor
      ? each
      : fromForeign(action, each, name);
    checkMemory(action, tensor, name);
    return [name, tensor];
  });
}

/**
 * Returns the name of one of several tensors: the requested one, or else the
 * only one, or else `weight`.
 *
 * @param action What is being done, for the error message.
 * @param names The tensors' names; "" for one without a name.
 * @param parameter The requested name.
 * @throws {RangeError} If no tensor has the name.
 * @throws {TypeError} If a name is requested but the tensor has none.
 */
export function pick(
  action: string,
  names: readonly string[],
  parameter?: string,
): string {
  if (names.length === 1) {
    const [only] = names;
    if (only === "") checkAlone(action, parameter);
    if (parameter === undefined) return only;
  }
  if (names.length === 0) {
    throw new RangeError(
      cannot(action, "there must be a parameter", "none"),
    );
  }
  const wanted = parameter === undefined ? "weight" : parameter;
  if (names.includes(wanted)) return wanted;
  throw new RangeError(
    cannot(
      action,
      `parameter must be the name of one of ${names.length} tensors, such as ${
        names.slice(0, 3).join(", ")
      }`,
      describe(wanted) + suggestion(wanted, names),
    ),
  );
}

/**
 * Refuses the name of a parameter where there is none to pick.
 *
 * @param action What is being done, for the error message.
 * @param parameter The requested name.
 * @throws {TypeError} If a name is requested.
 */
export function checkAlone(
  action: string,
  parameter: string | undefined,
): void {
  if (parameter === undefined) return;
  throw new TypeError(
    cannot(
      action,
      "parameter must be left out with a single tensor",
      describe(parameter),
    ),
  );
}

/**
 * Returns whether a source is a path or a URL.
 *
 * @param source Any value.
 */
export function isLocation(source: unknown): source is string | URL {
  return typeof source === "string" || source instanceof URL;
}

/**
 * Returns whether a source is an opened checkpoint. A model, which has named
 * parameters, is none, whatever its other members.
 *
 * @param source Any value.
 */
export function isCheckpoint(source: unknown): source is Checkpoint {
  const { read, tensors, namedParameters } = (source ?? {}) as Partial<
    Checkpoint & ParameterOwner
  >;
  return typeof read === "function" && typeof tensors === "object" &&
    tensors !== null && typeof namedParameters !== "function";
}

/**
 * Returns a tensor, a typed array or nested numbers as a tensor; undefined for
 * anything else.
 *
 * @param weights Any value. A typed array is not copied, nor is the memory of
 * another library's tensor.
 * @param action What is being done, for the error message.
 * @throws {RangeError} If rows of nested numbers differ in length.
 */
export function loneTensor(
  weights: unknown,
  action: string,
): Tensor | undefined {
  if (weights instanceof Tensor) return weights;
  if (typeof weights === "number" || Array.isArray(weights)) {
    checkNumbers(action, weights);
    return tensor(weights as Nested<number>);
  }
  return isForeign(weights) ? fromForeign(action, weights, "") : undefined;
}

/** A list of tensors or layers is none of numbers. */
function checkNumbers(action: string, weights: unknown): void {
  const [first] = Array.isArray(weights) ? weights : [];
  const isNumbers = typeof first !== "object" || first === null ||
    Array.isArray(first) || ArrayBuffer.isView(first);
  if (isNumbers) return;
  throw new TypeError(
    cannot(
      action,
      "what a list holds must be numbers; tensors and layers need names, as in { a, b }",
      `[${describe(first)}, …]`,
    ),
  );
}

/** Names and their values; undefined for a value without names. */
function entriesOf(
  weights: unknown,
  members: Members,
): (readonly [unknown, unknown])[] | undefined {
  if (weights instanceof Map) return [...weights];
  const owner = weights as Partial<ParameterOwner> | null | undefined;
  // A record may have tensors under these names; a model has functions.
  const hasParameters = typeof owner?.namedParameters === "function";
  const hasState = typeof owner?.stateDict === "function";
  if (hasState && (members === "state" || !hasParameters)) {
    return recordEntries(owner.stateDict!());
  }
  if (!hasParameters) return recordEntries(weights);
  const parameters: unknown = owner.namedParameters!();
  return typeof parameters === "object" && parameters !== null &&
      Symbol.iterator in parameters
    ? [...parameters as Iterable<readonly [unknown, unknown]>]
    : undefined;
}

/** A promise or a class instance is no record, not even an empty one. */
function recordEntries(
  record: unknown,
): (readonly [unknown, unknown])[] | undefined {
  if (record instanceof Map) return [...record];
  return isPlain(record) ? Object.entries(record) : undefined;
}
