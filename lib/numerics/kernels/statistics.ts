/**
 * Reading of arrays by compiled code, block by block: each is copied to its
 * memory and read there. What is left over after the last whole block is the
 * caller's to read.
 *
 * @module
 */

import { type Kernel, kernelFor, mostBins, readLength } from "./kernel.ts";

/** An array, and the compiled code that reads it. */
export interface Reader {
  /** The compiled code. */
  readonly kernel: Kernel;
  /** The array. */
  readonly array: Float32Array;
}

/**
 * Returns what reads an array, if it can be read and is worth it.
 *
 * @param array The array; it is read where it is of float32.
 */
export function readerOf(array: ArrayLike<number>): Reader | undefined {
  // Without a whole block there is nothing to read.
  if (!(array instanceof Float32Array) || array.length < readLength) {
    return undefined;
  }
  const kernel = kernelFor(array.length);
  return kernel && { kernel, array };
}

/**
 * Returns count, zeros, mean, squares, min and max of a block, until the next
 * call; undefined where it is no whole block, or a number is not finite.
 *
 * @param reader What reads.
 * @param start The block's first place.
 */
export function measureBlock(
  { kernel, array }: Reader,
  start: number,
): Float64Array | undefined {
  if (start + readLength > array.length) return undefined;
  kernel.values.set(array.subarray(start, start + readLength));
  kernel.measure(readLength);
  return Number.isFinite(kernel.found[2]) ? kernel.found : undefined;
}

/**
 * Counts values by bin, in complete blocks.
 *
 * @param reader What reads.
 * @param edges The rising edges of bins.
 * @param tally What is added to: a count for each bin, then one for what is
 * outside, then one for what is not finite.
 * @returns How many values were counted: 0 where there are no bins, more of
 * them than there is room for, or bins that are not of one width in float32.
 */
export function countBlocks(
  { kernel, array }: Reader,
  edges: readonly number[],
  tally: Float64Array,
): number {
  const bins = edges.length - 1;
  if (bins < 1 || bins > mostBins) return 0;
  const low = singleFrom(edges[0]);
  const scale = Math.fround(bins / (edges[bins] - edges[0]));
  const doubt = takeEdges(kernel, edges, low, scale);
  if (!(doubt < 0.5)) return 0;
  kernel.counts.fill(0);
  const whole = array.length - array.length % readLength;
  let finite = 0;
  for (let start = 0; start < whole; start += readLength) {
    kernel.values.set(array.subarray(start, start + readLength));
    finite += kernel.countBins(readLength, low, scale, bins, doubt);
  }
  let inside = 0;
  for (let bin = 0; bin < bins; bin++) {
    const [a, b, c, d] = kernel.counts.subarray(4 * bin + 4, 4 * bin + 8);
    tally[bin] += a + b + c + d;
    inside += a + b + c + d;
  }
  tally[bins] += finite - inside;
  tally[bins + 1] += whole - finite;
  return whole;
}

/**
 * Gives the edges as the float32 from which on values are above them. Returns how
 * far the guess at one is from its index, at most. Below 0.5, since the guess does
 * not fall where values rise, it is for each value one of the two edges about it;
 * NaN where there is no guess.
 */
function takeEdges(
  { edges: taken }: Kernel,
  edges: readonly number[],
  low: number,
  scale: number,
): number {
  let doubt = 0;
  edges.forEach((edge, index) => {
    const isLast = index === edges.length - 1;
    // The last bin is closed.
    const from = isLast ? singleAbove(edge) : singleFrom(edge);
    taken[4 * index] = from;
    const guess = Math.fround(Math.fround(from - low) * scale);
    doubt = Math.max(doubt, Math.abs(guess - index));
  });
  return doubt;
}

/** The smallest float32 that is not below a number. */
function singleFrom(value: number): number {
  const nearest = Math.fround(value);
  return nearest >= value ? nearest : singleAbove(value);
}

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** The smallest float32 above a number. */
function singleAbove(value: number): number {
  // Adding 0 makes −0 a plain 0, whose neighbor has the next bits.
  single[0] = Math.fround(value) + 0;
  if (single[0] <= value) singleBits[0] += single[0] < 0 ? -1 : 1;
  return single[0];
}
