/**
 * Moments and counts by bin of a block of numbers.
 *
 * @see `lib/numerics/moments.ts` and `lib/numerics/histogram.ts`,
 * which say the same number by number
 *
 * @module
 */

import { vectorBytes, wordBytes } from "./sizes";

/**
 * Where the numbers lie: half a page beyond a page's start, as `block` does, and
 * longer, since reading does not suffer from what writing does.
 */
export const values: usize = memory.data(2048 + 1024 * 4, 4096) + 2048;

/** Where moments are left: count, zeros, mean, squares, min and max. */
export const found: usize = memory.data(6 * 8, 16);

const half: usize = 8;

/**
 * Leaves the moments of the numbers in `found`. The mean is not finite where a
 * number is not; then the rest has no meaning.
 *
 * @param count How many, a multiple of 4, and not 0.
 */
export function measure(count: i32): void {
  const end = values + wordBytes * count;
  const first = f64x2.splat(f32.load(values));
  const zero = f32x4.splat(0);
  let low = f64x2.splat(0);
  let high = low;
  let least = v128.load(values);
  let most = least;
  let zeros = zero;
  for (let at = values; at < end; at += vectorBytes) {
    const four = v128.load(at);
    low = f64x2.add(low, f64x2.sub(pairAt(at), first));
    high = f64x2.add(high, f64x2.sub(pairAt(at + half), first));
    least = f32x4.pmin(least, four);
    most = f32x4.pmax(most, four);
    // A comparison that holds is −1.
    zeros = i32x4.sub(zeros, f32x4.eq(four, zero));
  }
  const share = sumOf(f64x2.add(low, high)) / <f64> count;
  const mean = f64x2.extract_lane(first, 0) + share;
  f64.store(found, count);
  f64.store(found, countOf(zeros), 8);
  f64.store(found, mean, 16);
  f64.store(found, squares(end, f64x2.splat(mean)), 24);
  f64.store(found, leastOf(least), 32);
  f64.store(found, -leastOf(f32x4.neg(most)), 40);
}

/** The squares of what numbers differ from a mean, summed. */
function squares(end: usize, mean: v128): f64 {
  let low = f64x2.splat(0);
  let high = low;
  for (let at = values; at < end; at += vectorBytes) {
    const below = f64x2.sub(pairAt(at), mean);
    const above = f64x2.sub(pairAt(at + half), mean);
    low = f64x2.add(low, f64x2.mul(below, below));
    high = f64x2.add(high, f64x2.mul(above, above));
  }
  return sumOf(f64x2.add(low, high));
}

/** Two numbers, in double. */
function pairAt(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

function countOf(four: v128): i32 {
  return i32x4.extract_lane(four, 0) + i32x4.extract_lane(four, 1) +
    i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3);
}

function leastOf(four: v128): f64 {
  return min(
    min(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)),
    min(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)),
  );
}

/** The edges, each in the first of four places: one more than there are bins. */
export const edges: usize = memory.data(1025 * 16, 16);

/**
 * Four tables of counts, one for each number of a vector, so that equal numbers
 * beside each other do not wait for each other. A count for each bin, one before
 * them for what is below, and one behind for what is above.
 */
export const counts: usize = memory.data(1026 * 16, 16);

/**
 * 1.5 · 2^23: added to a number below 2^22 in size, it leaves the nearest
 * integer, and in its low bits that integer.
 */
const integer: usize = memory.data<f32>([12582912]);
const integerBits: usize = memory.data<u32>([0x3fffff]);

/** Where four counts are: through memory is the shortest way out of a vector. */
const places: usize = memory.data(16, 16);

/** How far beyond the outer edges what is outside is put. */
const margin: f32 = 0.25;

/**
 * Counts the numbers by bin. NaN is counted as below.
 *
 * @param count How many, a multiple of 4.
 * @param low The lowest edge.
 * @param scale Bins in a unit: `(edge - low) * scale` is nearer to the edge's
 * index than to another integer, for each edge.
 * @param bins How many bins.
 * @param doubt How far `(edge - low) * scale` is from the edge's index at most.
 * It does not fall where numbers rise: so a number whose product is further from
 * an integer is on that side of its edge.
 * @returns How many numbers are finite.
 */
export function countBins(
  count: i32,
  low: f32,
  scale: f32,
  bins: f32,
  doubt: f32,
): i32 {
  const lows = f32x4.splat(low);
  const scales = f32x4.splat(scale);
  const first = f32x4.splat(-margin);
  const last = f32x4.splat(bins + margin);
  const doubts = f32x4.splat(doubt);
  const zero = f32x4.splat(0);
  const end = values + wordBytes * count;
  let finite = zero;
  for (let at = values; at < end; at += vectorBytes) {
    const four = v128.load(at);
    // Only NaN and infinities differ from themselves less themselves.
    finite = i32x4.sub(finite, f32x4.eq(f32x4.sub(four, four), zero));
    const guess = f32x4.mul(f32x4.sub(four, lows), scales);
    const index = f32x4.pmin(last, f32x4.pmax(first, guess));
    const bits = f32x4.add(index, v128.load32_splat(integer));
    const apart = f32x4.sub(
      index,
      f32x4.sub(bits, v128.load32_splat(integer)),
    );
    const nearest = v128.and(bits, v128.load32_splat(integerBits));
    if (v128.any_true(f32x4.le(f32x4.abs(apart), doubts))) {
      const edge = i32x4.shl(nearest, 4);
      countOne(i32x4.extract_lane(edge, 0), f32.load(at), 0);
      countOne(i32x4.extract_lane(edge, 1), f32.load(at, 4), 4);
      countOne(i32x4.extract_lane(edge, 2), f32.load(at, 8), 8);
      countOne(i32x4.extract_lane(edge, 3), f32.load(at, 12), 12);
    } else {
      // A comparison that holds is −1.
      const bin = i32x4.sub(nearest, f32x4.gt(apart, zero));
      v128.store(places, i32x4.shl(bin, 4));
      addOne(load<u32>(places), 0);
      addOne(load<u32>(places, 4), 4);
      addOne(load<u32>(places, 8), 8);
      addOne(load<u32>(places, 12), 12);
    }
  }
  return countOf(finite);
}

/** Counts a number on the right side of the edge that is nearest to it. */
function countOne(edge: usize, value: f32, table: usize): void {
  const isAbove = <usize> (value >= f32.load(edge, edges));
  addOne(edge + (isAbove << 4), table);
}

function addOne(place: usize, table: usize): void {
  const at = place + table;
  i32.store(at, i32.load(at, counts) + 1, counts);
}
