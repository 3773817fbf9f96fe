/**
 * Moments of the normal distribution cut at both ends.
 *
 * @module
 */

import { normalShare } from "./erf.ts";

/** Mean and standard deviation. */
export interface MeanAndStd {
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
}

/**
 * Returns the mean and standard deviation of N(0, 1) cut to an interval.
 *
 * `m = (φ(lower) − φ(upper)) / Z`,
 * `var = 1 + (lower · φ(lower) − upper · φ(upper)) / Z − m²`, with Z the share
 * of N(0, 1) in the interval.
 *
 * @param lower The lower end, in units of std.
 * @param upper The upper end, in units of std, above `lower`.
 * @see Johnson, Kotz and Balakrishnan, "Continuous Univariate Distributions",
 * 1994, 13.10.1
 */
export function truncatedMoments(lower: number, upper: number): MeanAndStd {
  const share = normalShare(lower, upper);
  const [low, high] = [normalDensity(lower), normalDensity(upper)];
  const mean = (low - high) / share;
  // At an infinite end the product is 0.
  const [a, b] = [low && lower * low, high && upper * high];
  const variance = 1 + (a - b) / share - mean * mean;
  return { mean, std: Math.sqrt(Math.max(0, variance)) };
}

/**
 * Returns the density of N(0, 1).
 *
 * @param z The place.
 */
export function normalDensity(z: number): number {
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}
