/**
 * The traces of a drawing of a fan: units with their connections, and the cells
 * of the weight.
 *
 * @module
 */

import type { FanDerivation } from "../scaling/derivation.ts";
import { formatName, formatStep } from "../scaling/fan_text.ts";
import {
  type Block,
  type Channels,
  type Part,
  partOf,
  type Strip,
} from "./fan_block.ts";
import { ink, palette, translucent } from "./theme.ts";
import type { ScatterTrace } from "./traces.ts";

const [blue, vermilion, green] = palette;

/** Drawn in this order, so that what is lit lies over what is not. */
const parts: readonly Part[] = ["other", "input", "output", "both"];

const colors: Readonly<Record<Part, string>> = {
  other: translucent(ink, 0.3),
  input: blue,
  output: vermilion,
  both: green,
};

/** A cell on the axes: corners and gaps are whole numbers, which are short. */
export const cellUnit = 20;

/** Free space about a cell's square, and about a dot, on the axes. */
const inset = { cell: 1, dots: 7 } as const;

/**
 * Returns what each colour means, with its formula.
 *
 * @param derivation How the fan is counted.
 */
export function meanings({ steps }: FanDerivation): Record<Part, string> {
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

/**
 * Returns the squares of the weight's cells, a trace for each part; the legend
 * has those that are lit.
 *
 * @param block The block.
 * @param names What each part means: plain text.
 */
export function cellTraces(
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
      // The legend names its formula all the same.
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

/**
 * Returns inputs and outputs as dots, a line for each pair that a kernel joins.
 *
 * @param block The block.
 * @param apart Whether channels of other groups are not connected.
 */
export function unitTraces(block: Block, apart: boolean): ScatterTrace[] {
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

const unitAxes = {
  type: "scatter",
  showlegend: false,
  xaxis: "x2",
  yaxis: "y2",
} as const;

/** A shown channel with its place, from 0 at the top to −1. */
interface Unit {
  readonly index: number;
  readonly dots: boolean;
  readonly y: number;
}

function heightsOf({ slots }: Channels): Unit[] {
  const count = slots.length;
  // A few stand in the middle, many over the whole height.
  const step = Math.min(0.2, 1 / Math.max(1, count - 1));
  return slots.map((slot, place) => ({
    ...slot,
    y: Number((-0.5 - (place - (count - 1) / 2) * step).toFixed(4)),
  }));
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
