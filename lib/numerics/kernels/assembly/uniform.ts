/**
 * Words, and uniforms in single precision.
 *
 * @see `lib/random/torch/uniform.ts`
 *
 * @module
 */

import { block } from "./block";
import { fma } from "./fma";
import { renew, stateLength, wordsAt } from "./mt19937";
import { vectorBytes, wordBytes } from "./sizes";

const mask: usize = memory.data<u32>([0xffffff]);

/**
 * Fills the block with uniforms: `fma(u, step, from)`, with u the 24 low bits
 * of a word.
 *
 * @param position The place in the state of the first word, in [0, 624].
 * @param count How many, at most as many as the block holds.
 * @param step The distance between neighbors.
 * @param from The lower end.
 * @returns The place in the state of the word after the last, in [0, 624].
 */
export function uniform(
  position: i32,
  count: i32,
  step: f32,
  from: f32,
): i32 {
  const steps = f32x4.splat(step);
  const start = f32x4.splat(from);
  let to = block;
  while (count > 0) {
    position = ready(position);
    const here = min(count, stateLength - position);
    // The last vector may run over; what follows covers what it wrote.
    for (let i: i32 = 0; i < here; i += 4) {
      const bits = v128.and(wordsAt(position + i), v128.load32_splat(mask));
      const values = fma(f32x4.convert_i32x4_s(bits), steps, start);
      v128.store(to + wordBytes * i, values);
    }
    to += wordBytes * here;
    position += here;
    count -= here;
  }
  return position;
}

/**
 * Fills the block with words.
 *
 * @param position The place in the state of the first word, in [0, 624].
 * @param count How many, at most as many as the block holds.
 * @returns The place in the state of the word after the last, in [0, 624].
 */
export function words(position: i32, count: i32): i32 {
  let to = block;
  while (count > 0) {
    position = ready(position);
    const here = min(count, stateLength - position);
    for (let i: i32 = 0; i < here; i += 4) {
      v128.store(to + wordBytes * i, wordsAt(position + i));
    }
    to += wordBytes * here;
    position += here;
    count -= here;
  }
  return position;
}

/**
 * Passes over words.
 *
 * @param position The place in the state of the first word, in [0, 624].
 * @param count How many.
 * @returns The place in the state of the word after the last, in [0, 624].
 */
export function skip(position: i32, count: i32): i32 {
  while (count > 0) {
    position = ready(position);
    const here = min(count, stateLength - position);
    position += here;
    count -= here;
  }
  return position;
}

/** Renews the state where its words are used up, and returns the place. */
function ready(position: i32): i32 {
  if (position % stateLength != 0) return position;
  renew();
  return 0;
}
