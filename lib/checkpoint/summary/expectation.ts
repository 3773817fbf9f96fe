/**
 * What is expected of the values that an initializer left: mean, standard
 * deviation, tails and ends, and how far a sample strays from them by chance.
 *
 * @module
 */

import type { Theory } from "../../init/theory.ts";
import { truncatedKurtosis } from "../../numerics/special.ts";

/** What a tensor's values are expected to be. */
export interface Expectation {
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
  /**
   * The mean of `((x − mean) / std)⁴`: the heavier the tails, the more the
   * standard deviation of a sample strays. Null where it does not stray: there is
   * no spread, or the sum of squares is fixed, as in an orthogonal matrix.
   */
  readonly kurtosis: number | null;
  /** The end below which there is no value; −∞ where there is none. */
  readonly low: number;
  /** The end above which there is no value; ∞ where there is none. */
  readonly high: number;
}

/**
 * Returns what a tensor's values are expected to be.
 *
 * Of a share p that was not set to 0 after the draw,
 * `mean = p · μ` and `std² = p · σ² + p · (1 − p) · μ²`.
 *
 * @param theory What it was filled from.
 * @param elements How many elements it has.
 */
export function expectationOf(theory: Theory, elements: number): Expectation {
  const { mean, std, zeroed = 0 } = theory;
  const share = 1 - zeroed / Math.max(1, elements);
  const [low, high] = endsOf(theory);
  return {
    mean: share * mean,
    std: Math.sqrt(share * std ** 2 + share * (1 - share) * mean ** 2),
    kurtosis: std > 0 ? kurtosisOf(theory) : null,
    low: zeroed > 0 ? Math.min(low, 0) : low,
    high: zeroed > 0 ? Math.max(high, 0) : high,
  };
}

/**
 * Returns the standard error of the standard deviation of a sample:
 * `std · sqrt((κ − 1) / (4n))`, with the kurtosis κ 9/5 of a uniform, 3 of a
 * normal, and that of what is left of a truncated normal. For large n.
 *
 * @param std The standard deviation that the values are drawn with.
 * @param kurtosis Their kurtosis.
 * @param count How many there are.
 * @see Cramér, "Mathematical Methods of Statistics", 1946, 27.4 and 28.4
 */
export function stdError(std: number, kurtosis: number, count: number): number {
  return std * Math.sqrt((kurtosis - 1) / (4 * count));
}

function endsOf({ mean, bound, cut }: Theory): readonly [number, number] {
  if (cut !== undefined) return [cut.low, cut.high];
  return bound === null ? [-Infinity, Infinity] : [mean - bound, mean + bound];
}

function kurtosisOf({ distribution, cut }: Theory): number | null {
  if (distribution === "uniform") return 9 / 5;
  if (distribution === "normal") return 3;
  if (cut === undefined) return null;
  const { mean, std, low, high } = cut;
  return truncatedKurtosis((low - mean) / std, (high - mean) / std);
}
