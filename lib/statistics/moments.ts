/**
 * Mean, standard deviation and extremes of many numbers in one pass.
 *
 * @module
 */

import { readLength } from "../kernels/kernel.ts";
import {
  measureBlock as measureCompiled,
  readerOf,
} from "../kernels/statistics.ts";
import { addMoments, measureBlock, noMoments } from "./block_moments.ts";

/** Numbers to read: a typed array or a plain one. */
export type Values = Readonly<ArrayLike<number>>;

/** What {@linkcode moments} finds. */
export interface Moments {
  /** How many values are finite; all else here is about these. */
  readonly count: number;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
  /** The mean; NaN where there is no finite value. */
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
  const [count, zeros, mean, squares, min, max] = gather(values);
  return {
    count,
    nonFinite: values.length - count,
    mean: count === 0 ? NaN : mean,
    sampleStd: count < 2 ? NaN : Math.sqrt(squares / (count - 1)),
    // Adding 0 makes −0 a plain 0.
    min: count === 0 ? NaN : min + 0,
    max: count === 0 ? NaN : max + 0,
    zeroShare: zeros / count,
  };
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
