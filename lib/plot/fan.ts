/**
 * A drawing of what fan-in and fan-out count.
 *
 * @module
 */

import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { fan as fanOf } from "../scaling/fan.ts";
import type { FanOptions } from "../scaling/fan_axes.ts";
import { type Block, blockOf, type Channels, partOf } from "./fan_block.ts";
import { cellTraces, cellUnit, meanings, unitTraces } from "./fan_traces.ts";
import { Figure } from "./figure.ts";
import { formatCount } from "./format.ts";
import type { Annotation, Axis, Layout } from "./layout.ts";
import { asTyped } from "./markup.ts";
import { type FigureOptions, figureOptions } from "./options.ts";
import { pageLayout } from "./page.ts";
import { letters, none, size } from "./theme.ts";

/** Options of {@linkcode fan}: those of `fan` but the stride, which is a mean. */
export interface FanFigureOptions
  extends FigureOptions, Omit<FanOptions, "stride"> {}

const action = "draw a fan";
const margin = { l: 16, r: 16, b: 46 };
/** Where the units and the weight stand, as shares of the width. */
const domains = { units: [0.02, 0.28], weight: [0.4, 1] } as const;
/** A cell's size; a block of few cells has larger ones, with room for titles. */
const cellPixels = { most: 26, block: 110 } as const;
const heights = { least: 170, most: 340 } as const;
const defaults = {
  transposed: undefined as FanOptions["transposed"],
  groups: undefined as FanOptions["groups"],
  fused: undefined as FanOptions["fused"],
  axes: undefined as FanOptions["axes"],
};

/**
 * Returns a drawing of what the fan-in and the fan-out of a weight count: at the
 * left its inputs and outputs with their connections, at the right its values, a
 * tile for each pair of output and input and a cell for each place of the kernel.
 *
 * Lit are the weights that go into one output, whose number is the fan-in, and
 * those by which one input goes out, whose number is the fan-out. The tile that
 * both share is the receptive field. Of many channels or places the first and
 * the last are shown, and dots between. A kernel of three axes is drawn as its
 * slices side by side.
 *
 * Traces: the connections and the units, then the cells: the others, the fan-in,
 * the fan-out, and what they share.
 *
 * @param weight A shape or a tensor with at most 3 kernel axes.
 * @param options What the shape does not say, as for `fan`.
 * @throws {TypeError} If it is neither a shape nor a tensor, or an option is
 * unknown or of another kind.
 * @throws {RangeError} If the rank is below 2, a size is 0, there are more than
 * 3 kernel axes, or an option does not fit.
 *
 * @example
 * ```ts
 * import { plot } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = plot.fan([33, 16, 3, 3]);
 * const shown = figure.data.filter(({ showlegend }) => showlegend);
 * assertEquals(shown.map(({ name }) => name), [
 *   "fan in = 16 · 9 = 144: what goes into one output",
 *   "fan out = 33 · 9 = 297: what one input goes to",
 *   "receptive field = 3 · 3 = 9: what joins the two",
 * ]);
 * ```
 */
export function fan(
  weight: Shape | Tensor,
  options: FanFigureOptions = {},
): Figure {
  const given = figureOptions(action, options, defaults);
  const { transposed, groups, fused, axes } = given;
  const counted = fanOf(weight, { transposed, groups, fused, axes });
  const { derivation } = counted;
  const block = blockOf(action, derivation);
  const names = meanings(derivation);
  const shape = formatShape(derivation.shape);
  const title = given.title ?? `Fan in and fan out of ${shape}`;
  const facts = [sizeFact(derivation.shape, block)];
  const { both, input, output } = names;
  return new Figure({
    title,
    data: [
      ...unitTraces(block, groups !== undefined),
      ...cellTraces(block, names),
    ],
    layout: layoutOf(block, { ...given, title }, facts),
    description:
      `A drawing of a weight as a block of cells, a row of tiles for each output and a column for each input. ${
        [...facts, input, output, both].join(". ")
      }.`,
    text: [title, ...picture(block), counted.toString()].join("\n"),
  });
}

function sizeFact(shape: Shape, { kernel }: Block): string {
  const count = elementCount(shape);
  const values = `${formatCount(count)} weight${count === 1 ? "" : "s"}`;
  const places = kernel.join(" × ");
  return kernel.length === 0
    ? `${values}, one for each pair of output and input`
    : `${values}: a kernel of ${places} for each pair of output and input`;
}

function layoutOf(
  block: Block,
  { title, width = size.width, height, groups }: FanFigureOptions,
  facts: readonly string[],
): Layout {
  const [from, to] = domains.weight;
  const room = (to - from) * (width - margin.l - margin.r);
  const extent = (strips: Block["rows"]) => strips.at(-1)!.at + 1;
  const [across, down] = [extent(block.columns), extent(block.rows)];
  const largest = Math.min(
    Math.max(cellPixels.most, cellPixels.block / Math.max(across, down)),
    room / across,
  );
  const page = pageLayout({
    title: title!,
    facts,
    legendRows: 3,
    width,
    height,
    plotHeight: Math.round(
      Math.min(heights.most, Math.max(heights.least, largest * down)),
    ),
    below: (groups ?? 1) > 1 ? 52 : 38,
    margin,
  });
  const tall = page.height - page.margin.t - page.margin.b;
  const cell = Math.min(largest, tall / down);
  // Square cells, in the middle of the height.
  const share = down * cell / tall;
  return {
    ...page,
    legend: { ...page.legend, orientation: "v", tracegroupgap: 0 },
    hovermode: "closest",
    annotations: [...page.annotations!, ...unitLabels(block, groups)],
    xaxis: {
      ...channelAxis(block.inputs, block.columns),
      domain: [from, from + (to - from) * across * cell / room],
      range: [0, across * cellUnit],
    },
    yaxis: {
      ...channelAxis(block.outputs, block.rows),
      domain: [(1 - share) / 2, (1 + share) / 2],
      range: [down * cellUnit, 0],
      anchor: "x",
    },
    xaxis2: {
      ...bare,
      domain: domains.units,
      range: [-0.12, 1.12],
      anchor: "y2",
    },
    yaxis2: { ...bare, range: [-1.04, 0.04], anchor: "x2" },
  };
}

const bare: Axis = {
  type: "linear",
  showgrid: false,
  zeroline: false,
  showticklabels: false,
};

/** The channels' numbers, each at the middle of its cells. */
function channelAxis(
  { role, size, slots, axes }: Channels,
  strips: Block["rows"],
): Axis {
  const middles = slots.map(({ index }) => {
    const own = strips.filter(({ channel }) => channel === index);
    const middle = (own[0].at + own.at(-1)!.at + 1) / 2;
    return Math.round(middle * cellUnit);
  });
  return {
    ...bare,
    title: {
      text: `${role}, ${axes}: ${formatCount(size)}`,
      font: { size: letters.text },
      standoff: 6,
    },
    tickmode: "array",
    tickvals: middles,
    ticktext: slots.map(({ index, dots }) => dots ? "…" : String(index)),
    tickfont: { size: letters.label },
    ticks: "outside",
    ticklen: 2,
    tickcolor: none,
    showticklabels: true,
  };
}

function unitLabels(
  { inputs, outputs }: Block,
  groups: number | undefined,
): Annotation[] {
  return [inputs, outputs].map((channels, x) => ({
    text: unitLabel(channels, groups).map(asTyped).join("<br>"),
    x,
    y: 1,
    xref: "x2",
    yref: "paper",
    xanchor: "center",
    yanchor: "bottom",
    showarrow: false,
    borderpad: 0,
    borderwidth: 0,
    font: { size: letters.label },
  }));
}

/** One side of a grouped weight has all channels, the other a group's. */
function unitLabel(
  { role, size, block }: Channels,
  groups: number | undefined,
): string[] {
  const lines = [formatCount(size), `${role}${size === 1 ? "" : "s"}`];
  if (groups === undefined || groups === 1) return lines;
  return [...lines, block < size ? `${groups} groups` : "a group"];
}

/** Cells as letters: i and o for what is lit, x for both, dots for the rest. */
function picture(block: Block): string[] {
  const { rows, columns } = block;
  const signs = { other: "·", input: "i", output: "o", both: "x" };
  const gap = (strips: Block["rows"], index: number) =>
    index > 0 && strips[index].at - strips[index - 1].at > 1.01;
  return rows.flatMap((row, r) => {
    const line = columns.map((column, c) => {
      const sign = row.dots || column.dots
        ? "…"
        : signs[partOf(block, row.channel, column.channel)];
      return gap(columns, c) ? ` ${sign}` : sign;
    }).join("");
    return gap(rows, r) ? ["", line] : [line];
  });
}
