/**
 * A figure of one histogram and the density that is expected, and the options
 * of all such figures.
 *
 * @module
 */

import type { Histogram } from "../statistics/histogram.ts";
import { barTrace, binCount } from "./bars.ts";
import type { Density } from "./density.ts";
import { densityTrace } from "./expectation.ts";
import { Figure } from "./figure.ts";
import { histogramLayout } from "./histogram_layout.ts";
import type { FigureOptions } from "./options.ts";
import { headroom } from "./page.ts";
import { histogramPicture } from "./picture.ts";
import type { TheoryOption } from "./theory_option.ts";

/** Options of figures of one histogram. */
export interface HistogramOptions extends FigureOptions {
  /** Which of a layer's parameters. Default: `weight`. */
  readonly parameter?: string;
  /**
   * What the weight's elements are expected to be drawn from; null for nothing.
   * Default: what the initialiser says.
   */
  readonly theory?: TheoryOption | null;
  /** The number of bins, in [1, 10000]. Default: by Freedman and Diaconis. */
  readonly bins?: number;
  /** The lowest and the highest edge. Default: all finite values. */
  readonly range?: readonly [number, number];
}

/** The options' defaults. */
export const histogramDefaults = {
  parameter: undefined as string | undefined,
  theory: undefined as TheoryOption | null | undefined,
  bins: undefined as number | undefined,
  range: undefined as readonly [number, number] | undefined,
};

/** What a figure of one histogram is made of. */
export interface HistogramContent extends FigureOptions {
  /** Plain text. */
  readonly title: string;
  /** Plain text, a line each. */
  readonly facts: readonly string[];
  /** What it is a histogram of, for those who do not see it: ` of singular values`. */
  readonly of: string;
  /** What the horizontal axis measures. */
  readonly axis: string;
  /** The histogram. */
  readonly counted: Histogram;
  /** How the bins were chosen. */
  readonly rule: string;
  /** What is expected; null for nothing. */
  readonly density: Density | null;
}

/**
 * Returns a figure of bars, and over them the line of what is expected.
 *
 * @param content What is drawn.
 */
export function histogramFigure(content: HistogramContent): Figure {
  const { title, facts, counted, rule, density } = content;
  const bars = binCount(counted);
  const names = [`${bars} (${rule})`, ...density ? [density.label] : []];
  const top = headroom([...counted.densities, ...density?.y ?? []]);
  const over = density ? `, and over it ${density.label}` : "";
  return new Figure({
    title,
    data: [
      barTrace(counted, names[0]),
      ...density ? [densityTrace(density, top)] : [],
    ],
    layout: histogramLayout({ ...content, names, top }),
    description: `Histogram${content.of} in ${bars}${over}. ${
      facts.join(". ")
    }.`,
    text: histogramPicture(title, counted, facts),
  });
}
