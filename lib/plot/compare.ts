/**
 * Several weights on one axis, each with the density it was drawn from.
 *
 * @module
 */

import { theoryOf } from "../init/theory.ts";
import { Tensor } from "../core/tensor.ts";
import { chooseBins } from "../statistics/bins.ts";
import { type Histogram, histogram } from "../statistics/histogram.ts";
import { type Moments, moments, type Values } from "../statistics/moments.ts";
import { type Density, densityOf } from "./density.ts";
import { stdFact } from "./facts.ts";
import { Figure } from "./figure.ts";
import { formatCount, rounder } from "./format.ts";
import { asTyped } from "./markup.ts";
import { textWidth, wrapText } from "./measure.ts";
import { checkOptions, type FigureOptions } from "./options.ts";
import { densityAxis, padded, pageLayout, valueAxis } from "./page.ts";
import { asciiMinus, blockHistogram, endsLine } from "./picture.ts";
import { isWhole, type Source, tensorOf, valuesOf } from "./source.ts";
import { letters, palette, size, translucent } from "./theme.ts";
import type { ScatterTrace } from "./traces.ts";

/** Options of {@linkcode compare}. */
export interface CompareOptions extends FigureOptions {
  /** Which parameter of layers. Default: `weight`. */
  readonly parameter?: string;
  /** Whether to draw the expected densities that are known. Default: true. */
  readonly theory?: boolean;
  /** The number of bins, in [1, 10000]. Default: by Freedman and Diaconis. */
  readonly bins?: number;
  /** The lowest and the highest edge. Default: all finite values of all. */
  readonly range?: readonly [number, number];
}

/** One of the things compared. */
interface Named {
  readonly name: string;
  readonly tensor: Tensor;
  readonly values: Values;
  readonly found: Moments;
}

/** How one of them is distributed, over the bins of all. */
interface Entry {
  readonly name: string;
  readonly counted: Histogram;
  readonly density: Density | null;
  readonly fact: string;
}

const action = "compare weights";
const margin = { l: 70, r: 20, b: 52 };
const plotHeight = 260;
/** Twice the palette: solid, then dotted. */
const most = 2 * palette.length;

/**
 * Returns a figure of several tensors' distributions on one axis: outlines of
 * densities over shared bins, expected densities dashed in the same colour.
 *
 * Traces, for each name in order: the outline, then the expected density where
 * the initialiser is known and not a constant.
 *
 * @param sources Tensors or layers by the names to show, 1 to 14 of them.
 * @param options Which parameter and which bins.
 * @throws {TypeError} If an option or a source is of a wrong kind.
 * @throws {RangeError} If there are too few or too many, one has no finite
 * value, or an option is out of its interval.
 *
 * @example
 * ```ts
 * import { plot, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = plot.compare(
 *   { narrow: tensor([-1, 0, 1]), wide: tensor([-2, 0, 2]) },
 *   { bins: 2 },
 * );
 * const [narrow, wide] = figure.data as { x: number[]; y: number[] }[];
 * assertEquals(narrow.x, [-2, -2, 0, 2]);
 * assertEquals(narrow.x, wide.x);
 * ```
 */
export function compare(
  sources: Readonly<Record<string, Source>>,
  options: CompareOptions = {},
): Figure {
  checkOptions(action, options, ["parameter", "theory", "bins", "range"]);
  const named = namedOf(sources, options.parameter);
  const { edges, rule } = chooseBins(named.map(({ values }) => values), {
    bins: options.bins,
    range: options.range,
    whole: named.every(({ tensor }) => isWhole(tensor)),
  });
  const entries = named.map((one) =>
    entryOf(one, edges, options.theory ?? true)
  );
  const heading = options.title ?? titleOf(entries.length);
  const facts = [
    `${edges.length - 1} shared bins (${rule})`,
    ...entries.some(({ density }) => density !== null)
      ? ["dashed: expected density"]
      : [],
  ].join(" · ");
  const width = options.width ?? size.width;
  const layout = pageLayout({
    title: heading,
    facts: [facts],
    legendRows: entries.length,
    width,
    height: options.height,
    plotHeight,
    margin,
  });
  const highest = largest(entries.flatMap(({ counted, density }) => [
    ...counted.densities,
    ...density?.y ?? [],
  ]));
  const places = [
    ...edges,
    ...entries.flatMap(({ density }) => density?.x ?? []),
  ];
  const lines = entries.map(({ name, fact }) => `${name}: ${fact}`);
  return new Figure({
    data: entries.flatMap((entry, index) =>
      tracesOf(entry, index, entries.length, width)
    ),
    layout: {
      ...layout,
      legend: { ...layout.legend, tracegroupgap: 0 },
      hovermode: "closest",
      xaxis: valueAxis(
        "value",
        padded(-largest(places.map((place) => -place)), largest(places)),
      ),
      yaxis: densityAxis(highest),
    },
    description: `Histograms on one axis, ${facts}. ${lines.join(". ")}.`,
    text: picture(heading, entries, facts),
  });
}

function namedOf(
  sources: Readonly<Record<string, Source>>,
  parameter: string | undefined,
): Named[] {
  if (typeof sources !== "object" || sources === null) {
    throw new TypeError(
      `Cannot ${action} as they must be an object of tensors or layers by name: current value is ${sources}`,
    );
  }
  const given = Object.entries(sources);
  if (given.length < 1 || given.length > most) {
    throw new RangeError(
      `Cannot ${action} as there must be 1 to ${most} of them: current value is ${given.length}`,
    );
  }
  return given.map(([name, source]) => {
    // A parameter is asked of layers; tensors are what they are.
    const asked = source instanceof Tensor ? undefined : parameter;
    const { tensor } = tensorOf(`${action} "${name}"`, source, asked);
    const values = valuesOf(tensor);
    const found = moments(values);
    if (found.count === 0) {
      throw new RangeError(
        `Cannot ${action} "${name}" as there must be a finite value: current value is ${values.length} values`,
      );
    }
    return { name, tensor, values, found };
  });
}

function entryOf(
  { name, tensor, values, found }: Named,
  edges: readonly number[],
  theory: boolean,
): Entry {
  const law = theory ? theoryOf(tensor) ?? null : null;
  const density = law === null || law.distribution === "constant"
    ? null
    : densityOf(law);
  const parts = [stdFact(found, law)];
  if (found.nonFinite > 0) {
    parts.push(`${formatCount(found.nonFinite)} not finite`);
  }
  const fact = parts.join(", ");
  return { name, counted: histogram(values, edges), density, fact };
}

function tracesOf(
  { name, counted, density, fact }: Entry,
  index: number,
  count: number,
  width: number,
): ScatterTrace[] {
  const color = palette[index % palette.length];
  const again = index >= palette.length;
  const suffix = `: ${fact}`;
  const room = width - margin.l - margin.r - 60 -
    textWidth(suffix, letters.text);
  const [shown] = wrapText(name, room, letters.text, 1);
  const label = asTyped(shown);
  const { edges, counts, densities } = counted;
  const place = rounder(edges.at(-1)! - edges[0]);
  const level = rounder(largest(densities));
  const outline: ScatterTrace = {
    type: "scatter",
    mode: "lines",
    name: asTyped(shown + suffix),
    legendgroup: String(index),
    // Up at the first edge, along the bins, down at the last edge.
    x: [edges[0], ...edges].map(place),
    y: [0, ...densities.map(level), 0],
    line: { color, width: 2, shape: "hv", dash: again ? "dot" : "solid" },
    // More than three areas over each other are mud.
    fill: count <= 3 ? "tozeroy" : "none",
    fillcolor: count <= 3 ? translucent(color, 0.15) : undefined,
    customdata: [0, ...counts, 0],
    hovertemplate:
      `${label}<br>bin from %{x:.4~g}<br>count %{customdata:,}<br>density %{y:.4~g}<extra></extra>`,
  };
  if (density === null) return [outline];
  return [outline, {
    type: "scatter",
    mode: "lines",
    name: `${label}, expected`,
    legendgroup: String(index),
    showlegend: false,
    x: density.x,
    y: density.y,
    line: { color, width: 1.5, dash: "4px,3px" },
    hoverinfo: "skip",
  }];
}

function titleOf(count: number): string {
  return count === 1 ? "1 weight" : `${count} weights compared`;
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

function picture(
  title: string,
  entries: readonly Entry[],
  facts: string,
): string {
  const lines = entries.flatMap(({ name, fact, counted }) => [
    `${name}: ${asciiMinus(fact)}`,
    blockHistogram(counted.counts).trimEnd(),
  ]);
  const { edges, counts } = entries[0].counted;
  const ends = endsLine(
    edges[0],
    edges.at(-1)!,
    blockHistogram(counts).length,
  );
  return [title, ...lines, ends, facts].join("\n");
}
