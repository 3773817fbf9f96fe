/**
 * Summaries: plain data that shows itself.
 *
 * @module
 */

import type { Dtype } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { HtmlOptions } from "../../core/show.ts";
import type { Quantization } from "../../core/source.ts";

/**
 * The verdict on a tensor: the first of these that applies.
 *
 * | verdict | when | asks for attention |
 * |---|---|---|
 * | `empty` | it has no elements | no |
 * | `not finite` | a value is NaN or infinite | yes |
 * | `constant` | at least two values, all the same; none or a spread expected | if a spread is expected |
 * | `unknown` | what it was drawn from is not known | no |
 * | `wide` | the std is above the threshold, or a value is one that no draw gives | yes |
 * | `narrow` | the std is below the threshold | yes |
 * | `shifted` | the mean is beyond the threshold on either side | yes |
 * | `as expected` | none of these | no |
 *
 * Where a constant is expected, other values are `shifted` if all are the same,
 * else `wide`. Values that no draw gives are those beyond the distribution's ends,
 * any other than the ones and zeros of `eye` and `dirac`, and too few zeros in a
 * sparse matrix. The root mean square of an orthogonal matrix is exactly
 * `|gain| / sqrt(max(rows, columns))`: it is `wide` or `narrow` where it differs by
 * more than rounding does, and has no z.
 *
 * @internal
 */
export type Verdict =
  | "empty"
  | "not finite"
  | "constant"
  | "unknown"
  | "wide"
  | "narrow"
  | "shifted"
  | "as expected";

/**
 * A row of a summary: plain data, with null for numbers that do not exist.
 *
 * @internal
 */
export interface SummaryRow {
  /** The tensor's name. */
  readonly name: string;
  /** Its shape. */
  readonly shape: Shape;
  /** Its dtype. */
  readonly dtype: Dtype;
  /** How many elements it has. */
  readonly elements: number;
  /**
   * How its file rounded the values; null if it did not. From uint8 there are
   * at most 256 different values: a histogram shows combs, and a test of the
   * distribution sees steps.
   */
  readonly quantized: Quantization["dtype"] | null;
  /**
   * Fan-in as PyTorch counts it, or by the axes that were named; null below
   * rank 2 and for whole numbers.
   */
  readonly fanIn: number | null;
  /** Fan-out, counted in the same way. */
  readonly fanOut: number | null;
  /** The initializer that last filled it; null if unknown. */
  readonly initializer: string | null;
  /** The mean that the initializer intended. */
  readonly expectedMean: number | null;
  /** The standard deviation that the initializer intended. */
  readonly expectedStd: number | null;
  /** The mean of the finite values; like the next four null for bool. */
  readonly mean: number | null;
  /** Their standard deviation, with n − 1. */
  readonly std: number | null;
  /** The smallest of them. */
  readonly min: number | null;
  /** The largest of them. */
  readonly max: number | null;
  /**
   * How many standard errors the measured std is above the expected one: `(std
   * − expectedStd) / (expectedStd · sqrt((κ − 1) / (4n)))`. The kurtosis κ is
   * 9/5 for a uniform and 3 for a normal. Null if the std does not vary by
   * chance.
   */
  readonly z: number | null;
  /** The same for the mean, whose standard error is `expectedStd / sqrt(n)`. */
  readonly meanZ: number | null;
  /** The share of values that are 0, in [0, 1]. */
  readonly zeroShare: number | null;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
  /** The verdict. */
  readonly verdict: Verdict;
  /** Whether it asks for attention. */
  readonly attention: boolean;
}

/** The result of `summary`: plain data that shows itself. */
export interface Summary {
  /** The tensors, in the order of the source or of `sort`. */
  readonly rows: readonly SummaryRow[];
  /** How many tensors these are. */
  readonly tensors: number;
  /** How many there are, those that were not asked for or not read, too. */
  readonly of: number;
  /** How many were asked for, but cannot be read. */
  readonly unread: number;
  /** How many elements they have together. */
  readonly elements: number;
  /** The chance of any false alarm. */
  readonly alpha: number;
  /**
   * How many standard errors are too many, at that chance and for so many
   * tensors; null if no tensor is known to be drawn from a distribution.
   */
  readonly limit: number | null;
  /**
   * Returns the table as text, at most 100 characters wide where it can be, and
   * of 100 rows if `maxRows` does not say otherwise.
   */
  toString(): string;
  /** Returns the table as HTML. */
  toHtml(options?: HtmlOptions): Promise<string>;
}
