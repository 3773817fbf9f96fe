/**
 * A weight as a block of cells: which are shown, where they lie, and which are
 * the inputs of one output or the outputs of one input.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import type { FanAxis, FanDerivation, FanRole } from "../scaling/derivation.ts";

/** An index that is shown, or the first of several that dots stand for. */
export interface Slot {
  /** The index. */
  readonly index: number;
  /** Whether it is dots. */
  readonly dots: boolean;
}

/** The channels along one direction. */
export interface Channels {
  /** What they are. */
  readonly role: "input" | "output";
  /** How many there are. */
  readonly size: number;
  /** How many of them the chosen channel is connected with, at most all. */
  readonly block: number;
  /** Which are shown. */
  readonly slots: readonly Slot[];
  /** The one whose connections are lit. */
  readonly chosen: number;
  /** Which axes they are: `axis 1`. */
  readonly axes: string;
}

/** A row or a column of cells. */
export interface Strip {
  /** The channel it belongs to. */
  readonly channel: number;
  /** Whether dots stand in it. */
  readonly dots: boolean;
  /** Where it begins; a cell is 1 wide. */
  readonly at: number;
}

/** The block of a weight. */
export interface Block {
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

/** What a cell is part of. */
export type Part = "other" | "input" | "output" | "both";

const mostColumns = 24;
const mostRows = 18;
/** So that a bundle, which holds each cell twice, is below 60 kB. */
const mostCells = 470;
/** Of a kernel's height and width: the most for which the cells are few enough. */
const mostPlaces = [7, 5, 4, 3] as const;
const tileGap = 0.7;
const sliceGap = 0.3;

/**
 * Returns the block of a weight.
 *
 * @param action What is being done, for the error's sentence.
 * @param derivation How its fan is counted.
 * @throws {RangeError} If it has more than 3 kernel axes, or no element.
 */
export function blockOf(
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
      `Cannot ${action} as ${problem}: current value is ${formatShape(shape)}`,
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
  // Where the connected ones end is shown, too.
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

/**
 * Returns what a pair of channels is part of: the inputs of the chosen output,
 * the outputs of the chosen input, both, or neither.
 *
 * @param block The block.
 * @param output The output channel.
 * @param input The input channel.
 */
export function partOf(
  { outputs, inputs }: Block,
  output: number,
  input: number,
): Part {
  const ofOutput = output === outputs.chosen && input < inputs.block;
  const ofInput = input === inputs.chosen && output < outputs.block;
  if (ofOutput) return ofInput ? "both" : "input";
  return ofInput ? "output" : "other";
}
