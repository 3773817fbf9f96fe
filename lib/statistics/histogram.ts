/**
 * Counts of values by bin.
 *
 * @module
 */

import { countBlocks, readerOf } from "../kernels/statistics.ts";
import type { Values } from "./moments.ts";

/** What {@linkcode histogram} finds. */
export interface Histogram {
  /** The edges it was given. */
  readonly edges: readonly number[];
  /** How many values lie in each bin. */
  readonly counts: readonly number[];
  /** Each bin's share of the finite values, divided by the bin's width. */
  readonly densities: readonly number[];
  /** How many values are finite, inside the edges or not. */
  readonly count: number;
  /** How many finite values lie below the first or above the last edge. */
  readonly outside: number;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
}

/**
 * Returns how many values lie in each bin, and the density there:
 * `density = count / (n · width)` with n all finite values, so that bars over
 * the whole range have an area of 1.
 *
 * @param values The numbers; NaN and infinities are left out and counted.
 * @param edges Rising edges; bin i is [edges[i], edges[i + 1]), the last one
 * closed. Fast where the bins are of one width.
 * @throws {RangeError} If the edges do not rise.
 *
 * @example
 * ```ts
 * import { histogram } from "./histogram.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { counts, densities, outside } = histogram([0, 1, 1.5, 4, 5], [0, 1, 2, 4]);
 * assertEquals(counts, [1, 2, 1]);
 * assertEquals(densities, [0.2, 0.4, 0.1]);
 * assertEquals(outside, 1);
 * ```
 */
export function histogram(
  values: Values,
  edges: readonly number[],
): Histogram {
  if (edges.some((edge, index) => index > 0 && !(edge > edges[index - 1]))) {
    throw new RangeError(
      `Cannot count values as the edges must rise: current value is [${
        edges.join(", ")
      }]`,
    );
  }
  const tally = countValues(values, edges);
  const [outside, nonFinite] = tally.subarray(-2);
  const count = values.length - nonFinite;
  const counts = Array.from(tally.subarray(0, -2));
  const densities = counts.map((inBin, bin) =>
    inBin / (count * (edges[bin + 1] - edges[bin]))
  );
  return { edges, counts, densities, count, outside, nonFinite };
}

/** Counts by bin, then of what is outside and of what is not finite. */
function countValues(values: Values, edges: readonly number[]): Float64Array {
  const bins = Math.max(0, edges.length - 1);
  const tally = new Float64Array(bins + 2);
  const reader = readerOf(values);
  const counted = reader === undefined ? 0 : countBlocks(reader, edges, tally);
  const low = edges[0];
  const high = edges[bins];
  for (let index = counted; index < values.length; index++) {
    const value = values[index];
    if (value - value !== 0) {
      tally[bins + 1]++;
    } else if (!(value >= low && value <= high)) {
      tally[bins]++;
    } else {
      // A guess by division, then to the right side of the edges as they are.
      let bin = Math.min(
        bins - 1,
        Math.floor((value - low) / (high - low) * bins),
      );
      while (value < edges[bin]) bin--;
      while (bin < bins - 1 && value >= edges[bin + 1]) bin++;
      tally[bin]++;
    }
  }
  return tally;
}
