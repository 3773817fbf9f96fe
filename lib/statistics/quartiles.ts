/**
 * The spread of the middle half of many numbers, without sorting them.
 *
 * @module
 */

import type { Values } from "./moments.ts";

/** What {@linkcode middleHalf} finds. */
export interface MiddleHalf {
  /** The upper quartile less the lower; NaN where no value is in range. */
  readonly width: number;
  /** How many values are in range. */
  readonly count: number;
}

/** So many equal cells divide the range: the accuracy is one of them. */
const cellCount = 65_536;

/**
 * Returns the interquartile range of the values in [low, high], each quartile
 * to 1/65,536 of `high − low`, and their number.
 *
 * One pass counts the values in 65,536 equal cells; the quartiles are read
 * from the counts, at the rank (n − 1)·q and between two ranks in proportion,
 * as NumPy's default does. A cell's values are taken as evenly spread.
 *
 * @param values The numbers; those outside the interval are left out.
 * @param low The lower end of the range.
 * @param high The upper end, above `low`.
 *
 * @example
 * ```ts
 * import { middleHalf } from "./quartiles.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const values = Float64Array.from({ length: 101 }, (_, index) => index);
 * assertAlmostEquals(middleHalf(values, 0, 100).width, 50, 0.01);
 * ```
 */
export function middleHalf(
  values: Values,
  low: number,
  high: number,
): MiddleHalf {
  const cells = countCells(values, low, high);
  const count = cells.reduce((sum, inCell) => sum + inCell, 0);
  const quantile = (share: number) => {
    const rank = (count - 1) * share;
    const below = Math.floor(rank);
    const lower = valueAtRank(cells, below);
    const upper = valueAtRank(cells, Math.ceil(rank));
    return lower + (rank - below) * (upper - lower);
  };
  const width = (quantile(0.75) - quantile(0.25)) / cellCount * (high - low);
  return { width, count };
}

/** The pass over the values; like those of moments it makes no object. */
function countCells(values: Values, low: number, high: number): Uint32Array {
  const cells = new Uint32Array(cellCount + 1);
  const span = high - low;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    // `| 0` cuts the fraction off in half the time of Math.floor.
    if (value >= low && value <= high) {
      cells[(value - low) / span * cellCount | 0]++;
    }
  }
  // The upper end lies in the last cell.
  cells[cellCount - 1] += cells[cellCount];
  return cells.subarray(0, cellCount);
}

/** The value with so many values below it, in cells from the lower end. */
function valueAtRank(cells: Uint32Array, rank: number): number {
  let before = 0;
  let cell = 0;
  while (cell < cells.length - 1 && before + cells[cell] <= rank) {
    before += cells[cell++];
  }
  return cell + (rank - before + 0.5) / cells[cell];
}
