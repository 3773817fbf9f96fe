/**
 * The statistics of one quantity at one layer, measured and expected.
 *
 * @module
 */

import { type Histogram, histogram } from "../statistics/histogram.ts";
import { moments } from "../statistics/moments.ts";

/** What mean-field theory expects. */
export interface Expectation {
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
}

/** What was measured at a layer, over all inputs of the batch. */
export interface Signal {
  /** How many values are finite; all else here is about these. */
  readonly count: number;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
  /** The mean. */
  readonly mean: number;
  /** The standard deviation, with n − 1. */
  readonly std: number;
  /** The smallest value. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
  /** The share of values that are 0, in [0, 1]. */
  readonly zeroShare: number;
  /** What mean-field theory expects; null where it does not hold. */
  readonly expected: Expectation | null;
  /** How the values are distributed; null where that was not asked for. */
  readonly histogram: Histogram | null;
}

/** Bins end here, in standard deviations from the mean, or at the last value. */
const reach = 5;

/**
 * Returns the statistics of values.
 *
 * @param values The values.
 * @param expected What was expected of them.
 * @param bins How many bins their histogram has; 0 for no histogram.
 */
export function signalOf(
  values: Float64Array,
  expected: Expectation | null,
  bins: number,
): Signal {
  const { sampleStd: std, ...found } = moments(values);
  const { count, nonFinite, mean, min, max, zeroShare } = found;
  return {
    ...{ count, nonFinite, mean, std, min, max, zeroShare, expected },
    histogram: bins === 0 || !(max > min)
      ? null
      : histogram(values, edgesOf(found, std, bins)),
  };
}

/** Equal bins over the values, without the far tails. */
function edgesOf(
  { mean, min, max }: { mean: number; min: number; max: number },
  std: number,
  bins: number,
): number[] {
  const low = Math.max(min, mean - reach * std);
  const high = Math.min(max, mean + reach * std);
  return Array.from(
    { length: bins + 1 },
    (_, index) => low * ((bins - index) / bins) + high * (index / bins),
  );
}
