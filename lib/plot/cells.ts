/**
 * The cells of a heat map of kernels, with gaps between the tiles.
 *
 * @module
 */

import type { Tiles } from "./tiles.ts";

/** The number at a channel on an axis. */
export interface ChannelTick {
  /** The middle of its cells, counted in rows or columns. */
  readonly at: number;
  /** The channel. */
  readonly channel: number;
}

/** One direction of the heat map. */
export interface Side {
  /** What hovering says of each row or column; gaps have names too. */
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

/** Where a row or column comes from: channel, slice, row or column. */
type Place = readonly [channel: number, slice: number, at: number];

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
  // The slices of a kernel lie beside each other along its input channel.
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
