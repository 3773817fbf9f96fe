/**
 * Summarizes tensors, with verdicts of a stated significance.
 *
 * Each tensor whose values were drawn is tested twice, its standard deviation
 * and its mean. The level is `α / (2 · tensors)` per test (Bonferroni), so at
 * most a share of about α of all summaries of freshly filled tensors flags any
 * tensor.
 *
 * @module
 */

import { type Dtype, dtypes, type FloatDtype } from "../../core/dtype.ts";
import { cannot, checkFinite, withDefaults } from "../../core/options.ts";
import { type Only, onlyBy } from "../../core/only.ts";
import { showAs } from "../../core/show.ts";
import { sortedBy } from "../../core/sorting.ts";
import { type Over, quantizationOf, type Source } from "../../core/source.ts";
import { empty, type Tensor, valuesOf } from "../../core/tensor.ts";
import { fan, type FanLayout } from "../../init/scaling.ts";
import { type Moments, moments } from "../../numerics/moments.ts";
import { erfc } from "../../numerics/special.ts";
import {
  draws,
  type Expectation,
  expectationOf,
  fillFixed,
  stdError,
} from "../../random/distribution.ts";
import { filledBy } from "../../random/generator.ts";
import { overEach } from "../source.ts";
import type { Summary, SummaryRow, Verdict } from "./result.ts";
import { summaryText } from "./text.ts";
import { readView, setView } from "./view.ts";

/** Options of {@linkcode summary}. */
export interface SummaryOptions {
  /**
   * The chance that any tensor is flagged although all were freshly filled, in
   * (0, 1). Default: 0.01.
   */
  readonly alpha?: number;
  /**
   * The axes of all tensors of rank 2 or more by what they count, as in `fan`:
   * `{ in: -2, out: -1 }` for a checkpoint of TensorFlow or JAX. Default:
   * PyTorch's.
   */
  readonly axes?: FanLayout;
  /**
   * Which tensors to read: a part of their names, or with `*`, which matches any
   * text, the whole: `"*.weight"`; or a function of a name. Default: all.
   */
  readonly only?: Only;
  /**
   * What to sort by, a key of the rows: names by the numbers in them, and rows
   * without a value last. Default: the source's order.
   */
  readonly sort?: keyof SummaryRow;
  /** Whether the largest comes first. Default: false. */
  readonly descending?: boolean;
  /**
   * What the table shows after the names, from the left, as keys of the rows.
   * Default: thirteen columns at most, those with anything in them.
   */
  readonly columns?: readonly (keyof SummaryRow)[];
  /**
   * How many rows the text shows, at least 0; `Infinity` for all. It says how
   * many are left out. Default: 100.
   */
  readonly maxRows?: number;
}

/** A tensor's facts and its moments. */
interface Measured extends
  Pick<
    SummaryRow,
    "name" | "shape" | "dtype" | "elements" | "quantized" | "initializer"
  > {
  /** The moments of its values. */
  readonly found: Moments;
  /** Their expectation; null if unknown. */
  readonly expected: Expectation | null;
  /** How many elements were not set to 0 after the draw. */
  readonly drawn: number;
  /** Whether it has a value that no draw can give. */
  readonly isOff: boolean;
}

/** The verdict on a tensor, and whether it asks for attention. */
type Judgment = Pick<SummaryRow, "verdict" | "attention">;

const action = "summarize";
const defaults = {
  alpha: 0.01,
  axes: undefined as FanLayout | undefined,
  only: "*" as Only,
  sort: undefined as keyof SummaryRow | undefined,
  descending: false,
  columns: undefined as readonly (keyof SummaryRow)[] | undefined,
  maxRows: undefined as number | undefined,
};

/** Verdicts that ask for no attention. */
const quiet: readonly Verdict[] = ["empty", "unknown", "as expected"];

/** From this many values on, the std of a sample is treated as normal. */
const enough = 30;

/** Bits of the significand: an end of a distribution is rounded to them. */
const precision: Readonly<Record<string, number>> = {
  float16: 11,
  bfloat16: 8,
  float32: 24,
  float64: 53,
};

/**
 * Returns a table of tensors: name, shape, fan-in and fan-out, initializer,
 * expected and measured standard deviation, mean, extremes, zeros, and a verdict.
 *
 * The verdict compares the measurements with what the initializer intended. Its
 * threshold is `limit`, in standard errors: with m tensors drawn from a
 * distribution, `P(|N(0, 1)| > limit) = alpha / (2m)`, as std and mean of each
 * are tested. The standard error of the std is `expectedStd * sqrt((kurtosis −
 * 1) / (4n))`, that of the mean `expectedStd / sqrt(n)`. Below 30 values the
 * std is compared with the χ² distribution instead. A value beyond the ends of
 * a uniform or truncated normal never occurs by chance, nor does a wrong
 * element of an identity or a missing zero in a sparse matrix. `Verdict` lists
 * all verdicts.
 *
 * A model's parameters are read; for its buffers too, give `stateDict()`. Tensors
 * of files are read one after the other, and the summary is a promise. Tensors
 * that were loaded or written by hand have no initializer, and are `unknown`;
 * what a file rounded is marked with the dtype that it was read from. A tensor
 * under two names appears under the first. A complex tensor appears as two of
 * real numbers, `x.real` and `x.imag`; of an opaque one only the name, the shape
 * and the dtype are known. Fans are PyTorch's unless `axes` names
 * others; for transposed and grouped convolutions they are not the connections:
 * see `fan`.
 *
 * The rows are those of the tensors that `only` chooses, in the order of `sort`.
 * The line under the table says how many others there are: `12 of 161 tensors`.
 * The threshold counts the tensors that were read.
 *
 * @param source The weights, in memory or in files.
 * @param options The chance of a false alarm, which axes count what, which tensors
 * are read, and how the table is sorted and shown.
 * @returns The summary; a promise of it for a checkpoint, a path or a URL.
 * @throws {TypeError} If it is no source, or an option is unknown or of the
 * wrong kind.
 * @throws {RangeError} If `alpha` is not in (0, 1), a tensor lacks one of the
 * `axes`, `sort` or one of the `columns` is no key of the rows, or `maxRows` is
 * fractional or below 0.
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
 *
 * const options = { only: "*weight", columns: ["std", "verdict"] } as const;
 * const text = String(summary(model, options));
 * assert(text.includes("120,000 elements in 1 of 2 tensors · 1 marked"));
 * ```
 */
export function summary<S extends Source>(
  source: S,
  options: SummaryOptions = {},
): Over<S, Summary> {
  const { alpha, axes, ...given } = withDefaults(action, options, defaults);
  checkFinite(action, "alpha", alpha);
  if (alpha <= 0 || alpha >= 1) {
    throw new RangeError(
      cannot(action, "alpha must be in (0, 1)", alpha),
    );
  }
  const only = onlyBy(action, given.only);
  const view = readView(action, given);
  const conclude = (
    all: readonly Measured[],
    readable: number,
    unread: readonly string[],
  ): Summary => {
    const limit = limitOf(alpha, all);
    const rows = all.map((one) => rowOf(one, judge(one, limit), axes));
    const found: Omit<Summary, "toHtml"> = {
      rows: sortedBy(rows, view.sort, view.descending),
      tensors: rows.length,
      of: readable + unread.length,
      unread: unread.filter((name) => only(name)).length,
      elements: rows.reduce((sum, row) => sum + row.elements, 0),
      alpha,
      limit,
    };
    setView(found, view);
    return showAs(found, "summary", summaryText) as Summary;
  };
  return overEach(
    action,
    source,
    measure,
    conclude,
    (names, inSource) => names.filter((name) => only(inSource(name))),
  );
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

function measure(name: string, tensor: Tensor): Measured {
  const { shape, dtype } = tensor;
  const elements = tensor.numel();
  const { kind } = dtypes[dtype];
  const found = moments(kind === "opaque" ? [] : valuesOf(tensor));
  const filled = filledBy(tensor);
  const about = {
    name,
    shape,
    dtype,
    elements,
    quantized: quantizationOf(tensor)?.dtype ?? null,
    initializer: filled?.initializer ?? null,
    found,
  };
  if (filled === undefined) {
    return { ...about, expected: null, drawn: 0, isOff: false };
  }
  const { distribution, zeroed = 0 } = filled;
  // Each column of a sparse matrix has a fixed number of zeros.
  const zeros = distribution.kind === "sparse"
    ? zeroed + distribution.zeros * shape[1]
    : zeroed;
  const isOff = draws(distribution)
    ? Math.round(found.zeroShare * found.count) < zeros
    : distribution.kind !== "constant" && !isFilledWith(tensor, distribution);
  const expected = expectationOf(distribution, shape, zeroed);
  return { ...about, expected, drawn: elements - zeros, isOff };
}

/** Whether a tensor has the elements of a distribution that draws none. */
function isFilledWith(
  tensor: Tensor,
  distribution: Parameters<typeof fillFixed>[1],
): boolean {
  const dtype = tensor.dtype as FloatDtype;
  const other = empty(tensor.shape, { dtype });
  fillFixed(other, distribution);
  const [values, others] = [valuesOf(tensor), valuesOf(other)];
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== others[i]) return false;
  }
  return true;
}

function rowOf(
  measured: Measured,
  judgment: Judgment,
  axes: FanLayout | undefined,
): SummaryRow {
  const { found, expected, drawn: _, isOff: __, ...about } = measured;
  const { shape, dtype } = about;
  const { kind } = dtypes[dtype];
  const counts = kind === "float" && shape.length >= 2
    ? fan(shape, { axes })
    : null;
  return {
    ...about,
    fanIn: counts?.fanIn ?? null,
    fanOut: counts?.fanOut ?? null,
    expectedMean: expected?.mean ?? null,
    expectedStd: expected?.std ?? null,
    ...numbersOf(found, dtype),
    ...scoresOf(measured),
    ...judgment,
  };
}

/** How many standard errors std and mean are from the expected ones. */
function scoresOf(
  { found, expected }: Pick<Measured, "found" | "expected">,
): Pick<SummaryRow, "z" | "meanZ"> {
  const { count, mean, sampleStd } = found;
  if (!expected?.kurtosis || count === 0) return { z: null, meanZ: null };
  const error = stdError(expected.std, expected.kurtosis, count);
  return {
    z: count < 2 ? null : (sampleStd - expected.std) / error,
    meanZ: (mean - expected.mean) / (expected.std / Math.sqrt(count)),
  };
}

/**
 * How many standard errors are too many: t with `P(|N(0, 1)| > t) = α / (2 ·
 * tensors)`. Null if nothing is tested.
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

function judge(measured: Measured, limit: number | null): Judgment {
  const verdict = verdictOf(measured, limit ?? Infinity);
  const attention = verdict === "constant"
    ? measured.expected !== null
    : !quiet.includes(verdict);
  return { verdict, attention };
}

function verdictOf(measured: Measured, limit: number): Verdict {
  const { dtype, elements, found, expected, isOff } = measured;
  const constant = found.count > 1 && found.min === found.max;
  if (elements === 0) return "empty";
  if (found.nonFinite > 0) return "not finite";
  if (expected === null) {
    return constant && dtype !== "bool" ? "constant" : "unknown";
  }
  if (expected.std === 0) return constantVerdict(measured, expected.mean);
  if (constant) return "constant";
  if (isOff) return "wide";
  if (expected.kurtosis === null) return fixedVerdict(measured, expected);
  const score = stdScore(measured, expected);
  if (score > limit || isOutside(measured, expected)) return "wide";
  if (score < -limit) return "narrow";
  return isShifted(measured, expected, limit) ? "shifted" : "as expected";
}

/** Whether all values are the expected one, as the dtype stores it. */
function constantVerdict(
  { dtype, found: { min, max } }: Measured,
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
 * Whether the root mean square is the expected one up to rounding: the squares
 * of an orthogonal matrix have a fixed sum, `gain² · min(rows, columns)`.
 *
 * Rounded once to the dtype, each element is off by at most `2^−p` of itself,
 * with p bits of significand, and so is their root mean square. The QR
 * decomposition and the sum of squares in double add errors that grow at worst
 * with the number n of elements, times a small constant: of 33,800 small
 * matrices in double none was off by more than `2.25 · n · 2^−52`, and `n ·
 * 2^−50` is allowed.
 *
 * @see Higham, "Accuracy and Stability of Numerical Algorithms", 2002, 4.2 and
 * 19.3
 */
function fixedVerdict(
  { dtype, found: { count, mean, sampleStd } }: Measured,
  expected: Expectation,
): Verdict {
  const spread = count < 2 ? 0 : sampleStd * Math.sqrt((count - 1) / count);
  const wanted = Math.hypot(expected.mean, expected.std);
  const excess = Math.hypot(mean, spread) / wanted - 1;
  const rounding = 2 ** -precision[dtype] + count * 2 ** -50;
  if (Math.abs(excess) <= rounding) return "as expected";
  return excess > 0 ? "wide" : "narrow";
}

/**
 * How many standard errors the std is too large. The std of a small sample is
 * skewed: with fewer than 30 drawn values it is treated as that of normals,
 * whose square has the χ² distribution with ν = n − 1. Lighter tails then raise
 * fewer alarms.
 *
 * @see Wilson and Hilferty, 1931: the cube root of `χ² / ν` is nearly normal with
 * the mean `1 − 2/(9ν)` and the variance `2/(9ν)`
 */
function stdScore(measured: Measured, { std }: Expectation): number {
  const { drawn, found: { sampleStd } } = measured;
  if (drawn < 2) return 0;
  if (drawn >= enough) return scoresOf(measured).z!;
  const variance = 2 / (9 * (drawn - 1));
  return (Math.cbrt((sampleStd / std) ** 2) - 1 + variance) /
    Math.sqrt(variance);
}

/**
 * Whether a value lies where none can be drawn, even with the dtype's rounding.
 */
function isOutside(
  { dtype, found: { min, max } }: Measured,
  { low, high }: Expectation,
): boolean {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size === Infinity && low === -high) return false;
  const rounding = size === Infinity ? 0 : 2 * size * 2 ** -precision[dtype];
  return min < low - rounding || max > high + rounding;
}

/**
 * Whether the mean deviates by more than chance and rounding. In half precision
 * the latter counts: values that round to the upper end become the lower one.
 */
function isShifted(
  { dtype, found }: Measured,
  { mean, std, low, high }: Expectation,
  limit: number,
): boolean {
  const error = std / Math.sqrt(found.count);
  const width = high - low;
  const rounding = width === Infinity ? 0 : width * 2 ** -precision[dtype];
  return Math.abs(found.mean - mean) > limit * error + rounding;
}
