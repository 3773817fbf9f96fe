/**
 * What a summary says of a tensor, and how sure it has to be.
 *
 * Each tensor whose values were drawn is tested twice, its standard deviation
 * and its mean. The level is `α / (2 · tensors)` a test (Bonferroni), so that of
 * all summaries of freshly filled tensors a share of at most α, or near that,
 * has any tensor that asks for attention.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import type { Tensor } from "../core/tensor.ts";
import { erfc } from "../math/erf.ts";
import type { Moments } from "../statistics/moments.ts";
import type { Expectation } from "./expectation.ts";
import type { SummaryRow, Verdict } from "./result.ts";
import { type Measured, scoresOf } from "./row.ts";

const quiet: readonly Verdict[] = ["empty", "unknown", "as expected"];

/** From so many values on, the std of a sample is taken for normal. */
const enough = 30;

/** Bits of the significand: an end of a distribution is rounded to them. */
const precision: Readonly<Record<string, number>> = {
  float16: 11,
  bfloat16: 8,
  float32: 24,
  float64: 53,
};

/**
 * Returns how many standard errors are too many: t with
 * `P(|N(0, 1)| > t) = α / (2 · tensors)`. Null where nothing is tested.
 *
 * @param alpha The chance of any false alarm, in (0, 1).
 * @param all All tensors of the summary.
 */
export function limitOf(
  alpha: number,
  all: readonly Measured[],
): number | null {
  const tensors = all.filter((one) => scoresOf(one).meanZ !== null).length;
  if (tensors === 0) return null;
  const level = alpha / (2 * tensors);
  let [low, high] = [0, 40];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (erfc(middle / Math.SQRT2) > level) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Returns what is to be said of a tensor, and whether it asks for attention.
 *
 * @param measured The tensor and what was measured.
 * @param limit How many standard errors are too many.
 */
export function judge(
  measured: Measured,
  limit: number | null,
): Pick<SummaryRow, "verdict" | "attention"> {
  const verdict = verdictOf(measured, limit ?? Infinity);
  const { expected } = measured;
  const attention = verdict === "constant"
    ? expected !== null
    : !quiet.includes(verdict);
  return { verdict, attention };
}

function verdictOf(measured: Measured, limit: number): Verdict {
  const { tensor, found, expected } = measured;
  const constant = found.count > 1 && found.min === found.max;
  if (tensor.numel() === 0) return "empty";
  if (found.nonFinite > 0) return "not finite";
  if (expected === null) {
    return constant && tensor.dtype !== "bool" ? "constant" : "unknown";
  }
  if (expected.std === 0) return constantVerdict(tensor, found, expected.mean);
  if (constant) return "constant";
  if (expected.kurtosis === null) {
    return fixedVerdict(tensor, found, expected.std);
  }
  const score = stdScore(measured, expected);
  if (score > limit || isOutside(tensor, found, expected)) return "wide";
  if (score < -limit) return "narrow";
  return isShifted(measured, expected, limit) ? "shifted" : "as expected";
}

/** Whether all values are the expected one, as the dtype stores it. */
function constantVerdict(
  { dtype }: Tensor,
  { min, max }: Moments,
  value: number,
): Verdict {
  const { encode, decode } = dtypes[dtype];
  if (min !== max) return "wide";
  const stored = dtype === "float32"
    ? Math.fround(value)
    : decode(encode(value)!);
  return min === stored ? "as expected" : "shifted";
}

/**
 * Whether the root mean square is the expected one but for rounding: the
 * squares of an orthogonal matrix have a sum that no chance changes,
 * `gain² · min(rows, columns)`.
 *
 * Rounded once to the dtype, each element is off by at most `2^−p` of itself,
 * with p bits of significand, and so is their root mean square. To this come the
 * QR decomposition and the sum of squares in double, whose errors grow at worst
 * with the number n of elements, times a small constant: of 33,800 small matrices
 * in double none was off by more than `2.25 · n · 2^−52`, and `n · 2^−50` is allowed.
 *
 * @see Higham, "Accuracy and Stability of Numerical Algorithms", 2002, 4.2 and
 * 19.3
 */
function fixedVerdict(
  { dtype }: Tensor,
  { count, mean, sampleStd }: Moments,
  expected: number,
): Verdict {
  const spread = count < 2 ? 0 : sampleStd * Math.sqrt((count - 1) / count);
  const excess = Math.hypot(mean, spread) / expected - 1;
  const rounding = 2 ** -precision[dtype] + count * 2 ** -50;
  if (Math.abs(excess) <= rounding) return "as expected";
  return excess > 0 ? "wide" : "narrow";
}

/**
 * How many standard errors the std is too large. The std of a small sample is
 * skewed: below 30 values it is taken for that of normals, whose square has
 * the χ² distribution with ν = n − 1. Lighter tails then raise fewer alarms.
 *
 * @see Wilson and Hilferty, 1931: the cube root of `χ² / ν` is nearly normal with
 * the mean `1 − 2/(9ν)` and the variance `2/(9ν)`
 */
function stdScore(measured: Measured, { std }: Expectation): number {
  const { count, sampleStd } = measured.found;
  if (count < 2) return 0;
  if (count >= enough) return scoresOf(measured).z!;
  const variance = 2 / (9 * (count - 1));
  return (Math.cbrt((sampleStd / std) ** 2) - 1 + variance) /
    Math.sqrt(variance);
}

/** Whether a value is where none is drawn, whatever the dtype rounds. */
function isOutside(
  { dtype }: Tensor,
  { min, max }: Moments,
  { low, high }: Expectation,
): boolean {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size === Infinity && low === -high) return false;
  const rounding = size === Infinity ? 0 : 2 * size * 2 ** -precision[dtype];
  return min < low - rounding || max > high + rounding;
}

/**
 * Whether the mean strays by more than chance and rounding. In half precision
 * the latter counts: values that round to the upper end become the lower one.
 */
function isShifted(
  { tensor, found }: Measured,
  { mean, std, low, high }: Expectation,
  limit: number,
): boolean {
  const error = std / Math.sqrt(found.count);
  const width = high - low;
  const rounding = width === Infinity
    ? 0
    : width * 2 ** -precision[tensor.dtype];
  return Math.abs(found.mean - mean) > limit * error + rounding;
}
