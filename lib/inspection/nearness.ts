/**
 * Whether values could have been drawn from a distribution, by their moments and
 * their ends.
 *
 * @module
 */

import type { Dtype } from "../core/dtype.ts";
import type { Moments } from "../statistics/moments.ts";
import { stdError } from "../summary/expectation.ts";
import type { Law } from "./law.ts";
import type { Sample } from "./sample.ts";

/** What is known of a tensor's values. */
export interface Known {
  /** Their dtype. */
  readonly dtype: Dtype;
  /** The moments of those that are not 0. */
  readonly found: Moments;
  /** Some of them, or all. */
  readonly sample: Pick<Sample, "values" | "blocks">;
}

/**
 * Returns whether mean and std are near those of a law.
 *
 * @param law The law.
 * @param found The moments of the values.
 * @param errors How many standard errors they may be off.
 * @param share Or else, how much of the law's std. Default: nothing.
 */
export function isNear(
  law: Law,
  { count, mean, sampleStd }: Moments,
  errors: number,
  share = 0,
): boolean {
  const error = stdError(law.std, law.kurtosis, count);
  const off = Math.abs(sampleStd - law.std);
  const shift = Math.abs(mean - law.mean) / law.std;
  return (off <= errors * error || off <= share * law.std) &&
    shift <= errors / Math.sqrt(count) + share;
}

/**
 * Returns whether no value is beyond the ends of a law, but for rounding.
 *
 * @param law The law.
 * @param found The moments of the values.
 * @param dtype Their dtype.
 */
export function isInside(
  law: Law,
  { min, max }: Moments,
  dtype: Dtype,
): boolean {
  const allowed = roundingOf(law, dtype);
  return min >= law.low - allowed && max <= law.high + allowed;
}

/**
 * Returns whether the farthest values of a uniform are as near to its ends as
 * those of n are but once in a million times: within `ln(10⁶) / n` of its width.
 * Of other laws, true.
 *
 * @param law The law.
 * @param found The moments of the values.
 * @param dtype Their dtype.
 */
export function isReached(law: Law, found: Moments, dtype: Dtype): boolean {
  if (law.family !== "uniform") return true;
  const { count, min, max } = found;
  const far = (law.high - law.low) * Math.log(1e6) / count +
    roundingOf(law, dtype);
  return min <= law.low + far && max >= law.high - far;
}

function roundingOf({ high }: Law, dtype: Dtype): number {
  if (high === Infinity) return 0;
  const shares: Partial<Record<Dtype, number>> = {
    float16: 2 ** -10,
    bfloat16: 2 ** -7,
  };
  return high * (shares[dtype] ?? 2 ** -22);
}
