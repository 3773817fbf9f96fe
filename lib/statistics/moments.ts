/**
 * Mean, standard deviation and extremes of many numbers in one pass.
 *
 * @module
 */

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
  /** The smallest value; NaN where there is none. */
  readonly min: number;
  /** The largest value; NaN where there is none. */
  readonly max: number;
  /** The share of values that are 0 or −0, in [0, 1]; NaN where there is none. */
  readonly zeroShare: number;
}

/**
 * Returns the mean, the sample standard deviation and the extremes of the
 * finite values.
 *
 * `sampleStd = sqrt(Σ(x − mean)² / (n − 1))`, the estimator of `torch.std`. One pass in
 * float64 that updates mean and squares value by value, so a large mean does
 * not cost the digits of a small deviation.
 *
 * @param values The numbers; NaN and infinities are left out and counted.
 * @see B. P. Welford (1962), Note on a method for calculating corrected sums
 * of squares and products, Technometrics 4(3)
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
    min: count === 0 ? NaN : min,
    max: count === 0 ? NaN : max,
    zeroShare: zeros / count,
  };
}

/**
 * The pass over the values. It makes no object with numbers in it: V8 15.0 now
 * and then let objects share them that came from a loop's function while that
 * was being compiled, and a later call then changed an earlier one's result.
 */
function gather(values: Values): Float64Array {
  let count = 0;
  let zeros = 0;
  let mean = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    // Only NaN and infinities differ from themselves less themselves.
    if (value - value !== 0) continue;
    count++;
    const before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
  }
  return Float64Array.of(count, zeros, mean, squares, min, max);
}
