/**
 * Tensors as JSON, from which each bit of a number comes back.
 *
 * @module
 */

import {
  bytesIn,
  checkDtype,
  type DataOf,
  type Dtype,
  dtypes,
  isFractional,
  readerOf,
  writerOf,
} from "./dtype.ts";
import { cannot, describe, type Option, readOptions } from "./options.ts";
import { checkShape, elementCount, formatShape, type Shape } from "./shape.ts";

/**
 * A tensor as plain data that JSON holds.
 *
 * @internal
 */
export interface TensorJson<D extends Dtype> {
  /** The element type. */
  readonly dtype: D;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /**
   * The elements in row-major order; as text where JSON has no such number. Of a
   * complex one, the real part and then the imaginary part.
   */
  readonly data: readonly (number | string)[];
}

/** The parts of a tensor. */
interface Elements<D extends Dtype> {
  /** The element type. */
  readonly dtype: D;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** The elements. */
  readonly data: DataOf<D>;
}

const action = "make a tensor from JSON";

/** Any value; it is checked later. */
const given: Option<unknown> = { read: (_action, _name, value) => value };

const table = { dtype: given, shape: given, data: given };

/** Numbers that JSON has no way to write, or writes without their sign. */
const words: Readonly<Record<string, number>> = {
  "NaN": NaN,
  "Infinity": Infinity,
  "-Infinity": -Infinity,
  "-0": -0,
};

/**
 * Returns a tensor as plain data.
 *
 * @param elements The tensor.
 */
export function jsonOf<D extends Dtype>(
  { dtype, shape, data }: Elements<D>,
): TensorJson<D> {
  const { kind, decode, parts } = dtypes[dtype];
  const read: (place: number) => number | bigint = kind === "opaque"
    ? (place) => data[place]
    : readerOf(dtype, data);
  const length = kind === "opaque" ? data.length : parts * elementCount(shape);
  const write = (place: number) => {
    const element = read(place);
    if (typeof element === "bigint") return String(element);
    if (!isFractional(dtype)) return element;
    const value = decode(element);
    if (Object.is(value, -0)) return "-0";
    return Number.isFinite(value) ? value : String(value);
  };
  return { dtype, shape, data: Array.from({ length }, (_, i) => write(i)) };
}

/**
 * Returns the parts of the tensor that JSON describes.
 *
 * @param json What {@linkcode jsonOf} returned, or what was parsed from its
 * text.
 * @throws {TypeError} If it is no such data, or an element is of the wrong kind.
 * @throws {RangeError} If the elements are not as many as the shape says, or
 * one does not fit the dtype.
 */
export function elementsFrom(json: unknown): Elements<Dtype> {
  const { dtype, shape, data } = readOptions(action, json, table, {
    what: "its value",
  });
  checkDtype(action, dtype);
  checkShape(action, shape);
  if (!Array.isArray(data)) {
    throw new TypeError(
      cannot(action, "data must be an array", describe(data)),
    );
  }
  const { allocate, kind, parts } = dtypes[dtype];
  const elements = elementCount(shape);
  // Elements that are not read are written as bytes.
  const isOpaque = kind === "opaque";
  const count = isOpaque ? bytesIn(dtype, elements) : parts * elements;
  if (data.length !== count) {
    throw new RangeError(
      cannot(
        action,
        `data must have ${count} elements for shape ${formatShape(shape)}`,
        data.length,
      ),
    );
  }
  const result = allocate(elements);
  const stored = storedBy(dtype);
  const write = writerOf(isOpaque ? "uint8" : dtype, result);
  for (let index = 0; index < count; index++) {
    write(index, stored(data[index], index));
  }
  return { dtype, shape, data: result };
}

/** Returns a function that checks an element and returns it as it is stored. */
function storedBy(
  dtype: Dtype,
): (element: unknown, index: number) => number | bigint {
  const { kind, bits } = dtypes[dtype];
  const { encode } = dtypes[kind === "opaque" ? "uint8" : dtype];
  const isLong = kind === "integer" && bits === 64;
  const rule = isFractional(dtype)
    ? `a number or one of ${Object.keys(words).join(", ")}`
    : isLong
    ? "the digits of a whole number"
    : "a number";
  return (element, index) => {
    const value = isFractional(dtype) && typeof element === "string" &&
        Object.hasOwn(words, element)
      ? words[element]
      : isLong && typeof element === "string" && /^-?\d{1,20}$/.test(element)
      ? BigInt(element)
      : element;
    const isRead = typeof value === "bigint" ||
      typeof value === "number" && !(isLong && !Number.isSafeInteger(value));
    if (!isRead) {
      throw new TypeError(
        cannot(action, `data[${index}] must be ${rule}`, describe(element)),
      );
    }
    const stored = encode(value);
    if (stored !== undefined) return stored;
    throw new RangeError(
      cannot(action, `data[${index}] must fit ${dtype}`, describe(element)),
    );
  };
}
