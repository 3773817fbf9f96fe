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

import { type Dtype, dtypes } from "../../core/dtype.ts";
import {
  cannot,
  checkFinite,
  describe,
  withDefaults,
} from "../../core/options.ts";
import { type HtmlOptions, showAs } from "../../core/show.ts";
import { quantizationOf } from "../../core/source.ts";
import { Tensor, valuesOf } from "../../core/tensor.ts";
import { fan, type FanLayout } from "../../init/scaling.ts";
import { theoryOf } from "../../init/theory.ts";
import { type Moments, moments } from "../../numerics/moments.ts";
import { erfc } from "../../numerics/special.ts";
import type { ParameterOwner } from "../../core/source.ts";
import { type Expectation, expectationOf, stdError } from "./expectation.ts";
import type { Summary, SummaryRow, Verdict } from "./result.ts";
import { summaryText } from "./text.ts";

/** A tensor that was measured, before it is judged. */
interface Measured {
  /** Its name. */
  readonly name: string;
  /** The tensor. */
  readonly tensor: Tensor;
  /** The moments of its values. */
  readonly found: Moments;
  /** What is expected of them; null where that is not known. */
  readonly expected: Expectation | null;
}

/**
 * Returns what a tensor's values are and what they are expected to be. One pass
 * over the values.
 *
 * @param name The tensor's name.
 * @param tensor The tensor.
 */
function measure(name: string, tensor: Tensor): Measured {
  const theory = theoryOf(tensor);
  return {
    name,
    tensor,
    found: moments(valuesOf(tensor)),
    expected: theory === undefined
      ? null
      : expectationOf(theory, tensor.numel()),
  };
}

/**
 * Returns the row of a tensor.
 *
 * @param measured The tensor and what was measured.
 * @param judgment What is to be said of it.
 * @param axes The axes by what they count. Default: PyTorch's.
 */
function rowOf(
  measured: Measured,
  judgment: Pick<SummaryRow, "verdict" | "attention">,
  axes: FanLayout | undefined,
): SummaryRow {
  const { name, tensor, found, expected } = measured;
  const { shape, dtype } = tensor;
  const { kind } = dtypes[dtype];
  const counts = kind === "float" && shape.length >= 2
    ? fan(shape, { axes })
    : null;
  return {
    name,
    shape,
    dtype,
    elements: tensor.numel(),
    quantized: quantizationOf(tensor)?.dtype ?? null,
    fanIn: counts?.fanIn ?? null,
    fanOut: counts?.fanOut ?? null,
    initializer: theoryOf(tensor)?.name ?? null,
    expectedMean: expected?.mean ?? null,
    expectedStd: expected?.std ?? null,
    ...numbersOf(found, dtype),
    ...scoresOf(measured),
    ...judgment,
  };
}

/**
 * Returns the moments of a tensor as plain data; null where there is no such
 * number, and for truth values.
 *
 * @param found The moments.
 * @param dtype The tensor's dtype.
 */
export function numbersOf(
  found: Moments,
  dtype: Dtype,
): Pick<
  SummaryRow,
  "mean" | "std" | "min" | "max" | "zeroShare" | "nonFinite"
> {
  const number = (value: number) =>
    dtypes[dtype].kind === "bool" || Number.isNaN(value) ? null : value;
  return {
    mean: number(found.mean),
    std: number(found.sampleStd),
    min: number(found.min),
    max: number(found.max),
    zeroShare: Number.isNaN(found.zeroShare) ? null : found.zeroShare,
    nonFinite: found.nonFinite,
  };
}

/**
 * Returns how many standard errors std and mean are from what is expected.
 *
 * @param measured The tensor and what was measured.
 */
function scoresOf(
  { found, expected }: Measured,
): Pick<SummaryRow, "z" | "meanZ"> {
  const { count, mean, sampleStd } = found;
  if (!expected?.kurtosis || count === 0) return { z: null, meanZ: null };
  const error = stdError(expected.std, expected.kurtosis, count);
  return {
    z: count < 2 ? null : (sampleStd - expected.std) / error,
    meanZ: (mean - expected.mean) / (expected.std / Math.sqrt(count)),
  };
}

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
function limitOf(
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
function judge(
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

/** Options of {@linkcode summary}. */
export interface SummaryOptions {
  /**
   * The chance that any tensor asks for attention though all were freshly
   * filled, in (0, 1). Default: 0.01.
   */
  readonly alpha?: number;
  /**
   * The axes of all tensors of rank 2 or more by what they count, as in `fan`:
   * `{ in: -2, out: -1 }` for a checkpoint of TensorFlow or JAX. Default:
   * PyTorch's.
   */
  readonly axes?: FanLayout;
}

/** A summary that also shows itself. */
export interface ShownSummary extends Summary {
  /** Returns the table as text, at most 100 columns wide where it can be. */
  toString(): string;
  /** Returns the table as HTML. */
  toHtml(options?: HtmlOptions): Promise<string>;
}

const action = "summarize";
const defaults = { alpha: 0.01, axes: undefined as FanLayout | undefined };

/**
 * Returns a table of tensors: name, shape, fan-in and fan-out, initializer,
 * expected and measured standard deviation, mean, extremes, zeros, and a verdict.
 *
 * The verdict compares what was measured with what the initializer meant. Its
 * threshold is `limit`, in standard errors: with m tensors drawn from a
 * distribution, `P(|N(0, 1)| > limit) = alpha / (2m)`, as std and mean of each are
 * tested. The standard error of the std is
 * `expectedStd * sqrt((kurtosis − 1) / (4n))`, that of the mean
 * `expectedStd / sqrt(n)`. Below 30 values the std is held against the χ²
 * distribution instead. A value beyond the ends of a uniform or truncated normal
 * is no chance. `Verdict` lists what can be said.
 *
 * A model's parameters are read; for its buffers too, give `stateDict()`. Tensors
 * that were loaded or written by hand have no initializer, and are `unknown`;
 * what a file rounded is marked with the dtype that it was read from. A tensor
 * under two names appears under the first. Fans are PyTorch's unless `axes` names
 * others; for transposed and grouped convolutions they are not the connections:
 * see `fan`.
 *
 * @param source A model or layer, or tensors by name.
 * @param options The chance of a false alarm, and which axes count what.
 * @throws {TypeError} If the source is neither, or an option is unknown or of
 * another kind.
 * @throws {RangeError} If `alpha` is not in (0, 1), or a tensor lacks one of the
 * `axes`.
 *
 * @example
 * ```ts
 * import { nn, summary } from "@fanin/fanin";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const model = new nn.Linear(400, 300);
 * const fresh = summary(model);
 * assertEquals(fresh.elements, 120300);
 * assertEquals(fresh.rows[0].fanIn, 400);
 * assertEquals(fresh.rows[0].initializer, "kaimingUniform");
 *
 * model.weight.toFloat32().forEach((x, i, data) => data[i] = x * 1.1);
 * const [weight] = summary(model).rows;
 * assertEquals([weight.verdict, weight.attention], ["wide", true]);
 * assert(weight.z! > 60);
 * ```
 */
export function summary(
  source: ParameterOwner | Readonly<Record<string, Tensor>>,
  options: SummaryOptions = {},
): ShownSummary {
  const { alpha, axes } = withDefaults(action, options, defaults);
  checkFinite(action, "alpha", alpha);
  if (alpha <= 0 || alpha >= 1) {
    throw new RangeError(
      cannot(action, "alpha must be in (0, 1)", alpha),
    );
  }
  const measured = tensorsOf(source).map(([name, tensor]) =>
    measure(name, tensor)
  );
  const limit = limitOf(alpha, measured);
  const rows = measured.map((one) => rowOf(one, judge(one, limit), axes));
  const elements = rows.reduce((sum, row) => sum + row.elements, 0);
  const found: Summary = { rows, tensors: rows.length, elements, alpha, limit };
  return showAs(found, "summary", summaryText) as ShownSummary;
}

function tensorsOf(
  source: ParameterOwner | Readonly<Record<string, Tensor>>,
): (readonly [string, Tensor])[] {
  const entries = isOwner(source)
    ? [...source.namedParameters()]
    : isRecord(source)
    ? Object.entries(source)
    : null;
  const wrong = entries?.find(([, value]) => !(value instanceof Tensor));
  if (entries === null || wrong !== undefined) {
    throw new TypeError(
      cannot(
        action,
        "it must be a model or an object of tensors",
        wrong === undefined
          ? describe(source)
          : `an object with ${wrong[0]}: ${describe(wrong[1])}`,
      ),
    );
  }
  const seen = new Set<Tensor>();
  return entries.filter(([, tensor]) => !seen.has(tensor) && seen.add(tensor));
}

function isOwner(source: unknown): source is ParameterOwner {
  return typeof (source as ParameterOwner | null)?.namedParameters ===
    "function";
}

function isRecord(source: unknown): boolean {
  return typeof source === "object" && source !== null &&
    !Array.isArray(source) && !(source instanceof Tensor);
}
