/**
 * The element types of tensors: how each is stored, named and read.
 *
 * One row of {@linkcode dtypes} holds every fact about a dtype; nothing else
 * branches on names.
 *
 * @module
 */

import { cannot, describe, shownName, suggestion } from "./options.ts";

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/**
 * Returns the number that a float16 bit pattern represents.
 *
 * @param bits The pattern, in [0, 65535].
 */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  // The same number as a float32, whose exponent is 112 larger.
  scratchBits[0] = (bits & 0x8000) << 16 | (exponent + 112) << 23 |
    fraction << 13;
  return scratch[0];
}

/**
 * Returns the float16 bit pattern nearest to a number.
 *
 * @param value Any number; beyond 65,504 it becomes an infinity.
 */
function float16Bits(value: number): number {
  const single = Math.fround(value);
  const sign = single < 0 || Object.is(single, -0) ? 0x8000 : 0;
  const size = Math.abs(single);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundHalfEven(size * 2 ** 24);
  scratch[0] = size;
  const exponent = (scratchBits[0] >>> 23) - 127;
  const fraction = roundHalfEven(size * 2 ** (10 - exponent)) - 1024;
  return sign | (((exponent + 15) << 10) + fraction);
}

/**
 * Returns the number that a bfloat16 bit pattern represents.
 *
 * @param bits The pattern, in [0, 65535].
 */
function bfloat16Value(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratch[0];
}

/**
 * Returns the bfloat16 bit pattern nearest to a number.
 *
 * @param value Any number.
 */
function bfloat16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  scratch[0] = value;
  const bits = scratchBits[0];
  const odd = (bits >>> 16) & 1;
  return (bits + 0x7fff + odd) >>> 16;
}

/** Rounds a number in [0, 2^31) to the nearest integer, ties to even. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor + (floor & 1);
}

/**
 * The name, as in safetensors, of an element type that tensors store but do not
 * compute with: eight bits and fewer, and complex numbers.
 *
 * @internal
 */
export type OpaqueDtype =
  | "F8_E5M2"
  | "F8_E4M3"
  | "F8_E8M0"
  | "F8_E4M3FNUZ"
  | "F8_E5M2FNUZ"
  | "F6_E2M3"
  | "F6_E3M2"
  | "F4"
  | "C64";

/**
 * The typed array that stores each dtype: bit patterns for half precision, the
 * bytes of the file for opaque dtypes.
 *
 * @internal
 */
export interface DtypeArrays extends Readonly<Record<OpaqueDtype, Uint8Array>> {
  /** IEEE 754 binary32. */
  readonly float32: Float32Array;
  /** IEEE 754 binary64. */
  readonly float64: Float64Array;
  /** IEEE 754 binary16, as bit patterns. */
  readonly float16: Uint16Array;
  /** The upper half of a binary32, as bit patterns. */
  readonly bfloat16: Uint16Array;
  /** Signed 64-bit integers. */
  readonly int64: BigInt64Array;
  /** Signed 32-bit integers. */
  readonly int32: Int32Array;
  /** Signed 16-bit integers. */
  readonly int16: Int16Array;
  /** Signed 8-bit integers. */
  readonly int8: Int8Array;
  /** Unsigned 64-bit integers. */
  readonly uint64: BigUint64Array;
  /** Unsigned 32-bit integers. */
  readonly uint32: Uint32Array;
  /** Unsigned 16-bit integers. */
  readonly uint16: Uint16Array;
  /** Unsigned 8-bit integers. */
  readonly uint8: Uint8Array;
  /** 0 or 1 in a byte. */
  readonly bool: Uint8Array;
}

/** The name of an element type; PyTorch's name, except for opaque ones. */
export type Dtype = keyof DtypeArrays;

/** The floating-point dtypes, which initializers fill. */
export type FloatDtype = "float32" | "float64" | "float16" | "bfloat16";

/** The array type that stores a dtype. */
export type DataOf<D extends Dtype> = DtypeArrays[D];

/** Facts about one dtype. */
interface DtypeInfo<D extends Dtype = Dtype> {
  /** Whether values are floating-point, integers, booleans or not read. */
  readonly kind: "float" | "integer" | "bool" | "opaque";
  /** Bits per element. */
  readonly bits: number;
  /** The largest finite double that it holds. */
  readonly largest: number;
  /** Makes zeroed storage for `length` elements. */
  readonly allocate: (length: number) => DataOf<D>;
  /** Makes storage for `length` elements in a buffer, from a byte on. */
  readonly view: (
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ) => DataOf<D>;
  /** Whether `data` is this dtype's storage. */
  readonly stores: (data: unknown) => boolean;
  /** Returns the number that a stored element represents. */
  readonly decode: (stored: number | bigint) => number;
  /** Returns the stored element for a number; undefined if it does not fit. */
  readonly encode: (value: number | bigint) => number | bigint | undefined;
  /** The name in safetensors headers. */
  readonly safetensors: string;
  /** The type string in npy headers; null where NumPy has no such type. */
  readonly npy: string | null;
}

/** Every dtype by name. */
export const dtypes: { readonly [D in Dtype]: DtypeInfo<D> } = {
  float32: real(Float32Array, "F32", "<f4", (2 - 2 ** -23) * 2 ** 127),
  float64: real(Float64Array, "F64", "<f8", Number.MAX_VALUE),
  float16: half("F16", "<f2", 65504, float16Value, float16Bits),
  bfloat16: half(
    "BF16",
    null,
    (2 - 2 ** -7) * 2 ** 127,
    bfloat16Value,
    bfloat16Bits,
  ),
  int64: {
    ...common(BigInt64Array, "I64", "<i8"),
    kind: "integer",
    largest: 2 ** 63 - 2 ** 10,
    decode: Number,
    encode: int64,
  },
  int32: integer(Int32Array, "I32", "<i4", -(2 ** 31), 2 ** 31 - 1),
  int16: integer(Int16Array, "I16", "<i2", -(2 ** 15), 2 ** 15 - 1),
  int8: integer(Int8Array, "I8", "|i1", -128, 127),
  uint64: {
    ...common(BigUint64Array, "U64", "<u8"),
    kind: "integer",
    largest: 2 ** 64 - 2 ** 11,
    decode: Number,
    encode: uint64,
  },
  uint32: integer(Uint32Array, "U32", "<u4", 0, 2 ** 32 - 1),
  uint16: integer(Uint16Array, "U16", "<u2", 0, 2 ** 16 - 1),
  uint8: integer(Uint8Array, "U8", "|u1", 0, 255),
  bool: { ...integer(Uint8Array, "BOOL", "|b1", 0, 1), kind: "bool" },
  F8_E5M2: opaque("F8_E5M2", 8),
  F8_E4M3: opaque("F8_E4M3", 8),
  F8_E8M0: opaque("F8_E8M0", 8),
  F8_E4M3FNUZ: opaque("F8_E4M3FNUZ", 8),
  F8_E5M2FNUZ: opaque("F8_E5M2FNUZ", 8),
  F6_E2M3: opaque("F6_E2M3", 6),
  F6_E3M2: opaque("F6_E3M2", 6),
  F4: opaque("F4", 4),
  C64: opaque("C64", 64),
};

/**
 * Returns a function that rounds numbers to the nearest that a dtype holds.
 *
 * @param dtype The dtype.
 */
export function roundingOf(dtype: FloatDtype): (value: number) => number {
  const { decode, encode } = dtypes[dtype];
  if (dtype === "float32") return Math.fround;
  return (value) => decode(encode(value)!);
}

/**
 * Checks that `name` is a dtype.
 *
 * @param action What is being done, for the error message.
 * @param name The name to check.
 * @throws {TypeError} If no dtype has that name.
 */
export function checkDtype(
  action: string,
  name: unknown,
): asserts name is Dtype {
  if (typeof name !== "string" || !Object.hasOwn(dtypes, name)) {
    throw new TypeError(
      cannot(
        action,
        `dtype must be one of ${Object.keys(dtypes).join(", ")}`,
        typeof name === "string"
          ? shownName(name) + hint(name)
          : describe(name),
      ),
    );
  }
}

/** PyTorch's other names. */
const aliases: Readonly<Record<string, Dtype>> = {
  float: "float32",
  double: "float64",
  half: "float16",
  long: "int64",
  int: "int32",
  short: "int16",
};

function hint(name: string): string {
  const bare = name.replace(/^torch\./, "");
  return Object.hasOwn(aliases, bare)
    ? `; did you mean ${aliases[bare]}?`
    : suggestion(bare, Object.keys(dtypes));
}

/**
 * A Float16Array, which not every version of TypeScript names.
 *
 * @internal
 */
export interface HalfArray extends ArrayBufferView, Iterable<number> {
  /** How many numbers it holds. */
  readonly length: number;
  /** The name of its class. */
  readonly [Symbol.toStringTag]: "Float16Array";
  /** The numbers. */
  readonly [index: number]: number;
}

/**
 * A typed array of numbers.
 *
 * @internal
 */
export type TypedArray =
  | HalfArray
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** The dtypes of typed arrays, by their classes' names. */
const arrayDtypes: Readonly<Record<string, Dtype>> = {
  Float32Array: "float32",
  Float64Array: "float64",
  Float16Array: "float16",
  BigInt64Array: "int64",
  BigUint64Array: "uint64",
  Int32Array: "int32",
  Uint32Array: "uint32",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int8Array: "int8",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
};

/**
 * The dtype of a typed array's numbers.
 *
 * @internal
 */
export type DtypeOf<A extends TypedArray> = A extends Float32Array ? "float32"
  : A extends Float64Array ? "float64"
  : A extends BigInt64Array ? "int64"
  : A extends BigUint64Array ? "uint64"
  : A extends Int32Array ? "int32"
  : A extends Uint32Array ? "uint32"
  : A extends Int16Array ? "int16"
  : A extends Uint16Array ? "uint16"
  : A extends Int8Array ? "int8"
  : A extends HalfArray ? "float16"
  : "uint8";

/**
 * The typed array that stores a dtype and no other; half precision has none.
 *
 * @internal
 */
export type OwnArrayOf<D extends Dtype> = D extends
  "float16" | "bfloat16" | "bool" | OpaqueDtype ? never : DataOf<D>;

/**
 * Returns a typed array's dtype and the same memory as its storage; undefined
 * if the value is no typed array.
 *
 * A Float16Array, which not every engine has, gives float16 by its bits.
 *
 * @param array Any value.
 *
 * @example
 * ```ts
 * import { storageOver } from "./dtype.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(storageOver(new Float32Array(2))?.dtype, "float32");
 * assertEquals(storageOver([1, 2]), undefined);
 * ```
 */
export function storageOver(
  array: unknown,
): { readonly dtype: Dtype; readonly data: DataOf<Dtype> } | undefined {
  if (!ArrayBuffer.isView(array)) return undefined;
  const { buffer, byteOffset } = array;
  const name = typedArrayName.call(array);
  if (name === undefined || !Object.hasOwn(arrayDtypes, name)) return undefined;
  const dtype = arrayDtypes[name];
  const { stores, view } = dtypes[dtype];
  const { length } = array as TypedArray;
  const data = stores(array) ? array : view(buffer, byteOffset, length);
  return { dtype, data: data as DataOf<Dtype> };
}

/** The class of a typed array from any realm; undefined for anything else. */
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get as (this: unknown) => string | undefined;

interface ArrayClass<A> {
  new (length: number): A;
  new (buffer: ArrayBufferLike, offset: number, length: number): A;
  readonly BYTES_PER_ELEMENT: number;
}

function common<A>(
  array: ArrayClass<A>,
  safetensors: string,
  npy: string | null,
) {
  return {
    bits: 8 * array.BYTES_PER_ELEMENT,
    allocate: (length: number) => new array(length),
    view: (buffer: ArrayBufferLike, offset: number, length: number) =>
      new array(buffer, offset, length),
    stores: (data: unknown) => data instanceof array,
    safetensors,
    npy,
  };
}

function real<A>(
  array: ArrayClass<A>,
  safetensors: string,
  npy: string,
  largest: number,
) {
  return {
    ...common(array, safetensors, npy),
    kind: "float" as const,
    largest,
    decode: Number,
    encode: Number,
  };
}

function half(
  safetensors: string,
  npy: string | null,
  largest: number,
  decode: (bits: number) => number,
  encode: (value: number) => number,
) {
  return {
    ...common(Uint16Array, safetensors, npy),
    kind: "float" as const,
    largest,
    decode: (stored: number | bigint) => decode(Number(stored)),
    encode: (value: number | bigint) => encode(Number(value)),
  };
}

function integer<A>(
  array: ArrayClass<A>,
  safetensors: string,
  npy: string,
  smallest: number,
  largest: number,
) {
  return {
    ...common(array, safetensors, npy),
    kind: "integer" as const,
    largest,
    decode: Number,
    encode: (value: number | bigint) => {
      const number = Number(value);
      const fits = Number.isInteger(number) && number >= smallest &&
        number <= largest;
      return fits ? number : undefined;
    },
  };
}

function int64(value: number | bigint): bigint | undefined {
  const whole = wholeOf(value);
  return whole === BigInt.asIntN(64, whole ?? 0n) ? whole : undefined;
}

function uint64(value: number | bigint): bigint | undefined {
  const whole = wholeOf(value);
  return whole === BigInt.asUintN(64, whole ?? 0n) ? whole : undefined;
}

function wholeOf(value: number | bigint): bigint | undefined {
  const fraction = typeof value === "number" && !Number.isInteger(value);
  return fraction ? undefined : BigInt(value);
}

/** Several elements together fill whole bytes; a single one may not. */
function opaque(name: OpaqueDtype, bits: number) {
  const refuse = (): never => {
    throw new TypeError(
      cannot(
        "read or write the values of a tensor",
        "its dtype must be one that is computed with",
        name,
      ),
    );
  };
  return {
    ...common(Uint8Array, name, null),
    kind: "opaque" as const,
    bits,
    largest: NaN,
    allocate: (length: number) => new Uint8Array(length * bits / 8),
    view: (buffer: ArrayBufferLike, offset: number, length: number) =>
      new Uint8Array(buffer, offset, length * bits / 8),
    decode: refuse,
    encode: refuse,
  };
}
