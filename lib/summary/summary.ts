/**
 * The table of a model's tensors: what each is, what its initialiser meant and
 * what is in it.
 *
 * @module
 */

import { checkFinite, describe, withDefaults } from "../core/options.ts";
import { type HtmlOptions, showAs } from "../core/show.ts";
import { Tensor } from "../core/tensor.ts";
import type { ParameterOwner } from "../plot/source.ts";
import type { FanLayout } from "../scaling/fan_axes.ts";
import type { Summary } from "./result.ts";
import { measure, rowOf } from "./row.ts";
import { summaryText } from "./text.ts";
import { judge, limitOf } from "./verdict.ts";

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

const action = "summarise";
const defaults = { alpha: 0.01, axes: undefined as FanLayout | undefined };

/**
 * Returns a table of tensors: name, shape, fan-in and fan-out, initialiser,
 * expected and measured standard deviation, mean, extremes, zeros, and a verdict.
 *
 * The verdict compares what was measured with what the initialiser meant. Its
 * threshold is `limit`, in standard errors: with m tensors drawn from a
 * distribution, `P(|N(0, 1)| > limit) = alpha / (2m)`, as std and mean of each are
 * tested. The standard error of the std is
 * `expectedStd * sqrt((kurtosis − 1) / (4n))`, that of the mean
 * `expectedStd / sqrt(n)`. Below 30 values the std is held against the χ²
 * distribution instead. A value beyond the ends of a uniform or truncated normal
 * is no chance. `Verdict` lists what can be said.
 *
 * A model's parameters are read; for its buffers too, give `stateDict()`. Tensors
 * that were loaded or written by hand have no initialiser, and are `unknown`;
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
 * assertEquals(fresh.rows[0].initialiser, "kaimingUniform");
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
      `Cannot ${action} as alpha must be in (0, 1): current value is ${alpha}`,
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
      `Cannot ${action} as it must be a model or an object of tensors: current value is ${
        wrong === undefined
          ? describe(source)
          : `an object with ${wrong[0]}: ${describe(wrong[1])}`
      }`,
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
