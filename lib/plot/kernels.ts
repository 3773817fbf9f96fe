/**
 * The kernels of a convolution as tiles of color.
 *
 * @module
 */

import { formatNumber } from "../core/format.ts";
import { cannot, checkFinite } from "../core/options.ts";
import type { Over, Source } from "../core/source.ts";
import { type Cells, cellsOf, shownFact, type Side, tilesOf } from "./cells.ts";
import { type FigureOptions, figureOptions } from "./change.ts";
import { type Figure, figureOf } from "./figure.ts";
import type { Panel } from "./page.ts";
import { type Sample, sampled } from "./sample.ts";
import { signPicture, textWidth } from "./text.ts";
import { tensorFacts } from "./theory.ts";
import { diverging, letters, none, titleOfAxis } from "./theme.ts";
import type { Axis, HeatmapTrace } from "./types.ts";

/** Options of {@linkcode kernels}. */
export interface KernelsOptions extends FigureOptions {
  /** Which of several tensors. Default: `weight`. */
  readonly parameter?: string;
  /** The output channels [from, to). Default: the first that fit. */
  readonly out?: readonly [number, number];
  /** The input channels [from, to). Default: the first that fit. */
  readonly in?: readonly [number, number];
  /**
   * The value of the strongest color, above 0. Default: the largest magnitude
   * in the tensor, shown or not.
   */
  readonly limit?: number;
}

const action = "plot kernels";
const margin = { l: 56, b: 46 };
/** The width of the color bar without its labels, in pixels. */
const besideLabels = 58;
const barHeight = 110;
const narrowest = 560;
const defaults = {
  parameter: undefined as string | undefined,
  out: undefined as readonly [number, number] | undefined,
  in: undefined as readonly [number, number] | undefined,
  limit: undefined as number | undefined,
};

/**
 * Returns a figure of a weight's kernels: a tile for each pair of output and
 * input channel, a cell for each value, colors symmetric about 0.
 *
 * The first axis is taken as output and the second as input channels. Kernels
 * of three axes are shown as slices side by side; a matrix is one tile, and
 * so are kernels of one value. One trace: a heat map, null between the tiles.
 *
 * @param source The weight, of rank 2 to 5: a tensor, numbers, a layer, a
 * checkpoint or its path.
 * @param options Which kernels, and the scale.
 * @returns The figure; a promise of it where a checkpoint is read.
 * @throws {TypeError} If an option or the source is of the wrong kind.
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
 * const [map] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals([map.zmin, map.zmax], [-0.25, 0.25]);
 * assertEquals(map.z[0].slice(0, 5), [-0.25, 0, 0, null, 0]);
 * ```
 */
export function kernels<S extends Source>(
  source: S,
  options: KernelsOptions = {},
): Over<S, Figure> {
  const given = figureOptions(action, options, defaults);
  return sampled(
    action,
    source,
    given.parameter,
    (sample) => draw(sample, given),
  );
}

function draw(sample: Sample, given: KernelsOptions): Figure {
  const { tensor, values, found } = sample;
  const tiles = tilesOf(action, tensor.shape, given);
  const limit = limitOf(given.limit, Math.max(-found.min, found.max));
  const cells = cellsOf(tiles, (index) => values[index]);
  const facts = [tensorFacts(tensor, found, 0), shownFact(tiles)];
  return figureOf(
    {
      panels: [panelOf(cells, limit, { title: sample.title, facts })],
      description: `Heat map of ${
        tiles.matrix ? "a matrix" : "kernels"
      }, blue below 0 and orange above. ${facts.join(". ")}.`,
      text: [signPicture(cells.z, limit), ...facts].join("\n"),
    },
    given,
    action,
  );
}

function limitOf(asked: number | undefined, largest: number): number {
  // Zeros alone determine no scale.
  if (asked === undefined) return largest === 0 ? 1 : largest;
  checkFinite(action, "limit", asked);
  if (asked <= 0) {
    throw new RangeError(
      cannot(action, "limit must be above 0", asked),
    );
  }
  return asked;
}

function mapTrace({ x, y, z }: Cells, limit: number): HeatmapTrace {
  const ticks = [-1, -0.5, 0, 0.5, 1].map((share) => share * limit);
  return {
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
      ticktext: ticks.map((tick) => formatNumber(tick, 3)),
      tickfont: { size: letters.label },
    },
  };
}

function panelOf(
  cells: Cells,
  limit: number,
  head: Pick<Panel, "title" | "facts">,
): Panel {
  const { x, y } = cells;
  const map = mapTrace(cells, limit);
  const cell = cellSize(x.names.length, y.names.length);
  const plotWidth = cell * x.names.length;
  const widest = Math.max(
    ...map.colorbar!.ticktext!.map((label) => textWidth(label, letters.label)),
  );
  const r = Math.ceil(besideLabels + widest);
  const width = Math.max(narrowest, margin.l + plotWidth + r);
  return {
    ...head,
    traces: [map],
    axes: {
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
    colors: [],
    width,
    spare: width - margin.l - plotWidth - r,
    margin: { ...margin, r },
    plotHeight: Math.max(barHeight, cell * y.names.length),
  };
}

/** Whole pixels: large for few cells, just visible for many. */
function cellSize(columns: number, rows: number): number {
  const size = Math.floor(Math.min(640 / columns, 480 / rows));
  return Math.min(28, Math.max(3, size));
}

/** Labels every so many channels, so that they do not touch. */
function channelAxis({ ticks, title }: Side, cell: number): Axis {
  const apart = ticks.length > 1 ? (ticks[1].at - ticks[0].at) * cell : cell;
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    .find((step) => step * apart >= 22) ?? 2000;
  const shown = ticks.filter(({ channel }) => channel % every === 0);
  return {
    type: "category",
    title: titleOfAxis(title, 6),
    tickmode: "array",
    tickvals: shown.map(({ at }) => at),
    ticktext: shown.map(({ channel }) => String(channel)),
    tickfont: { size: letters.label },
    // Invisible ticks keep the labels off the cells.
    ticks: "outside",
    ticklen: 3,
    tickcolor: none,
    showgrid: false,
    zeroline: false,
    constrain: "domain",
  };
}
