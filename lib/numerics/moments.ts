/**
 * Moments of a few numbers, and of two groups with known moments.
 *
 * They lie in arrays of six: count, zeros, mean, squares, min and max. No
 * object with numbers in it is created here: V8 15.0 now and then let objects
 * share them that came from a loop's function while that was being compiled,
 * and a later call then changed an earlier one's result.
 *
 * @see `lib/numerics/kernels/assembly/statistics.ts`, which does the same four numbers at
 * a time
 *
 * @module
 */

import { readLength } from "./kernels/kernel.ts";
import {
  measureBlock as measureCompiled,
  readerOf,
} from "./kernels/statistics.ts";

/** Returns the moments of nothing. */
export function noMoments(): Float64Array {
  return Float64Array.of(0, 0, 0, 0, Infinity, -Infinity);
}

/**
 * Finds the moments of a block: the mean by the first value and what the others
 * differ from it, then the squares of what they differ from the mean. Every
 * fourth value goes to one sum.
 *
 * @param block The values, all finite.
 * @param count How many.
 * @param found What is filled with their moments.
 */
function measureBlock(
  block: Float64Array,
  count: number,
  found: Float64Array,
): void {
  if (count === 0) return found.set(noMoments());
  const mean = block[0] + sumFrom(block, count, block[0]) / count;
  found[0] = count;
  found[2] = mean;
  found[3] = squaresFrom(block, count, mean);
  findExtremes(block, count, found);
}

function sumFrom(block: Float64Array, count: number, from: number): number {
  const whole = count - count % 4;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += block[i] - from;
    b += block[i + 1] - from;
    c += block[i + 2] - from;
    d += block[i + 3] - from;
  }
  for (let i = whole; i < count; i++) a += block[i] - from;
  return (a + c) + (b + d);
}

function squaresFrom(block: Float64Array, count: number, from: number): number {
  const whole = count - count % 4;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += (block[i] - from) * (block[i] - from);
    b += (block[i + 1] - from) * (block[i + 1] - from);
    c += (block[i + 2] - from) * (block[i + 2] - from);
    d += (block[i + 3] - from) * (block[i + 3] - from);
  }
  for (let i = whole; i < count; i++) a += (block[i] - from) ** 2;
  return (a + c) + (b + d);
}

function findExtremes(
  block: Float64Array,
  count: number,
  found: Float64Array,
): void {
  let zeros = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = block[i];
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
  }
  found[1] = zeros;
  found[4] = min;
  found[5] = max;
}

/**
 * Adds the moments of a group to those of another.
 *
 * @param total The moments that become those of both.
 * @param part The moments that are added.
 * @see T. F. Chan, G. H. Golub, R. J. LeVeque (1983), Algorithms for computing
 * the sample variance: analysis and recommendations, The American Statistician
 * 37(3), equation 2.1
 */
export function addMoments(total: Float64Array, part: Float64Array): void {
  if (part[0] === 0) return;
  const count = total[0] + part[0];
  const share = part[0] / count;
  const apart = part[2] - total[2];
  total[2] += apart * share;
  total[3] += part[3] + apart * (apart * share * total[0]);
  total[0] = count;
  total[1] += part[1];
  if (part[4] < total[4]) total[4] = part[4];
  if (part[5] > total[5]) total[5] = part[5];
}

/** Numbers to read: a typed array or a plain one. */
export type Values = Readonly<ArrayLike<number>>;

/** The result of {@linkcode moments}. */
export interface Moments {
  /** How many values are finite; all else here is about these. */
  readonly count: number;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
  /** The mean; NaN if there is no finite value. */
  readonly mean: number;
  /** The standard deviation with n − 1; NaN below two finite values. */
  readonly sampleStd: number;
  /** The smallest value, never −0; NaN where there is none. */
  readonly min: number;
  /** The largest value, never −0; NaN where there is none. */
  readonly max: number;
  /** The share of values that are 0 or −0, in [0, 1]; NaN where there is none. */
  readonly zeroShare: number;
}

/**
 * Returns the mean, the sample standard deviation and the extremes of the
 * finite values.
 *
 * `sampleStd = sqrt(Σ(x − mean)² / (n − 1))`, the estimator of `torch.std`. One
 * pass in float64, by blocks of which each has its own mean, so a large mean does
 * not cost the digits of a small deviation, and equal values have none.
 *
 * @param values The numbers; NaN and infinities are left out and counted.
 *
 * @example
 * ```ts
 * import { moments } from "./moments.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { count, nonFinite, mean, sampleStd, zeroShare } = moments([0, 1, 2, NaN]);
 * assertEquals([count, nonFinite], [3, 1]);
 * assertEquals([mean, sampleStd], [1, 1]);
 * assertEquals(zeroShare, 1 / 3);
 * ```
 */
export function moments(values: Values): Moments {
  const [count, zeros, ...total] = gather(values);
  const [min, max] = total.slice(-2);
  const scale = scaleFor(min, max);
  const [mean, squares] = scale === 1
    ? total
    : gather(Float64Array.from(values, (value) => value * scale)).slice(2);
  return {
    count,
    nonFinite: values.length - count,
    mean: count === 0 ? NaN : mean / scale,
    sampleStd: count < 2 ? NaN : Math.sqrt(squares / (count - 1)) / scale,
    // Adding 0 makes −0 a plain 0.
    min: count === 0 ? NaN : min + 0,
    max: count === 0 ? NaN : max + 0,
    zeroShare: zeros / count,
  };
}

/** The scales at which sums and squares of some float64 stay in its range. */
export const scales = [1, 2 ** -600, 2 ** 600] as const;

/**
 * Returns the one of {@linkcode scales} by which values are multiplied before
 * they are summed: 1 unless they are near the ends of float64's range.
 *
 * @param min The smallest value.
 * @param max The largest value.
 */
export function scaleFor(min: number, max: number): typeof scales[number] {
  const size = Math.max(-min, max);
  const [as, smaller, larger] = scales;
  if (size > 2 ** 480) return smaller;
  return size > 0 && size < 2 ** -480 ? larger : as;
}

/** The pass over the values. */
function gather(values: Values): Float64Array {
  const reader = readerOf(values);
  const total = noMoments();
  const block = new Float64Array(Math.min(readLength, values.length));
  const found = noMoments();
  for (let start = 0; start < values.length; start += readLength) {
    const compiled = reader && measureCompiled(reader, start);
    if (compiled === undefined) {
      measureBlock(block, copyFinite(values, start, block), found);
    }
    addMoments(total, compiled ?? found);
  }
  return total;
}

/** Fills a block with the finite of the values from a place on; how many. */
function copyFinite(
  values: Values,
  start: number,
  block: Float64Array,
): number {
  const end = Math.min(values.length, start + readLength);
  let count = 0;
  for (let index = start; index < end; index++) {
    const value = values[index];
    // Only NaN and infinities differ from themselves less themselves.
    if (value - value === 0) block[count++] = value;
  }
  return count;
}
