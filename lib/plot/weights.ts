/**
 * The histogram of a weight, with the density it was drawn from.
 *
 * @module
 */

import type { Over, Source } from "../core/source.ts";
import { figureOptions } from "./change.ts";
import { type Figure, figureOf } from "./figure.ts";
import {
  drawWeights,
  histogramDefaults,
  type HistogramOptions,
} from "./histogram.ts";
import { sampled } from "./sample.ts";

/** Options of {@linkcode weights}. */
export type WeightsOptions = HistogramOptions;

const action = "plot weights";

/**
 * Returns a figure of the distribution of a tensor's values: densities by bin,
 * and over them the density of the initializer with its bounds.
 *
 * The expected density comes from the initializer's parameters and has an area
 * of 1, as do the bars. With `xaxis: { type: "log" }` both are those of |x| by
 * decade. Traces: the bars, then the line if there is one.
 *
 * @param source The weight: a tensor of any dtype, numbers, a layer, a checkpoint
 * or its path.
 * @param options The parameter, the density, the bins and the looks.
 * @returns The figure; a promise of it where a checkpoint is read.
 * @throws {TypeError} If an option or the source is of the wrong kind.
 * @throws {RangeError} If there is no finite value, no such parameter, or an
 * option is out of its interval.
 *
 * @example
 * ```ts
 * import { plot, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = plot.weights(tensor([-1, -0.5, 0, 0.5, 1]), {
 *   theory: { kind: "uniform", low: -1, high: 1 },
 *   bins: 4,
 * });
 * const [bars, line] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals(bars.x, [-0.75, -0.25, 0.25, 0.75]);
 * assertEquals(bars.y, [0.4, 0.4, 0.4, 0.8]);
 * assertEquals(line.x, [-1, -1, 1, 1]);
 * assertEquals(line.y, [0, 0.5, 0.5, 0]);
 * ```
 */
export function weights<S extends Source>(
  source: S,
  options: WeightsOptions = {},
): Over<S, Figure> {
  const given = figureOptions(action, options, histogramDefaults);
  return sampled(
    action,
    source,
    given.parameter,
    (sample) => figureOf(drawWeights(action, sample, given), given, action),
  );
}
