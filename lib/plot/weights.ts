/**
 * The histogram of a weight, with the density it was drawn from.
 *
 * @module
 */

import { chooseBins } from "../statistics/bins.ts";
import { histogram } from "../statistics/histogram.ts";
import { barTrace, binCount } from "./bars.ts";
import { densityOf } from "./density.ts";
import { densityTrace } from "./expectation.ts";
import { momentFacts, tensorFacts } from "./facts.ts";
import { Figure } from "./figure.ts";
import { histogramLayout } from "./histogram_layout.ts";
import { type FigureOptions, figureOptions } from "./options.ts";
import { headroom } from "./page.ts";
import { histogramPicture } from "./picture.ts";
import { sampleOf, type Source } from "./source.ts";
import { lawOf, type TheoryOption } from "./theory_option.ts";

/** Options of {@linkcode weights}. */
export interface WeightsOptions extends FigureOptions {
  /** Which of a layer's parameters. Default: `weight`. */
  readonly parameter?: string;
  /**
   * What the values are expected to be drawn from; null for nothing. Default:
   * what the initialiser says.
   */
  readonly theory?: TheoryOption | null;
  /** The number of bins, in [1, 10000]. Default: by Freedman and Diaconis. */
  readonly bins?: number;
  /** The lowest and the highest edge. Default: all finite values. */
  readonly range?: readonly [number, number];
}

const action = "plot weights";
const defaults = {
  parameter: undefined as string | undefined,
  theory: undefined as TheoryOption | null | undefined,
  bins: undefined as number | undefined,
  range: undefined as readonly [number, number] | undefined,
};

/**
 * Returns a figure of how the values of a tensor are distributed: densities by
 * bin, and over them the density of the initialiser with its bounds.
 *
 * The expected density comes from the initialiser's parameters and has an area
 * of 1, as the bars have. Traces: the bars, then the line if there is one.
 *
 * @param source A tensor of any dtype, or a layer.
 * @param options Which parameter, which density, which bins.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If there is no finite value, no such parameter, or an
 * option is out of its interval.
 *
 * @example
 * ```ts
 * import { plot, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = plot.weights(tensor([-1, -0.5, 0, 0.5, 1]), {
 *   theory: { low: -1, high: 1 },
 *   bins: 4,
 * });
 * const [bars, line] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals(bars.x, [-0.75, -0.25, 0.25, 0.75]);
 * assertEquals(bars.y, [0.4, 0.4, 0.4, 0.8]);
 * assertEquals(line.x, [-1, -1, 1, 1]);
 * assertEquals(line.y, [0, 0.5, 0.5, 0]);
 * ```
 */
export function weights(source: Source, options: WeightsOptions = {}): Figure {
  const given = figureOptions(action, options, defaults);
  const { bins, range } = given;
  const sample = sampleOf(action, source, given.parameter);
  const { tensor, values, found, whole } = sample;
  const law = lawOf(action, tensor, given.theory);
  const density = law === null ? null : densityOf(law);
  const { edges, rule } = chooseBins([values], {
    ...{ bins, range, whole },
    found: [found],
  });
  const counted = histogram(values, edges);
  const title = given.title ?? sample.title;
  const facts = [
    tensorFacts(tensor, found, counted.outside),
    momentFacts(found, law),
  ];
  const names = [
    `${binCount(counted)} (${rule})`,
    ...density === null ? [] : [density.label],
  ];
  const top = headroom([...counted.densities, ...density?.y ?? []]);
  const over = density === null ? "" : `, and over it ${density.label}`;
  return new Figure({
    title,
    data: [
      barTrace(counted, names[0]),
      ...density === null ? [] : [densityTrace(density, top)],
    ],
    layout: histogramLayout({
      ...given,
      axis: "value",
      title,
      facts,
      names,
      counted,
      density,
      top,
    }),
    description: `Histogram in ${binCount(counted)}${over}. ${
      facts.join(". ")
    }.`,
    text: histogramPicture(title, counted, facts),
  });
}
