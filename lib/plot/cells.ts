/**
 * The cells of a heat map of kernels, with gaps between the tiles.
 *
 * @module
 */

import { cannot, describe } from "../core/options.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";

/** The label of a channel on an axis. */
interface ChannelTick {
  /** The middle of its cells, counted in rows or columns. */
  readonly at: number;
  /** The channel. */
  readonly channel: number;
}

/** One direction of the heat map. */
export interface Side {
  /** The hover text of each row or column; gaps have one too. */
  readonly names: readonly string[];
  /** Where channels are. */
  readonly ticks: readonly ChannelTick[];
  /** What the axis is. */
  readonly title: string;
}

/** A heat map's content. */
export interface Cells {
  /** The columns. */
  readonly x: Side;
  /** The rows. */
  readonly y: Side;
  /** The values to 4 digits, row by row; null in gaps and where not finite. */
  readonly z: readonly (readonly (number | null)[])[];
}

/** The origin of a row or column: channel, slice, row or column. */
type Place = readonly [channel: number, slice: number, at: number];

/** The first channel, and the one after the last. */
type ChannelRange = readonly [number, number];

/** The requested kernels. */
interface TileOptions {
  /** The output channels [from, to). Default: the first that fit. */
  readonly out?: ChannelRange;
  /** The input channels [from, to). Default: the first that fit. */
  readonly in?: ChannelRange;
}

/** A weight as tiles, one for each output and input channel (and depth). */
interface Tiles {
  /** Whether each kernel is one value: the tensor is a matrix, and one tile. */
  readonly matrix: boolean;
  /** Output channels: all of them. */
  readonly outs: number;
  /** Input channels: all of them. */
  readonly ins: number;
  /** Slices, for kernels with three axes; else 1. */
  readonly depth: number;
  /** Rows of a tile. */
  readonly rows: number;
  /** Columns of a tile. */
  readonly columns: number;
  /** The output channels that are shown. */
  readonly out: ChannelRange;
  /** The input channels that are shown. */
  readonly in: ChannelRange;
  /** Which channels lie along the horizontal axis. */
  readonly across: "out" | "in";
}

type Counts = { readonly out?: number; readonly in?: number };

/** The most values, and cells with gaps, that keep a bundle below 60 kB. */
const fewValues = 1300;
const fewCells = 2400;
const mostCells = 20_000;
/**
 * The most columns of cells, gaps included, that are wide enough to hover over.
 */
const fewColumns = 64;
const fewMatrixColumns = 48;

/**
 * Returns the cells of a weight's kernels.
 *
 * @param tiles How they are laid out.
 * @param read Reads the element at a place in row-major order.
 */
export function cellsOf(tiles: Tiles, read: (index: number) => number): Cells {
  const { ins, depth, rows, columns, across } = tiles;
  const sideways = across === "in";
  const down = sideways ? "out" : "in";
  // The slices of a kernel lie next to each other along its input channel.
  const x = sideOf(tiles, across, "column", columns, sideways ? depth : 1);
  const y = sideOf(tiles, down, "row", rows, sideways ? 1 : depth);
  const z = y.places.map((below) =>
    x.places.map((beside) => {
      if (below === null || beside === null) return null;
      const [[out], [input, slice]] = sideways
        ? [below, beside]
        : [beside, below];
      const kernel = (out * ins + input) * depth + slice;
      const value = read((kernel * rows + below[2]) * columns + beside[2]);
      return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
    })
  );
  return { x, y, z };
}

/**
 * Returns the layout of a weight's kernels.
 *
 * A row of tiles shows one output channel with all its input channels; with
 * fewer than 4 input channels, rows and columns are swapped.
 *
 * @param action What is being done, for the error message.
 * @param shape The weight's shape: [out, in], and up to 3 axes of a kernel.
 * @param options Which kernels.
 * @throws {RangeError} If the rank is not in [2, 5], there is no element, a
 * range is not within its axis, or more is asked for than can be shown.
 */
export function tilesOf(
  action: string,
  shape: Shape,
  options: TileOptions,
): Tiles {
  const problem = shape.length < 2 || shape.length > 5
    ? "its rank must be in [2, 5]"
    : elementCount(shape) === 0
    ? "it must have an element"
    : undefined;
  if (problem !== undefined) {
    throw new RangeError(
      cannot(action, problem, formatShape(shape)),
    );
  }
  const [outs, ins, ...kernel] = shape;
  const [depth, rows, columns] = [1, 1, 1, ...kernel].slice(-3);
  const matrix = depth * rows * columns === 1;
  const across = matrix || ins >= 4 ? "in" : "out";
  const fit = fitting({ outs, ins, depth, rows, columns, matrix, across }, {
    out: options.out && rangeLength(action, "out", options.out, outs),
    in: options.in && rangeLength(action, "in", options.in, ins),
  });
  const out = options.out ?? [0, fit.out];
  const inRange = options.in ?? [0, fit.in];
  const cells = fit.out * fit.in * depth * rows * columns;
  if (cells > mostCells) {
    throw new RangeError(
      cannot(
        action,
        `out and in must ask for at most ${mostCells} values`,
        cells,
      ),
    );
  }
  return { matrix, outs, ins, depth, rows, columns, out, in: inRange, across };
}

/**
 * Describes which kernels are shown.
 *
 * @param tiles The layout.
 */
export function shownFact(tiles: Tiles): string {
  const { matrix, depth, rows, columns } = tiles;
  const shown = `${part("output", tiles.out, tiles.outs)}, ${
    part("input", tiles.in, tiles.ins)
  }`;
  if (matrix) return `shown: ${shown}`;
  const kernel = [depth, rows, columns].slice(depth > 1 ? 0 : rows > 1 ? 1 : 2);
  return `kernels ${formatShape(kernel)} of ${shown}`;
}

function sideOf(
  { matrix, depth, ...tiles }: Tiles,
  channels: "out" | "in",
  cell: "row" | "column",
  count: number,
  slices: number,
): Side & { places: (Place | null)[] } {
  const word = channels === "out" ? "output" : "input";
  const names: string[] = [];
  const places: (Place | null)[] = [];
  const ticks: ChannelTick[] = [];
  const [from, to] = tiles[channels];
  for (let channel = from; channel < to; channel++) {
    const before = names.length;
    for (let slice = 0; slice < slices; slice++) {
      if (!matrix && names.length > 0) {
        names.push(`gap ${names.length}`);
        places.push(null);
      }
      for (let at = 0; at < count; at++) {
        const parts = [`${word} ${channel}`];
        if (depth > 1 && channels === "in") parts.push(`slice ${slice}`);
        if (count > 1) parts.push(`${cell} ${at}`);
        names.push(parts.join(", "));
        places.push([channel, slice, at]);
      }
    }
    const first = before > 0 && !matrix ? before + 1 : before;
    ticks.push({ at: (first + names.length - 1) / 2, channel });
  }
  return { names, places, ticks, title: matrix ? word : `${word} channel` };
}

/** The default numbers of shown channels. */
function fitting(
  tiles: Omit<Tiles, "out" | "in">,
  asked: Counts,
): Required<Counts> {
  const { outs, ins, depth, rows, columns, matrix, across } = tiles;
  const columnCells = matrix
    ? 1
    : (across === "in" ? depth : 1) * (columns + 1);
  const room = Math.floor(
    (matrix ? fewMatrixColumns : fewColumns) / columnCells,
  );
  const values = depth * rows * columns;
  const withGaps = matrix ? 1 : depth * (rows + 1) * (columns + 1);
  const most = Math.max(
    1,
    Math.floor(Math.min(fewValues / values, fewCells / withGaps)),
  );
  const other = across === "in" ? "out" : "in";
  const all = { out: outs, in: ins };
  const wide = asked[across] ??
    Math.max(
      1,
      Math.min(all[across], room, Math.floor(most / (asked[other] ?? 1))),
    );
  const high = asked[other] ??
    Math.max(1, Math.min(all[other], Math.floor(most / wide)));
  return across === "in" ? { out: high, in: wide } : { out: wide, in: high };
}

function rangeLength(
  action: string,
  name: "out" | "in",
  range: ChannelRange,
  size: number,
): number {
  const [from = NaN, to = NaN, ...more] = Array.isArray(range) ? range : [];
  const within = Number.isInteger(from) && Number.isInteger(to) && from >= 0 &&
    from < to && to <= size;
  if (!within || more.length > 0) {
    throw new RangeError(
      cannot(
        action,
        `${name} must be [from, to) with 0 ≤ from < to ≤ ${size}`,
        describe(range),
      ),
    );
  }
  return to - from;
}

function part(word: string, [from, to]: ChannelRange, all: number): string {
  if (to - from === all) {
    return all === 1 ? `the only ${word}` : `all ${all} ${word}s`;
  }
  return to - from === 1
    ? `${word} ${from} of ${all}`
    : `${word}s ${from} to ${to - 1} of ${all}`;
}
