/**
 * Which of the block's normals lie outside an interval.
 *
 * @module
 */

import { block } from "./block";
import { vectorBytes, wordBytes } from "./sizes";

/**
 * Returns a word with a bit for each 16 numbers of the block, the lowest for
 * the first: set where one of them lies outside.
 *
 * @param count How many numbers, a multiple of 16.
 * @param low The interval's lower end, inside.
 * @param high Its upper end, inside.
 */
export function outside(count: i32, low: f32, high: f32): i32 {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let found: i32 = 0;
  for (let i: i32 = 0; i < count; i += 16) {
    const at = block + wordBytes * i;
    const a = isOutside(v128.load(at), lows, highs);
    const b = isOutside(v128.load(at, vectorBytes), lows, highs);
    const c = isOutside(v128.load(at, 2 * vectorBytes), lows, highs);
    const d = isOutside(v128.load(at, 3 * vectorBytes), lows, highs);
    const any = v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)));
    found |= <i32> any << (i >> 4);
  }
  return found;
}

// @ts-ignore: a decorator of AssemblyScript

function isOutside(x: v128, lows: v128, highs: v128): v128 {
  return v128.or(f32x4.lt(x, lows), f32x4.gt(x, highs));
}
