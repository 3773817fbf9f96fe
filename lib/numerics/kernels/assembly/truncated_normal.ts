/**
 * Which normals of a block lie outside an interval, and what replaces them.
 *
 * @module
 */

import { block } from "./block";
import { normal } from "./normal";
import { vectorBytes, wordBytes } from "./sizes";

/** Numbers in a group: as many as Box and Muller's rule takes together. */
const groupLength: i32 = 16;

/** Where a block lies of which only some normals are replaced. */
export const kept: usize = memory.data(1024 + 512 * 4, 2048) + 1024;

/**
 * Returns a word with a bit for each group of the block, the lowest for the
 * first: set where a number lies outside.
 *
 * @param count How many numbers, a multiple of 16.
 * @param low The interval's lower end, inside.
 * @param high Its upper end, inside.
 */
export function outside(count: i32, low: f32, high: f32): i32 {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let found: i32 = 0;
  for (let i: i32 = 0; i < count; i += groupLength) {
    const at = block + wordBytes * i;
    let any = i32x4.splat(0);
    for (let j: usize = 0; j < 4; j++) {
      const values = v128.load(at + vectorBytes * j);
      any = v128.or(any, isOutside(values, lows, highs));
    }
    found |= <i32> v128.any_true(any) << (i / groupLength);
  }
  return found;
}

/**
 * Turns groups of the block's uniforms into normals, and puts them in place of
 * the kept numbers that lie outside.
 *
 * @param groups A bit for each group, the lowest for the first.
 * @param mean The mean.
 * @param std The standard deviation.
 * @param low The interval's lower end, inside.
 * @param high Its upper end, inside.
 * @returns The bits of the groups where a number still lies outside.
 */
export function redraw(
  groups: i32,
  mean: f32,
  std: f32,
  low: f32,
  high: f32,
): i32 {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let still: i32 = 0;
  while (groups != 0) {
    const group = ctz(groups);
    groups &= groups - 1;
    normal(group * groupLength, groupLength, mean, std);
    const offset = wordBytes * group * groupLength;
    let any = i32x4.splat(0);
    for (let i: usize = 0; i < 4; i++) {
      const at = offset + vectorBytes * i;
      const old = v128.load(at, kept);
      const values = v128.bitselect(
        v128.load(at, block),
        old,
        isOutside(old, lows, highs),
      );
      v128.store(at, values, kept);
      any = v128.or(any, isOutside(values, lows, highs));
    }
    still |= <i32> v128.any_true(any) << group;
  }
  return still;
}

function isOutside(x: v128, lows: v128, highs: v128): v128 {
  return v128.or(f32x4.lt(x, lows), f32x4.gt(x, highs));
}
