/**
 * Measures how far two tensors are apart: in bits, in value, and in units in
 * the last place.
 *
 * @module
 */

import { type DataOf, type Dtype, dtypes, readerOf } from "../core/dtype.ts";
import { Tensor, valuesOf } from "../core/tensor.ts";
import { doubleUlps, singleUlps } from "./float.ts";

/**
 * How far two tensors of one dtype and shape are apart.
 *
 * @internal
 */
export interface Difference {
  /** How many elements were compared. */
  readonly elements: number;
  /**
   * How many of them differ in a bit: 0 and −0 do, and NaN of other bits. For
   * the opaque dtypes of 6 bits, the number of differing bytes.
   */
  readonly differing: number;
  /** How many are NaN in one tensor alone. */
  readonly oneNaN: number;
  /**
   * The largest |a − b|, computed in double, where neither is NaN; for complex
   * dtypes its modulus; null for dtypes whose values are not read.
   */
  readonly maxAbs: number | null;
  /**
   * The largest distance in units in the last place of the dtype, where neither
   * is NaN; for complex dtypes that of the parts; null for dtypes that are not
   * of fractions.
   */
  readonly maxUlps: number | null;
  /** The first element at which |a − b| is largest; null where none differs. */
  readonly place: number | null;
}

/**
 * Compares two tensors that come in parts.
 *
 * @example
 * ```ts
 * import { DifferenceMeter } from "./difference.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const meter = new DifferenceMeter("float32");
 * meter.add(new Float32Array([1, 2]), new Float32Array([1, 2 + 2 ** -22]));
 * assertEquals(meter.result(), {
 *   elements: 2,
 *   differing: 1,
 *   oneNaN: 0,
 *   maxAbs: 2 ** -22,
 *   maxUlps: 1,
 *   place: 1,
 * });
 * ```
 */
export class DifferenceMeter {
  readonly #dtype: Dtype;
  #elements = 0;
  #differing = 0;
  #oneNaN = 0;
  #maxAbs = 0;
  #maxUlps: number | null = null;
  #place: number | null = null;

  /**
   * Begins.
   *
   * @param dtype The element type of both tensors.
   */
  constructor(dtype: Dtype) {
    this.#dtype = dtype;
  }

  /**
   * Compares the next part of both.
   *
   * @param a The storage of a part of one tensor.
   * @param b That of the other, as long.
   * @param count How many elements they are. Default: as many as they hold.
   */
  add<D extends Dtype>(
    a: DataOf<D>,
    b: DataOf<D>,
    count: number = a.byteLength * 8 / dtypes[this.#dtype].bits,
  ): void {
    const [left, right] = [a, b].map((data) =>
      wordsOf(data, this.#dtype, count)
    );
    const { bits, kind } = dtypes[this.#dtype];
    // 1, 2 or 4 words an element, and 1 where an element is less.
    const shift = Math.max(0, Math.log2(bits / 8 / left.BYTES_PER_ELEMENT));
    const { distanceAt, ulpsAt } = distancesOf(a, b, this.#dtype, count);
    let [differing, maxAbs, maxUlps, place, last] = [
      0,
      this.#maxAbs,
      0,
      -1,
      -1,
    ];
    for (let i = 0; i < left.length; i++) {
      if (left[i] === right[i]) continue;
      const index = i >> shift;
      if (index === last) continue;
      last = index;
      differing++;
      if (kind === "opaque") continue;
      const distance = distanceAt(index);
      if (distance === oneNaN) this.#oneNaN++;
      if (!(distance >= 0)) continue;
      maxUlps = Math.max(maxUlps, ulpsAt?.(index) ?? 0);
      if (distance > maxAbs || this.#place === null && place === -1) {
        maxAbs = distance;
        place = index;
      }
    }
    if (place !== -1) this.#place = this.#elements + place;
    this.#differing += differing;
    this.#maxAbs = maxAbs;
    if (ulpsAt !== null) this.#maxUlps = Math.max(this.#maxUlps ?? 0, maxUlps);
    this.#elements += count;
  }

  /** Returns how far apart the tensors are as far as they were compared. */
  result(): Difference {
    const { kind } = dtypes[this.#dtype];
    return {
      elements: this.#elements,
      differing: this.#differing,
      oneNaN: this.#oneNaN,
      maxAbs: kind === "opaque" ? null : this.#maxAbs,
      maxUlps: this.#maxUlps,
      place: this.#place,
    };
  }
}

/** The distance between a number and NaN; that between NaN and NaN is NaN. */
export const oneNaN = -1;

/**
 * How far the elements of two tensors are apart, place by place.
 *
 * @internal
 */
export interface Distances {
  /** Returns |a − b|; {@linkcode oneNaN}, or NaN if both are. */
  readonly distanceAt: (index: number) => number;
  /** Returns the units in the last place; null for dtypes not of fractions. */
  readonly ulpsAt: ((index: number) => number) | null;
}

/**
 * Returns functions that measure how far two elements are apart. They throw for
 * dtypes whose values are not read.
 *
 * @param a The storage of one tensor.
 * @param b That of the other, as long.
 * @param dtype The element type of both.
 * @param count How many elements they are. Default: as many as they hold.
 */
export function distancesOf(
  a: DataOf<Dtype>,
  b: DataOf<Dtype>,
  dtype: Dtype,
  count: number = a.byteLength * 8 / dtypes[dtype].bits,
): Distances {
  const { kind } = dtypes[dtype];
  const hasUlps = kind === "float" || kind === "complex";
  const ulpsAt = hasUlps ? ulpsOf(a, b, dtype, count) : null;
  if (kind === "opaque") {
    const { decode } = dtypes[dtype];
    return { distanceAt: decode, ulpsAt };
  }
  if (isBig(a) && isBig(b)) {
    // Subtracted before they are rounded.
    const distanceAt = (i: number) => Math.abs(Number(a[i] - b[i]));
    return { distanceAt, ulpsAt };
  }
  const [left, right] = [a, b].map((data) =>
    valuesOf(new Tensor(data, [count], dtype))
  );
  if (kind === "complex") {
    const distanceAt = (i: number) => complexDistance(left, right, i);
    return { distanceAt, ulpsAt };
  }
  const distanceAt = (index: number) => {
    const x = left[index];
    const y = right[index];
    const distance = Math.abs(x - y);
    return Number.isNaN(distance) && Number.isNaN(x) !== Number.isNaN(y)
      ? oneNaN
      : distance;
  };
  return { distanceAt, ulpsAt };
}

function isBig(data: DataOf<Dtype>): data is BigInt64Array | BigUint64Array {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

/** A complex number is NaN if one of its parts is. */
function complexDistance(
  left: Readonly<ArrayLike<number>>,
  right: Readonly<ArrayLike<number>>,
  index: number,
): number {
  const [real, imaginary] = [2 * index, 2 * index + 1];
  const [x, y] = [left, right].map((values) =>
    Number.isNaN(values[real]) || Number.isNaN(values[imaginary])
  );
  if (x !== y) return oneNaN;
  return x ? NaN : Math.hypot(
    apart(left[real], right[real]),
    apart(left[imaginary], right[imaginary]),
  );
}

/** Two infinities of one sign are not apart. */
function apart(x: number, y: number): number {
  return x === y ? 0 : x - y;
}

function ulpsOf(
  a: DataOf<Dtype>,
  b: DataOf<Dtype>,
  dtype: Dtype,
  count: number,
): (index: number) => number {
  const ulpsAt = partUlpsOf(a, b, dtype, count);
  return dtypes[dtype].parts === 1
    ? ulpsAt
    : (index) => Math.max(ulpsAt(2 * index), ulpsAt(2 * index + 1));
}

/** The same for the parts of complex numbers, one after the other. */
function partUlpsOf(
  a: DataOf<Dtype>,
  b: DataOf<Dtype>,
  dtype: Dtype,
  count: number,
): (place: number) => number {
  const [left, right] = [a, b].map((data) => wordsOf(data, dtype, count));
  if (a instanceof Float64Array) {
    return (index) =>
      doubleUlps(
        { high: left[2 * index + 1], low: left[2 * index] },
        { high: right[2 * index + 1], low: right[2 * index] },
      );
  }
  const ulps = dtypes[dtype].steps ?? singleUlps;
  return (index) => ulps(left[index], right[index]);
}

/** Integers of at most 32 bits. */
type Words = Int32Array | Uint16Array | Uint8Array;

/** The storage as words: what is compared bit by bit. */
function wordsOf(data: DataOf<Dtype>, dtype: Dtype, count: number): Words {
  const { bits, kind } = dtypes[dtype];
  if (bits < 8 && kind !== "opaque") {
    const read = readerOf(dtype, data);
    return Uint8Array.from({ length: count }, (_, i) => Number(read(i)));
  }
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size } = data;
  if (size === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  return size === 2
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Int32Array(buffer, byteOffset, byteLength / 4);
}
