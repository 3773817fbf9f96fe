/**
 * Draws what fan-in and fan-out count.
 *
 * @module
 */

import { over } from "../checkpoint/source.ts";
import { cannot } from "../core/options.ts";
import { formatCount, plural } from "../core/format.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import { checkAlone, type Over, pick, type Source } from "../core/source.ts";
import {
  fan as fanOf,
  type FanAxis,
  type FanDerivation,
  type FanOptions,
  type FanRole,
  formatName,
  formatStep,
  isShape,
} from "../init/scaling.ts";
import { type FigureOptions, figureOptions } from "./change.ts";
import { type Figure, figureOf } from "./figure.ts";
import type { Panel } from "./page.ts";
import { asTyped } from "./text.ts";
import {
  ink,
  letters,
  none,
  palette,
  size,
  titleOfAxis,
  translucent,
} from "./theme.ts";
import type { Annotation, Axis, ScatterTrace } from "./types.ts";

/** A shown index, or the first of several that dots replace. */
interface Slot {
  /** The index. */
  readonly index: number;
  /** Whether it is dots. */
  readonly dots: boolean;
}

/** The channels along one direction. */
interface Channels {
  /** What they are. */
  readonly role: "input" | "output";
  /** How many there are. */
  readonly size: number;
  /** How many of them the chosen channel is connected to. */
  readonly block: number;
  /** Which are shown. */
  readonly slots: readonly Slot[];
  /** The channel whose connections are highlighted. */
  readonly chosen: number;
  /** Which axes they are: `axis 1`. */
  readonly axes: string;
}

/** A row or a column of cells. */
interface Strip {
  /** The channel it belongs to. */
  readonly channel: number;
  /** Whether it holds dots. */
  readonly dots: boolean;
  /** Where it begins; a cell is 1 wide. */
  readonly at: number;
}

/** The block of a weight. */
interface Block {
  /** The channels along the rows' direction, downwards. */
  readonly outputs: Channels;
  /** The channels along the columns' direction, to the right. */
  readonly inputs: Channels;
  /** The kernel's sizes, none for a matrix. */
  readonly kernel: readonly number[];
  /** Rows of cells. */
  readonly rows: readonly Strip[];
  /** Columns of cells. */
  readonly columns: readonly Strip[];
}

/** The part that a cell belongs to. */
type Part = "other" | "input" | "output" | "both";

/** A shown channel with its place, from 0 at the top to −1. */
interface Unit {
  readonly index: number;
  readonly dots: boolean;
  readonly y: number;
}

/** Options of {@linkcode fan}: those of `fan` but the stride, which is a mean. */
export interface FanFigureOptions
  extends FigureOptions, Omit<FanOptions, "stride"> {
  /** The name of the tensor, if there are several. Default: `weight`. */
  readonly parameter?: string;
}

const mostColumns = 24;
const mostRows = 18;
/** Keeps a bundle, which holds each cell twice, below 60 kB. */
const mostCells = 470;
/**
 * The largest shown height and width of a kernel that keep the cells few
 * enough.
 */
const mostPlaces = [7, 5, 4, 3] as const;
const tileGap = 0.7;
const sliceGap = 0.3;

const [blue, vermilion, green] = palette;

/** Drawn in this order, so highlighted cells lie on top. */
const parts: readonly Part[] = ["other", "input", "output", "both"];

const colors: Readonly<Record<Part, string>> = {
  other: translucent(ink, 0.3),
  input: blue,
  output: vermilion,
  both: green,
};

/** A cell on the axes: corners and gaps are whole numbers, which are short. */
const cellUnit = 20;

/** Free space about a cell's square, and about a dot, on the axes. */
const inset = { cell: 1, dots: 7 } as const;

const unitAxes = {
  type: "scatter",
  showlegend: false,
  xaxis: "x2",
  yaxis: "y2",
} as const;

const action = "draw a fan";
const margin = { l: 16, r: 16, b: 46 };
/** The places of the units and the weight, as shares of the width. */
const domains = { units: [0.02, 0.28], weight: [0.4, 1] } as const;
/** A cell's size; a block of few cells has larger ones, with room for titles. */
const cellPixels = { most: 26, block: 110 } as const;
const heights = { least: 170, most: 340 } as const;
const defaults = {
  parameter: undefined as string | undefined,
  transposed: undefined as FanOptions["transposed"],
  groups: undefined as FanOptions["groups"],
  fused: undefined as FanOptions["fused"],
  axes: undefined as FanOptions["axes"],
};

const bare: Axis = {
  type: "linear",
  showgrid: false,
  zeroline: false,
  showticklabels: false,
};

/**
 * Returns a drawing of what the fan-in and the fan-out of a weight count: at the
 * left its inputs and outputs with their connections, at the right its values, a
 * tile for each pair of output and input and a cell for each place of the kernel.
 *
 * It highlights the weights that go into one output, whose number is the
 * fan-in, and the weights that lead out of one input, whose number is the
 * fan-out. The tile that both share is the receptive field. If there are many
 * channels or places, it shows the first and the last with dots between them. A
 * kernel of three axes is drawn as its slices side by side.
 *
 * Traces: the connections and the units, then the cells: the others, the fan-in,
 * the fan-out, and what they share.
 *
 * @param weight A shape, or a tensor, a layer, a checkpoint or its path: of at
 * most 3 kernel axes. A flat array of numbers is a shape.
 * @param options What the shape alone does not say, as for `fan`.
 * @returns The figure; a promise of it where a checkpoint is read.
 * @throws {TypeError} If it is neither a shape nor a source, or an option is
 * unknown or of the wrong kind.
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
export function fan<S extends Source>(
  weight: S,
  options: FanFigureOptions = {},
): Over<S, Figure> {
  const given = figureOptions(action, options, defaults);
  // A flat array of numbers is a shape, as for `fan`.
  if (isShape(weight)) {
    checkAlone(action, given.parameter);
    return draw(weight, given) as Over<S, Figure>;
  }
  return over(
    action,
    weight,
    ([[, tensor]]) => draw(tensor.shape, given),
    (names) => [pick(action, names, given.parameter)],
  );
}

function draw(
  counts: Shape,
  given: FanFigureOptions,
): Figure {
  const { transposed, groups, fused, axes } = given;
  const counted = fanOf(counts, { transposed, groups, fused, axes });
  const { derivation } = counted;
  const block = blockOf(action, derivation);
  const names = meanings(derivation);
  const shape = formatShape(derivation.shape);
  const facts = [sizeFact(derivation.shape, block)];
  const { both, input, output } = names;
  const lines = [...facts, input, output, both].join(". ");
  return figureOf(
    {
      panels: [{
        title: `Fan in and fan out of ${shape}`,
        facts,
        traces: [
          ...unitTraces(block, groups !== undefined),
          ...cellTraces(block, names),
        ],
        ...axesOf(block),
        annotations: unitLabels(block, groups),
        colors: [[blue], [vermilion], [green]],
        below: (groups ?? 1) > 1 ? 52 : 38,
        spare: 0,
        margin,
      }],
      description:
        `A drawing of a weight as a block of cells, a row of tiles for each output and a column for each input. ${lines}.`,
      text: [...picture(block), counted.toString()].join("\n"),
    },
    given,
    action,
  );
}

/**
 * Returns the block of a weight.
 *
 * @throws {RangeError} If it has more than 3 kernel axes, or no element.
 */
function blockOf(
  action: string,
  { shape, axes }: FanDerivation,
): Block {
  const kernel = axes.filter(({ role }) => role === "kernel")
    .map(({ size }) => size);
  if (kernel.length > 3 || shape.includes(0)) {
    const problem = kernel.length > 3
      ? "there must be at most 3 kernel axes"
      : "it must have an element";
    throw new RangeError(
      cannot(action, problem, formatShape(shape)),
    );
  }
  const blocks = mostPlaces.map((places) => withPlaces(axes, kernel, places));
  return blocks.find(({ rows, columns }) =>
    rows.length * columns.length <= mostCells
  ) ?? blocks.at(-1)!;
}

/** The block with at most so many places of a kernel's height and width. */
function withPlaces(
  axes: readonly FanAxis[],
  kernel: readonly number[],
  places: number,
): Block {
  const [depth, height, width] = [1, 1, 1, ...kernel].slice(-3);
  const [slices, down, along] = [
    slotsOf(depth, 3),
    slotsOf(height, places),
    slotsOf(width, places),
  ];
  const few = (most: number, cells: number) =>
    Math.min(10, Math.max(4, Math.floor(most / cells)));
  const inputs = channelsOf(
    axes,
    "input",
    few(mostColumns, slices.length * along.length),
  );
  const matrix = kernel.length === 0;
  const columns = stripsOf(inputs, slices, along, matrix);
  const mostHere = Math.min(mostRows, mostCells / columns.length);
  const outputs = channelsOf(axes, "output", few(mostHere, down.length));
  const rows = stripsOf(outputs, [{ index: 0, dots: false }], down, matrix);
  return { outputs, inputs, kernel, rows, columns };
}

/** All indices, or the first ones, dots, and the last one. */
function slotsOf(size: number, most: number, from = 0): Slot[] {
  const slot = (index: number, dots = false) => ({ index: from + index, dots });
  if (size <= most) return Array.from({ length: size }, (_, i) => slot(i));
  return [
    ...Array.from({ length: most - 2 }, (_, i) => slot(i)),
    slot(most - 2, true),
    slot(size - 1),
  ];
}

function channelsOf(
  axes: readonly FanAxis[],
  role: FanRole & Channels["role"],
  most: number,
): Channels {
  const own = axes.filter((axis) => axis.role === role);
  const size = own.reduce((product, axis) => product * axis.size, 1);
  const divisor = own.reduce(
    (product, axis) => product * (axis.divisor?.value ?? 1),
    1,
  );
  const block = size / divisor;
  // Show where the connected channels end, too.
  const slots = size <= most || block === size ? slotsOf(size, most) : [
    ...slotsOf(block, Math.max(3, most - 3)),
    ...slotsOf(size - block, 3, block),
  ];
  const numbers = own.map(({ axis }) => axis).join(", ");
  return {
    role,
    size,
    block,
    slots,
    chosen: Math.min(1, block - 1),
    axes: own.length === 0
      ? "no axis"
      : `${own.length === 1 ? "axis" : "axes"} ${numbers}`,
  };
}

function stripsOf(
  { slots, block }: Channels,
  slices: readonly Slot[],
  cells: readonly Slot[],
  matrix: boolean,
): Strip[] {
  const strips: Strip[] = [];
  let at = 0;
  slots.forEach((channel, place) => {
    if (place > 0 && !matrix) at += tileGap;
    if (place > 0 && channel.index === block) at += tileGap;
    if (channel.dots) {
      strips.push({ channel: channel.index, dots: true, at: at++ });
      return;
    }
    slices.forEach((slice, beside) => {
      if (beside > 0) at += sliceGap;
      for (const cell of slice.dots ? [slice] : cells) {
        const dots = slice.dots || cell.dots;
        strips.push({ channel: channel.index, dots, at: at++ });
      }
    });
  });
  return strips;
}

/** Describes each color, with its formula. */
function meanings({ steps }: FanDerivation): Record<Part, string> {
  const [field, fanIn, fanOut] = steps.map((step) =>
    `${formatName(step)} = ${formatStep(step)}`
  );
  return {
    other: "the other weights",
    input: `${fanIn}: what goes into one output`,
    output: `${fanOut}: what one input goes to`,
    both: `${field}: what joins the two`,
  };
}

function sizeFact(shape: Shape, { kernel }: Block): string {
  const count = elementCount(shape);
  const values = plural(count, "weight");
  const places = kernel.join(" × ");
  return kernel.length === 0
    ? `${values}, one for each pair of output and input`
    : `${values}: a kernel of ${places} for each pair of output and input`;
}

/**
 * Returns inputs and outputs as dots, with a line for each pair that a kernel
 * connects.
 */
function unitTraces(block: Block, apart: boolean): ScatterTrace[] {
  const [inputs, outputs] = [block.inputs, block.outputs];
  const near = heightsOf(inputs);
  const far = heightsOf(outputs);
  const lines = parts.flatMap((part) => {
    const pairs = near.flatMap((from) =>
      far.filter((to) =>
        !from.dots && !to.dots &&
        partOf(block, to.index, from.index) === part &&
        !(apart && (from.index >= inputs.block || to.index >= outputs.block))
      ).map((to) => [from.y, to.y])
    );
    if (pairs.length === 0) return [];
    return [{
      ...unitAxes,
      mode: "lines" as const,
      legendgroup: part,
      x: pairs.flatMap((_, i) => i === 0 ? [0, 1] : [null, 0, 1]),
      y: pairs.flatMap(([from, to], i) =>
        i === 0 ? [from, to] : [null, from, to]
      ),
      line: { color: colors[part], width: part === "other" ? 1 : 2 },
      hoverinfo: "skip",
    }];
  });
  return [
    ...lines,
    ...ellipses([near, far]),
    dotsTrace(near, 0, inputs),
    dotsTrace(far, 1, outputs),
  ];
}

function heightsOf({ slots }: Channels): Unit[] {
  const count = slots.length;
  // A few are centered; many span the whole height.
  const step = Math.min(0.2, 1 / Math.max(1, count - 1));
  return slots.map((slot, place) => ({
    ...slot,
    y: Number((-0.5 - (place - (count - 1) / 2) * step).toFixed(4)),
  }));
}

/**
 * Returns which part a pair of channels belongs to: the inputs of the chosen
 * output, the outputs of the chosen input, both, or neither.
 */
function partOf(
  { outputs, inputs }: Block,
  output: number,
  input: number,
): Part {
  const ofOutput = output === outputs.chosen && input < inputs.block;
  const ofInput = input === inputs.chosen && output < outputs.block;
  if (ofOutput) return ofInput ? "both" : "input";
  return ofInput ? "output" : "other";
}

/** Three small dots for each gap. */
function ellipses(sides: readonly (readonly Unit[])[]): ScatterTrace[] {
  const dots = sides.flatMap((units, x) =>
    units.filter(({ dots }) => dots).flatMap(({ y }) =>
      [-0.03, 0, 0.03].map((shift) => ({ x, y: y + shift }))
    )
  );
  if (dots.length === 0) return [];
  return [{
    ...unitAxes,
    mode: "markers",
    x: dots.map(({ x }) => x),
    y: dots.map(({ y }) => y),
    marker: { color: ink, size: 3 },
    hoverinfo: "skip",
  }];
}

function dotsTrace(
  units: readonly Unit[],
  x: number,
  { role, chosen }: Channels,
): ScatterTrace {
  const shown = units.filter(({ dots }) => !dots);
  return {
    ...unitAxes,
    mode: "markers",
    x: shown.map(() => x),
    y: shown.map(({ y }) => y),
    customdata: shown.map(({ index }) =>
      `${role} ${index}${index === chosen ? ", lit" : ""}`
    ),
    marker: { color: ink, size: 8 },
    hovertemplate: "%{customdata}<extra></extra>",
  };
}

/**
 * Returns the squares of the weight's cells, a trace for each part; the legend
 * lists the highlighted ones.
 */
function cellTraces(
  block: Block,
  names: Readonly<Record<Part, string>>,
): ScatterTrace[] {
  return parts.flatMap((part) => {
    const x: (number | null)[] = [];
    const y: (number | null)[] = [];
    for (const row of block.rows) {
      for (const column of block.columns) {
        if (partOf(block, row.channel, column.channel) !== part) continue;
        const gap = row.dots || column.dots ? inset.dots : inset.cell;
        const [left, right] = endsOf(column, gap);
        const [top, bottom] = endsOf(row, gap);
        if (x.length > 0) x.push(null), y.push(null);
        // To the far corner and back, each time across and then up or down.
        x.push(left, right, left);
        y.push(top, bottom, top);
      }
    }
    if (x.length === 0) {
      if (part === "other") return [];
      // The legend shows its formula even so.
      x.push(null), y.push(null);
    }
    return [{
      type: "scatter" as const,
      mode: "lines" as const,
      name: names[part],
      showlegend: part !== "other",
      legendgroup: part,
      x,
      y,
      line: { color: colors[part], width: 0, shape: "hv" as const },
      fill: "toself" as const,
      fillcolor: colors[part],
      text: names[part],
      hoverinfo: "text",
    }];
  });
}

function endsOf({ at }: Strip, gap: number): [number, number] {
  return [at * cellUnit + gap, (at + 1) * cellUnit - gap].map(Math.round) as [
    number,
    number,
  ];
}

/** Square cells, in the middle of the height; the plot is high enough for all. */
function axesOf(block: Block): Pick<Panel, "axes" | "fit" | "plotHeight"> {
  const [from, to] = domains.weight;
  const extent = (strips: Block["rows"]) => strips.at(-1)!.at + 1;
  const [across, down] = [extent(block.columns), extent(block.rows)];
  const cellFor = (width: number) =>
    Math.min(
      Math.max(cellPixels.most, cellPixels.block / Math.max(across, down)),
      (to - from) * width / across,
    );
  const high = cellFor(size.width - margin.l - margin.r) * down;
  return {
    plotHeight: Math.round(
      Math.min(heights.most, Math.max(heights.least, high)),
    ),
    axes: {
      xaxis: {
        ...channelAxis(block.inputs, block.columns),
        range: [0, across * cellUnit],
      },
      yaxis: {
        ...channelAxis(block.outputs, block.rows),
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
    },
    fit({ width, height }) {
      const cell = Math.min(cellFor(width), height / down);
      const share = down * cell / height;
      return {
        xaxis: { domain: [from, from + across * cell / width] },
        yaxis: { domain: [(1 - share) / 2, (1 + share) / 2] },
      };
    },
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

/**
 * One side of a grouped weight has all channels, the other those of one group.
 */
function unitLabel(
  { role, size, block }: Channels,
  groups: number | undefined,
): string[] {
  const lines = [formatCount(size), `${role}${size === 1 ? "" : "s"}`];
  if (groups === undefined || groups === 1) return lines;
  return [...lines, block < size ? `${groups} groups` : "a group"];
}

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
    title: titleOfAxis(`${role}, ${axes}: ${formatCount(size)}`, 6),
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

/**
 * Cells as letters: i and o for highlighted ones, x for both, dots for the
 * rest.
 */
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
