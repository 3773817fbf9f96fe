/**
 * How the singular values of a large random matrix are distributed.
 *
 * @module
 */

/** Where the singular values lie, and how densely. */
export interface MarchenkoPastur {
  /** The lower edge. */
  readonly low: number;
  /** The upper edge. */
  readonly high: number;
  /** Returns the density at a place; 0 outside the edges. */
  density(x: number): number;
}

/**
 * Returns the limit law of the singular values of a matrix whose elements are
 * independent, with a mean of 0 and one std.
 *
 * With m the larger and n the smaller size, the edges are
 * `std · (√m ± √n)` and the density between them
 * `sqrt((high² − x²)·(x² − low²)) / (π · n · std² · x)`. It holds for any
 * distribution of the elements as both sizes grow; the largest value then lies
 * within some `std · n^(−1/6)` of the edge.
 *
 * @param rows The number of rows, above 0.
 * @param columns The number of columns, above 0.
 * @param std The standard deviation of an element, above 0.
 * @see Marchenko and Pastur, "Distribution of eigenvalues for some sets of random
 * matrices", 1967; Johnstone, "On the distribution of the largest eigenvalue in
 * principal components analysis", 2001, on the edge
 *
 * @example
 * ```ts
 * import { marchenkoPastur } from "./marchenko_pastur.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { low, high, density } = marchenkoPastur(9, 25, 2);
 * assertEquals([low, high], [4, 16]);
 * assertEquals([density(3.9), density(16.1)], [0, 0]);
 * assertAlmostEquals(density(10), 0.101216, 1e-6);
 * ```
 */
export function marchenkoPastur(
  rows: number,
  columns: number,
  std: number,
): MarchenkoPastur {
  const [n, m] = [Math.min(rows, columns), Math.max(rows, columns)];
  const low = std * (Math.sqrt(m) - Math.sqrt(n));
  const high = std * (Math.sqrt(m) + Math.sqrt(n));
  const scale = Math.PI * n * std * std;
  const density = (x: number) => {
    if (x < low || x > high || x < 0) return 0;
    const upper = Math.sqrt((high - x) * (high + x));
    // In a square matrix both zeros cancel at 0.
    if (low === 0) return upper / scale;
    return upper * Math.sqrt((x - low) * (x + low)) / (scale * x);
  };
  return { low, high, density };
}
