/**
 * The quantiles of a weight against those of the distribution it was drawn
 * from: a Q–Q plot.
 *
 * @module
 */

import { checkCount } from "../core/options.ts";
import type { Moments } from "../statistics/moments.ts";
import { densityOf, type Law } from "./density.ts";
import { momentFacts, tensorFacts } from "./facts.ts";
import { Figure } from "./figure.ts";
import { digitsFor, rounder } from "./format.ts";
import type { Layout } from "./layout.ts";
import { asTyped } from "./markup.ts";
import { wrapText } from "./measure.ts";
import { type FigureOptions, figureOptions } from "./options.ts";
import {
  besideName,
  densityMargin,
  padded,
  pageLayout,
  valueAxis,
} from "./page.ts";
import { asciiMinus } from "./picture.ts";
import { bandOf, type BandPoint, bandTrace } from "./quantile_band.ts";
import {
  furthestFact,
  type Pair,
  pairsOf,
  quantileTable,
} from "./quantile_pairs.ts";
import { sampleOf, type Source } from "./source.ts";
import { expected, grid, letters, measured, size } from "./theme.ts";
import { lawOf, type TheoryOption } from "./theory_option.ts";
import type { ScatterTrace } from "./traces.ts";

/** Options of {@linkcode quantiles}. */
export interface QuantilesOptions extends FigureOptions {
  /** Which of a layer's parameters. Default: `weight`. */
  readonly parameter?: string;
  /**
   * What the values are expected to be drawn from; null for the normal of their
   * own mean and std. Default: what the initialiser says, else that normal.
   */
  readonly theory?: TheoryOption | null;
  /** About how many points are drawn, in [10, 5000]. Default: 400. */
  readonly points?: number;
}

const action = "plot quantiles";
const ownName = "normal of the same mean and std";
const plotHeight = 320;
/** Left and right of the plot, in pixels. */
const widestMargin = 110;
const defaults = {
  parameter: undefined as string | undefined,
  theory: undefined as TheoryOption | null | undefined,
  points: 400,
};

/**
 * Returns a figure of a tensor's quantiles against the theoretical ones: where
 * the values were drawn from the distribution, the points lie on the line.
 *
 * The value of rank i, from 0, stands against the quantile at the share
 * `(i + 1/2) / n`. Of many values some hundreds are drawn, the extremes among
 * them; the axis takes in all. In 95 % of samples a value lies within the band,
 * which holds for each by itself: of all of them some do not. About the normal of
 * the values' own mean and std they lie closer. Traces: the band, the points, the
 * line.
 *
 * @param source A tensor of any dtype, or a layer.
 * @param options Which parameter, which distribution, how many points.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If there is no finite value, no such parameter, the
 * distribution is a constant, or an option is out of its interval.
 *
 * @example
 * ```ts
 * import { plot, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = plot.quantiles(tensor([3, 0, 1, 2]), {
 *   theory: { low: 0, high: 4 },
 * });
 * const [, points] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals(points.x, [0.5, 1.5, 2.5, 3.5]);
 * assertEquals(points.y, [0, 1, 2, 3]);
 * ```
 */
export function quantiles(
  source: Source,
  options: QuantilesOptions = {},
): Figure {
  const given = figureOptions(action, options, defaults);
  checkPoints(given.points);
  const sample = sampleOf(action, source, given.parameter);
  const { tensor, found } = sample;
  const known = lawOf(action, tensor, given.theory);
  const law = known ?? ownNormal(found);
  checkWidth(law);
  const { label } = densityOf(law);
  const pairs = pairsOf(sample, law, given.points);
  const against = known === null ? ` against the ${ownName}` : "";
  const title = given.title ?? `${sample.title} · quantiles${against}`;
  const facts = [
    tensorFacts(tensor, found, 0),
    momentFacts(found, known),
    furthestFact(pairs, law, found.count),
  ];
  const band = bandOf(law, found.count);
  const range = rangeOf(pairs);
  const room = (given.width ?? size.width) - besideName - widestMargin;
  const [shortLabel] = wrapText(label, room, letters.text, 1);
  return new Figure({
    title,
    data: [
      bandTrace(band),
      pointsTrace(pairs),
      lineTrace(range, shortLabel),
    ],
    layout: layoutOf(title, facts, { ...given, pairs, band, range }),
    description:
      `Quantiles of the values against those of ${label}. On the line they are equal, and in the band about it is each in 95 % of samples. ${
        facts.join(". ")
      }.`,
    text: [title, ...quantileTable(pairs), ...facts.map(asciiMinus)].join("\n"),
  });
}

function checkPoints(points: unknown): void {
  checkCount(action, "points", points, 10);
  if (points > 5000) {
    throw new RangeError(
      `Cannot ${action} as points must be in [10, 5000]: current value is ${points}`,
    );
  }
}

function ownNormal({ mean, sampleStd }: Moments): Law {
  return {
    name: ownName,
    distribution: "normal",
    mean,
    std: sampleStd,
    bound: null,
  };
}

/** A constant has no quantiles to tell apart; neither has a single value. */
function checkWidth({ name, std }: Law): void {
  if (std > 0) return;
  throw new RangeError(
    `Cannot ${action} as the distribution must have a std above 0: current value is ${std} by ${
      name ?? "theory"
    }`,
  );
}

/** The axis of what is expected, with a little free space. */
function rangeOf(pairs: readonly Pair[]): [number, number] {
  const [first, last] = [pairs[0].wanted, pairs.at(-1)!.wanted];
  // A single point has no extent.
  return first === last ? [first - 1, last + 1] : padded([first, last]);
}

function lineTrace(ends: readonly number[], label: string): ScatterTrace {
  return {
    type: "scatter",
    mode: "lines",
    name: asTyped(label),
    x: ends,
    y: ends,
    line: { color: expected, width: 1.5 },
    hoverinfo: "skip",
  };
}

function pointsTrace(pairs: readonly Pair[]): ScatterTrace {
  const place = (key: "wanted" | "found") => {
    const span = pairs.at(-1)![key] - pairs[0][key];
    return pairs.map((pair) => span > 0 ? rounder(span)(pair[key]) : pair[key]);
  };
  const ends = pairs.flatMap(({ wanted, found }) => [wanted, found]);
  const digits = digitsFor(Math.min(...ends), Math.max(...ends));
  return {
    type: "scatter",
    mode: "markers",
    name: "values",
    x: place("wanted"),
    y: place("found"),
    customdata: pairs.map(({ share }) => Number(share.toPrecision(9))),
    marker: { color: measured, size: 6 },
    hovertemplate:
      `share below %{customdata:.6~g}<br>value %{y:.${digits}~g}<br>expected %{x:.${digits}~g}<extra></extra>`,
  };
}

interface Parts extends FigureOptions {
  readonly pairs: readonly Pair[];
  readonly band: readonly BandPoint[];
  readonly range: readonly [number, number];
}

function layoutOf(
  title: string,
  facts: readonly string[],
  { width = size.width, height, pairs, band, range }: Parts,
): Layout {
  const found = pairs.map((pair) => pair.found);
  const ends = band.flatMap(({ low, high }) => [low, high]);
  const upright = padded([...range, ...found, ...ends]);
  const page = pageLayout({
    title,
    facts,
    legendRows: 3,
    width,
    height,
    plotHeight,
    margin: densityMargin(Math.max(Math.abs(upright[0]), upright[1])),
  });
  return {
    ...page,
    legend: { ...page.legend, orientation: "v" },
    hovermode: "closest",
    xaxis: { ...valueAxis("expected quantile", range) },
    yaxis: {
      type: "linear",
      title: { text: "value", font: { size: letters.text }, standoff: 8 },
      range: upright,
      gridcolor: grid,
      zeroline: false,
      exponentformat: "e",
      automargin: true,
    },
  };
}
