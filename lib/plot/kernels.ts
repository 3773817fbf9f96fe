/**
 * The kernels of a convolution as tiles of colour.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import { moments } from "../statistics/moments.ts";
import { tensorFacts } from "./facts.ts";
import { Figure } from "./figure.ts";
import { formatNumber } from "./format.ts";
import type { Axis } from "./layout.ts";
import { textWidth } from "./measure.ts";
import { checkOptions, type FigureOptions } from "./options.ts";
import { pageLayout } from "./page.ts";
import { signPicture } from "./picture.ts";
import { type Source, tensorOf, valuesOf } from "./source.ts";
import { diverging, letters, none } from "./theme.ts";
import { type Range, type Tiles, tilesOf } from "./tiles.ts";

/** Options of {@linkcode kernels}. */
export interface KernelsOptions extends FigureOptions {
  /** Which of a layer's parameters. Default: `weight`. */
  readonly parameter?: string;
  /** The output channels [from, to). Default: the first that fit. */
  readonly out?: Range;
  /** The input channels [from, to). Default: the first that fit. */
  readonly in?: Range;
  /**
   * The value of the strongest colour, above 0. Default: the largest size of
   * any value of the tensor, shown or not.
   */
  readonly limit?: number;
}

const action = "plot kernels";
const margin = { l: 56, b: 46 };
/** From the plot to the labels of the colour bar, and after them, in pixels. */
const beforeLabels = 44;
const afterLabels = 14;
const barHeight = 110;
const narrowest = 560;

/**
 * Returns a figure of a weight's kernels: a tile for each pair of output and
 * input channel, a cell for each value, colours symmetric about 0.
 *
 * The first axis is taken as output and the second as input channels. Kernels
 * of three axes are shown as slices side by side; a matrix is one tile. One
 * trace: a heat map, null between the tiles.
 *
 * @param source A tensor of rank 2 to 5, or a layer.
 * @param options Which kernels, and the scale.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If the rank is not in [2, 5], a range is not within its
 * axis, or an option is out of its interval.
 *
 * @example
 * ```ts
 * import { empty, plot } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const weight = empty([2, 4, 3, 3]);
 * weight.data[0] = -0.25;
 * const figure = plot.kernels(weight);
 * const map = figure.data[0] as { zmin: number; zmax: number; z: number[][] };
 * assertEquals([map.zmin, map.zmax], [-0.25, 0.25]);
 * assertEquals(map.z[0].slice(0, 5), [-0.25, 0, 0, null, 0]);
 * ```
 */
export function kernels(source: Source, options: KernelsOptions = {}): Figure {
  checkOptions(action, options, ["parameter", "out", "in", "limit"]);
  const { tensor, title } = tensorOf(action, source, options.parameter);
  const tiles = tilesOf(action, tensor.shape, options);
  const values = valuesOf(tensor);
  const found = moments(values);
  const limit = limitOf(options.limit, found.min, found.max);
  const { x, y, z } = cellsOf(tiles, (index) => values[index]);
  const cell = cellSize(x.names.length, y.names.length);
  const plotWidth = cell * x.names.length;
  const ticks = [-1, -0.5, 0, 0.5, 1].map((share) => share * limit);
  const labels = ticks.map((tick) => formatNumber(tick, 3));
  const barWidth = beforeLabels + afterLabels +
    Math.max(...labels.map((label) => textWidth(label, letters.label)));
  const width = options.width ??
    Math.max(narrowest, Math.ceil(margin.l + plotWidth + barWidth));
  const heading = options.title ?? title;
  const facts = [tensorFacts(tensor, found, 0), shownFact(tiles)];
  const layout = pageLayout({
    title: heading,
    facts,
    legendRows: 0,
    width,
    height: options.height,
    plotHeight: Math.max(barHeight, cell * y.names.length),
    margin: {
      ...margin,
      r: options.width === undefined
        ? width - margin.l - plotWidth
        : Math.ceil(barWidth),
    },
  });
  return new Figure({
    data: [{
      type: "heatmap",
      x: x.names,
      y: y.names,
      z,
      zmin: -limit,
      zmax: limit,
      colorscale: diverging,
      hoverongaps: false,
      hovertemplate: "%{y}<br>%{x}<br>value %{z:.4~g}<extra></extra>",
      colorbar: {
        thickness: 14,
        outlinewidth: 0,
        tickvals: ticks,
        ticktext: labels,
        tickfont: { size: letters.label },
      },
    }],
    layout: {
      ...layout,
      hovermode: "closest",
      xaxis: {
        ...channelAxis(x, cell),
        range: [-0.5, x.names.length - 0.5],
        constraintoward: "left",
      },
      yaxis: {
        ...channelAxis(y, cell),
        range: [y.names.length - 0.5, -0.5],
        scaleanchor: "x",
        constraintoward: "top",
      },
    },
    description: `Heat map of ${
      tiles.matrix ? "a matrix" : "kernels"
    }, blue below 0 and orange above. ${facts.join(". ")}.`,
    text: [heading, signPicture(z, limit), ...facts].join("\n"),
  });
}

function limitOf(limit: number | undefined, min: number, max: number): number {
  if (limit === undefined) return Math.max(-min, max) || 1;
  if (typeof limit !== "number") {
    throw new TypeError(
      `Cannot ${action} as limit must be a number: current value is ${limit}`,
    );
  }
  if (!(limit > 0 && Number.isFinite(limit))) {
    throw new RangeError(
      `Cannot ${action} as limit must be finite and above 0: current value is ${limit}`,
    );
  }
  return limit;
}

/** A direction of the picture: its cells and gaps, and what ticks say. */
interface Direction {
  /** What hovering says of each row or column of cells; gaps too have names. */
  readonly names: readonly string[];
  /** For each, the index among channels, depth and cells; null is a gap. */
  readonly cells: readonly (readonly [number, number, number] | null)[];
  /** The middles of channels and their numbers. */
  readonly ticks: readonly (readonly [number, string])[];
  /** What the axis is. */
  readonly title: string;
}

function cellsOf(
  tiles: Tiles,
  read: (index: number) => number,
): { x: Direction; y: Direction; z: (number | null)[][] } {
  const { ins, depth, rows, columns, across } = tiles;
  const sideways = across === "in";
  const x = directionOf(tiles, across, "column", columns, sideways ? depth : 1);
  const y = directionOf(
    tiles,
    sideways ? "out" : "in",
    "row",
    rows,
    sideways ? 1 : depth,
  );
  const z = y.cells.map((down) =>
    x.cells.map((right) => {
      if (down === null || right === null) return null;
      const [out, input] = sideways ? [down[0], right[0]] : [right[0], down[0]];
      const slice = sideways ? right[1] : down[1];
      const place = ((out * ins + input) * depth + slice) * rows + down[2];
      return Number(read(place * columns + right[2]).toPrecision(4));
    })
  );
  return { x, y, z };
}

function directionOf(
  tiles: Tiles,
  channel: "out" | "in",
  cell: "row" | "column",
  count: number,
  depth: number,
): Direction {
  const word = channel === "out" ? "output" : "input";
  const names: string[] = [];
  const cells: ([number, number, number] | null)[] = [];
  const ticks: [number, string][] = [];
  const [from, to] = tiles[channel];
  for (let index = from; index < to; index++) {
    const first = names.length;
    for (let slice = 0; slice < depth; slice++) {
      if (!tiles.matrix && names.length > 0) {
        names.push(`gap ${names.length}`);
        cells.push(null);
      }
      for (let at = 0; at < count; at++) {
        const parts = [`${word} ${index}`];
        if (tiles.depth > 1 && depth > 1) parts.push(`slice ${slice}`);
        if (count > 1) parts.push(`${cell} ${at}`);
        names.push(parts.join(", "));
        cells.push([index, slice, at]);
      }
    }
    const start = first > 0 && !tiles.matrix ? first + 1 : first;
    ticks.push([(start + names.length - 1) / 2, String(index)]);
  }
  const title = tiles.matrix ? word : `${word} channel`;
  return { names, cells, ticks, title };
}

/** Whole pixels: large for few cells, and for many as small as can be seen. */
function cellSize(columns: number, rows: number): number {
  const size = Math.floor(Math.min(640 / columns, 480 / rows));
  return Math.min(28, Math.max(3, size));
}

/** Labels every so many channels, so that they do not touch. */
function channelAxis({ ticks, title }: Direction, cell: number): Axis {
  const apart = ticks.length > 1 ? (ticks[1][0] - ticks[0][0]) * cell : cell;
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    .find((step) => step * apart >= 22) ?? 2000;
  const shown = ticks.filter(([, text]) => Number(text) % every === 0);
  return {
    type: "category",
    title: { text: title, font: { size: letters.text }, standoff: 6 },
    // Ticks that are not seen keep the labels off the cells.
    ticks: "outside",
    ticklen: 3,
    tickcolor: none,
    tickmode: "array",
    tickvals: shown.map(([at]) => at),
    ticktext: shown.map(([, text]) => text),
    tickfont: { size: letters.label },
    showgrid: false,
    zeroline: false,
    constrain: "domain",
  };
}

function shownFact(tiles: Tiles): string {
  const part = (word: string, [from, to]: Range, all: number) =>
    to - from === all
      ? all === 1 ? `the only ${word}` : `all ${all} ${word}s`
      : to - from === 1
      ? `${word} ${from} of ${all}`
      : `${word}s ${from} to ${to - 1} of ${all}`;
  const shown = `${part("output", tiles.out, tiles.outs)}, ${
    part("input", tiles.in, tiles.ins)
  }`;
  if (tiles.matrix) return `shown: ${shown}`;
  const kernel = [tiles.depth, tiles.rows, tiles.columns].slice(
    tiles.depth > 1 ? 0 : tiles.rows > 1 ? 1 : 2,
  );
  return `kernels ${formatShape(kernel)} of ${shown}`;
}
