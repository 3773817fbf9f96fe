/**
 * The histogram of a weight, with the density it was drawn from.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import { theoryOf } from "../init/theory.ts";
import { chooseBins } from "../statistics/bins.ts";
import { type Histogram, histogram } from "../statistics/histogram.ts";
import { moments } from "../statistics/moments.ts";
import { type Density, densityOf, type Law } from "./density.ts";
import { momentFacts, tensorFacts } from "./facts.ts";
import { Figure } from "./figure.ts";
import { rounder } from "./format.ts";
import type { Annotation, Shape } from "./layout.ts";
import { asTyped } from "./markup.ts";
import { checkOptions, type FigureOptions } from "./options.ts";
import { densityAxis, padded, pageLayout, valueAxis } from "./page.ts";
import { asciiMinus, blockHistogram, endsLine } from "./picture.ts";
import { isWhole, type Source, tensorOf, valuesOf } from "./source.ts";
import {
  expected,
  letters,
  measured,
  outline,
  size,
  translucent,
} from "./theme.ts";
import { lawOf, type TheoryOption } from "./theory_option.ts";
import type { BarTrace, ScatterTrace } from "./traces.ts";

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
const margin = { l: 70, r: 20, b: 52 };

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
 * const [bars, line] = figure.data as { x: number[]; y: number[] }[];
 * assertEquals(bars.x, [-0.75, -0.25, 0.25, 0.75]);
 * assertEquals(bars.y, [0.4, 0.4, 0.4, 0.8]);
 * assertEquals(line.x, [-1, -1, 1, 1]);
 * assertEquals(line.y, [0, 0.5, 0.5, 0]);
 * ```
 */
export function weights(source: Source, options: WeightsOptions = {}): Figure {
  checkOptions(action, options, ["parameter", "theory", "bins", "range"]);
  const { tensor, title } = tensorOf(action, source, options.parameter);
  const given = options.theory === undefined
    ? theoryOf(tensor) ?? null
    : options.theory;
  const law = given === null || "name" in given ? given : lawOf(action, given);
  const values = valuesOf(tensor);
  const found = moments(values);
  if (found.count === 0) {
    throw new RangeError(
      `Cannot ${action} of shape ${
        formatShape(tensor.shape)
      } as there must be a finite value: current value is ${
        values.length === 0 ? "no value" : `${values.length} that are not`
      }`,
    );
  }
  const { edges, rule } = chooseBins([values], {
    bins: options.bins,
    range: options.range,
    whole: isWhole(tensor),
  });
  const counted = histogram(values, edges);
  const density = law === null ? null : densityOf(law);
  const heading = options.title ?? title;
  const facts = [
    tensorFacts(tensor, found, counted.outside),
    momentFacts(found, law),
  ];
  const xRange = rangeOf(edges, density);
  const highest = [...counted.densities, ...density?.y ?? []]
    .reduce((a, b) => Math.max(a, b), 0);
  const width = options.width ?? size.width;
  const marks = markLayout(density, xRange, width - margin.l - margin.r);
  const layout = pageLayout({
    title: heading,
    facts,
    legendRows: 1,
    below: marks.annotations.length > 0 ? 24 : 10,
    width,
    height: options.height ?? size.height,
    margin,
  });
  const bars = `${binCount(counted)} (${rule})`;
  return new Figure({
    data: [
      barTrace(counted, bars),
      ...density === null ? [] : [lineTrace(density, law!, highest)],
    ],
    layout: {
      ...layout,
      legend: { ...layout.legend, orientation: "h" },
      bargap: 0,
      hovermode: "closest",
      xaxis: valueAxis("value", xRange),
      yaxis: densityAxis(highest),
      shapes: marks.shapes,
      annotations: [...layout.annotations!, ...marks.annotations],
    },
    description: describe(counted, density, facts),
    text: picture(heading, counted, facts),
  });
}

function barTrace(
  { edges, counts, densities }: Histogram,
  name: string,
): BarTrace {
  const place = rounder(edges.at(-1)! - edges[0]);
  const level = rounder(densities.reduce((a, b) => Math.max(a, b)));
  return {
    type: "bar",
    name,
    x: counts.map((_, bin) => place((edges[bin] + edges[bin + 1]) / 2)),
    y: densities.map(level),
    width: edges[1] - edges[0],
    customdata: counts.map((
      count,
      bin,
    ) => [place(edges[bin]), place(edges[bin + 1]), count]),
    hovertemplate:
      "%{customdata[0]:.4~g} to %{customdata[1]:.4~g}<br>count %{customdata[2]:,}<br>density %{y:.4~g}<extra></extra>",
    marker: {
      color: translucent(measured, 0.6),
      line: { color: outline, width: 1 },
    },
  };
}

function lineTrace(density: Density, law: Law, highest: number): ScatterTrace {
  const name = "name" in law ? `${law.name}: ` : "expected: ";
  return {
    type: "scatter",
    mode: "lines",
    name: asTyped(name + density.label),
    x: density.x,
    // A constant has no density: a line over the whole height stands for it.
    y: density.y.length === 0 ? [0, 1.08 * highest] : density.y,
    line: { color: expected, width: 2.5 },
    hovertemplate: `${
      asTyped(density.label)
    }<br>density %{y:.4~g}<extra></extra>`,
  };
}

/** The bounds, or one std to each side, unless they would be too close. */
function markLayout(
  density: Density | null,
  [low, high]: readonly [number, number],
  plotWidth: number,
): { shapes: Shape[]; annotations: Annotation[] } {
  const marks = density?.marks ?? [];
  const apart = marks.length === 2
    ? (marks[1].x - marks[0].x) / (high - low) * plotWidth
    : 0;
  if (apart < 100) return { shapes: [], annotations: [] };
  return {
    shapes: marks.map(({ x }) => ({
      type: "line",
      xref: "x",
      yref: "paper",
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      line: { color: expected, width: 1, dash: "dot" },
      layer: "below",
    })),
    annotations: marks.map(({ x, text }) => ({
      text,
      x,
      y: 1,
      xref: "x",
      yref: "paper",
      xanchor: "center",
      yanchor: "bottom",
      showarrow: false,
      borderpad: 0,
      borderwidth: 0,
      font: { size: letters.label, color: expected },
    })),
  };
}

function rangeOf(
  edges: readonly number[],
  density: Density | null,
): [number, number] {
  const [first, last] = [edges[0], edges.at(-1)!];
  // About a single bin there is to be something to see it against.
  const beside = edges.length === 2 ? last - first : 0;
  const places = [first - beside, last + beside, ...density?.x ?? []];
  return padded(
    places.reduce((a, b) => Math.min(a, b)),
    places.reduce((a, b) => Math.max(a, b)),
  );
}

function binCount({ counts }: Histogram): string {
  return counts.length === 1 ? "1 bin" : `${counts.length} bins`;
}

function describe(
  counted: Histogram,
  density: Density | null,
  facts: readonly string[],
): string {
  const over = density === null ? "" : `, with the density ${density.label}`;
  return `Histogram in ${binCount(counted)}${over}. ${facts.join(". ")}.`;
}

function picture(
  title: string,
  { counts, edges }: Histogram,
  facts: readonly string[],
): string {
  const bars = blockHistogram(counts);
  const ends = endsLine(edges[0], edges.at(-1)!, bars.length);
  return [title, bars, ends, ...facts.map(asciiMinus)].join("\n");
}
