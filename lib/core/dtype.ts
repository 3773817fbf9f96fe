/**
 * The element types of tensors: how each is stored, named and read.
 *
 * One row of {@linkcode dtypes} holds every fact about a dtype; nothing else
 * branches on names.
 *
 * @module
 */

import {
  bfloat16Bits,
  bfloat16Value,
  float16Bits,
  float16Value,
} from "./halves.ts";
import { cannot, describe, shownName, suggestion } from "./options.ts";
import {
  scaleBits,
  scaleValue,
  type SmallCodec,
  smallCodec,
  type SmallFloat,
} from "./small_floats.ts";

/**
 * The name of an element type of complex numbers, which are pairs: real part,
 * imaginary part.
 *
 * @internal
 */
export type ComplexDtype = "complex64" | "complex128";

/**
 * The name of a float of 8 bits or fewer: PyTorch's, and ml_dtypes' for the
 * four bits of which PyTorch counts pairs.
 *
 * @internal
 */
export type SmallFloatDtype =
  | "float8_e5m2"
  | "float8_e4m3fn"
  | "float8_e8m0fnu"
  | "float8_e4m3fnuz"
  | "float8_e5m2fnuz"
  | "float4_e2m1fn";

/**
 * The name of an element type whose bytes are kept and whose values are not
 * read: safetensors' floats of 6 bits, and NumPy's raw bytes, one or two an
 * element.
 *
 * @internal
 */
export type OpaqueDtype = "F6_E2M3" | "F6_E3M2" | "V1" | "V2";

/**
 * The typed array that stores each dtype: bit patterns for half precision and
 * less, two numbers an element for complex dtypes, the bytes of the file for
 * opaque dtypes.
 *
 * @internal
 */
export interface DtypeArrays
  extends Readonly<Record<SmallFloatDtype | OpaqueDtype, Uint8Array>> {
  /** IEEE 754 binary32. */
  readonly float32: Float32Array;
  /** IEEE 754 binary64. */
  readonly float64: Float64Array;
  /** IEEE 754 binary16, as bit patterns. */
  readonly float16: Uint16Array;
  /** The upper half of a binary32, as bit patterns. */
  readonly bfloat16: Uint16Array;
  /** Two binary32: the real part, then the imaginary part. */
  readonly complex64: Float32Array;
  /** Two binary64: the real part, then the imaginary part. */
  readonly complex128: Float64Array;
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

/** The name of an element type: PyTorch's, where it has one. */
export type Dtype = keyof DtypeArrays;

/** The floating-point dtypes that initializers fill and layers have. */
export type FloatDtype = "float32" | "float64" | "float16" | "bfloat16";

/** The array type that stores a dtype. */
export type DataOf<D extends Dtype> = DtypeArrays[D];

/** Facts about one dtype. */
interface DtypeInfo<D extends Dtype = Dtype> {
  /** What values are; those of opaque dtypes are not read. */
  readonly kind: "float" | "integer" | "bool" | "complex" | "opaque";
  /** Whether initializers fill it and layers have it. */
  readonly isFilled: boolean;
  /** Bits per element. */
  readonly bits: number;
  /** Stored numbers per element: two for complex dtypes. */
  readonly parts: 1 | 2;
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
  /** Returns the number that a stored number represents. */
  readonly decode: (stored: number | bigint) => number;
  /** Returns the stored number for a number; undefined if it does not fit. */
  readonly encode: (value: number | bigint) => number | bigint | undefined;
  /**
   * Returns the distance of two stored numbers, neither NaN, in units in the last
   * place: the number of steps to the next number from one to the other. 0 and
   * −0 are one number, and an infinity is next to the largest. Null where
   * storage has no bit patterns.
   */
  readonly steps: ((a: number, b: number) => number) | null;
  /** The name in safetensors headers; null where the format has no such type. */
  readonly safetensors: string | null;
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
  float8_e5m2: small("F8_E5M2", {
    exponent: 5,
    fraction: 2,
    bias: 15,
    largest: 57344,
    beyond: 0x7c,
    nan: 0x7f,
  }),
  float8_e4m3fn: small("F8_E4M3", {
    exponent: 4,
    fraction: 3,
    bias: 7,
    largest: 448,
    beyond: 0x7e,
    nan: 0x7f,
  }),
  float8_e8m0fnu: scale("F8_E8M0"),
  float8_e4m3fnuz: small("F8_E4M3FNUZ", {
    exponent: 4,
    fraction: 3,
    bias: 8,
    largest: 240,
    beyond: 0x80,
    nan: 0x80,
  }),
  float8_e5m2fnuz: small("F8_E5M2FNUZ", {
    exponent: 5,
    fraction: 2,
    bias: 16,
    largest: 57344,
    beyond: 0x80,
    nan: 0x80,
  }),
  float4_e2m1fn: small("F4", {
    exponent: 2,
    fraction: 1,
    bias: 1,
    largest: 6,
    beyond: 0x7,
    nan: undefined,
  }),
  complex64: complex(Float32Array, "C64", "<c8", (2 - 2 ** -23) * 2 ** 127),
  complex128: complex(Float64Array, null, "<c16", Number.MAX_VALUE),
  F6_E2M3: opaque("F6_E2M3", 6, "F6_E2M3", null),
  F6_E3M2: opaque("F6_E3M2", 6, "F6_E3M2", null),
  V1: opaque("V1", 8, null, "|V1"),
  V2: opaque("V2", 16, null, "|V2"),
};

/**
 * Returns whether a dtype holds fractions: real numbers, or complex ones made of
 * them, among which may be NaN, infinities and −0.
 *
 * @param dtype The dtype.
 */
export function isFractional(
  dtype: Dtype,
): dtype is FloatDtype | SmallFloatDtype | ComplexDtype {
  const { kind } = dtypes[dtype];
  return kind === "float" || kind === "complex";
}

/**
 * Returns how many bytes elements take; the last may take a part of its byte.
 *
 * @param dtype Their dtype.
 * @param count How many.
 */
export function bytesIn(dtype: Dtype, count: number): number {
  return Math.ceil(count * dtypes[dtype].bits / 8);
}

/**
 * Returns the function that reads stored numbers by their place: bit patterns
 * of fewer than 8 bits lie in their bytes from the lowest bit on.
 *
 * @param dtype The dtype; not one of 6 bits.
 * @param data The storage.
 */
export function readerOf(
  dtype: Dtype,
  data: DataOf<Dtype>,
): (place: number) => number | bigint {
  const { bits } = dtypes[dtype];
  if (bits >= 8) return (place) => data[place];
  const [perByte, mask] = [8 / bits, 2 ** bits - 1];
  return (place) =>
    Number(data[Math.floor(place / perByte)]) >> bits * (place % perByte) &
    mask;
}

/**
 * Returns the function that writes stored numbers by their place.
 *
 * @param dtype The dtype; not one of 6 bits.
 * @param data The storage.
 */
export function writerOf(
  dtype: Dtype,
  data: DataOf<Dtype>,
): (place: number, stored: number | bigint) => void {
  const { bits } = dtypes[dtype];
  if (bits >= 8) {
    return (place, stored) => {
      data[place] = stored;
    };
  }
  const [perByte, mask] = [8 / bits, 2 ** bits - 1];
  return (place, stored) => {
    const byte = Math.floor(place / perByte);
    const shift = bits * (place % perByte);
    data[byte] = Number(data[byte]) & ~(mask << shift) |
      Number(stored) << shift;
  };
}

/**
 * Returns a function that rounds numbers to the nearest that a dtype holds; the
 * parts, if it is complex.
 *
 * @param dtype The dtype.
 */
export function roundingOf(
  dtype: FloatDtype | SmallFloatDtype | ComplexDtype,
): (value: number) => number {
  const { allocate, decode, encode } = dtypes[dtype];
  if (allocate(0) instanceof Float32Array) return Math.fround;
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

/** Other names: PyTorch's, and those of files. */
const aliases: Readonly<Record<string, Dtype>> = {
  float: "float32",
  double: "float64",
  half: "float16",
  long: "int64",
  int: "int32",
  short: "int16",
  cfloat: "complex64",
  cdouble: "complex128",
  float4_e2m1fn_x2: "float4_e2m1fn",
  ...Object.fromEntries(
    Object.entries(dtypes).flatMap(([name, { safetensors }]) =>
      safetensors === null ? [] : [[safetensors, name as Dtype]]
    ),
  ),
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
 * The typed array that stores a dtype and no other; half precision and less
 * have none, nor have complex numbers.
 *
 * @internal
 */
export type OwnArrayOf<D extends Dtype> = D extends
  "float16" | "bfloat16" | "bool" | SmallFloatDtype | ComplexDtype | OpaqueDtype
  ? never
  : DataOf<D>;

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

/** Storage in which elements follow each other without gaps. */
function common<A>(
  array: ArrayClass<A>,
  safetensors: string | null,
  npy: string | null,
  bits = 8 * array.BYTES_PER_ELEMENT,
) {
  const numbers = (length: number) =>
    Math.ceil(length * bits / 8 / array.BYTES_PER_ELEMENT);
  return {
    isFilled: false,
    bits,
    parts: 1 as 1 | 2,
    allocate: (length: number) => new array(numbers(length)),
    view: (buffer: ArrayBufferLike, offset: number, length: number) =>
      new array(buffer, offset, numbers(length)),
    stores: (data: unknown) => data instanceof array,
    steps: null,
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
    isFilled: true,
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
    isFilled: true,
    largest,
    decode: (stored: number | bigint) => decode(Number(stored)),
    encode: (value: number | bigint) => encode(Number(value)),
    steps: stepsOf(15),
  };
}

function complex<A>(
  array: ArrayClass<A>,
  safetensors: string | null,
  npy: string,
  largest: number,
) {
  return {
    ...common(array, safetensors, npy, 16 * array.BYTES_PER_ELEMENT),
    kind: "complex" as const,
    parts: 2 as const,
    largest,
    decode: Number,
    encode: Number,
  };
}

/**
 * A row of floats of 8 bits and fewer. Their arithmetic is made when the first of
 * them is read or written.
 */
function small(safetensors: string, format: SmallFloat) {
  const { exponent, fraction, largest } = format;
  let made: SmallCodec | undefined;
  const codec = () => made ??= smallCodec(format);
  return {
    ...common(Uint8Array, safetensors, null, 1 + exponent + fraction),
    kind: "float" as const,
    largest,
    decode: (bits: number | bigint) => codec().decode(Number(bits)),
    encode: (value: number | bigint) => codec().encode(Number(value)),
    steps: stepsOf(exponent + fraction),
  };
}

/** A row of powers of two, by which blocks of other values are scaled. */
function scale(safetensors: string) {
  return {
    ...common(Uint8Array, safetensors, null),
    kind: "float" as const,
    largest: 2 ** 127,
    decode: (bits: number | bigint) => scaleValue(Number(bits)),
    encode: (value: number | bigint) => scaleBits(Number(value)),
    steps: (a: number, b: number) => Math.abs(a - b),
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

function opaque(
  name: OpaqueDtype,
  bits: number,
  safetensors: string | null,
  npy: string | null,
) {
  const refuse = (): never => {
    throw new TypeError(
      cannot(
        "read or write the values of a tensor",
        "its dtype must be one that is computed with",
        npy === null
          ? name
          : `${name}, bytes of a type that the file does not name: give { void } when it is read`,
      ),
    );
  };
  return {
    ...common(Uint8Array, safetensors, npy, bits),
    kind: "opaque" as const,
    largest: NaN,
    decode: refuse,
    encode: refuse,
  };
}

/** Counts the steps from one pattern to another: a sign and a size. */
function stepsOf(sizeBits: number): (a: number, b: number) => number {
  const sign = 2 ** sizeBits;
  const place = (bits: number) => bits < sign ? bits : sign - bits;
  return (a, b) => Math.abs(place(a) - place(b));
}
