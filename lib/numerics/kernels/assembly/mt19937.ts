/**
 * The Mersenne Twister MT19937, four words at a time.
 *
 * Constants are loaded where they are used: V8 builds a splat anew at each use,
 * which takes longer. Distances are constant offsets from one address, since V8
 * checks each address that is computed.
 *
 * @see `lib/random/torch/twister.ts`, which says the same word by word
 *
 * @module
 */

import { vectorBytes, wordBytes } from "./sizes";

/** Words of state. */
export const stateLength: i32 = 624;

/** Where the state lies; behind it its first four words, for the last vector. */
export const state: usize = memory.data((624 + 4) * 4, 16);

/** Its bytes. */
export const stateBytes: usize = 624 * wordBytes;
/** The distance to the word that is mixed in, before and after it is renewed. */
const ahead: usize = 397 * wordBytes;
const back: usize = stateBytes - ahead;

const lowerMask: usize = memory.data<u32>([0x7fffffff]);
const matrix: usize = memory.data<u32>([0x9908b0df]);
const temperB: usize = memory.data<u32>([0x9d2c5680]);
const temperC: usize = memory.data<u32>([0xefc60000]);

/** Makes the next 624 words of state from the last. */
export function renew(): void {
  let at: usize = 0;
  for (; at < back; at += vectorBytes) {
    const word = v128.load(at, state);
    const next = v128.load(at, state + wordBytes);
    const far = v128.load(at, state + ahead);
    v128.store(at, twist(word, next, far), state);
    // The word after the last is the first one, renewed.
    if (at == 0) v128.store(state, v128.load(state), stateBytes);
  }
  for (at -= back; at < ahead; at += vectorBytes) {
    const word = v128.load(at, state + back);
    const next = v128.load(at, state + back + wordBytes);
    const far = v128.load(at, state);
    v128.store(at, twist(word, next, far), state + back);
  }
}

/** Returns four words from those that make them. */
export function twist(word: v128, next: v128, far: v128): v128 {
  const mixed = v128.bitselect(next, word, v128.load32_splat(lowerMask));
  const isOdd = i32x4.shr_s(i32x4.shl(next, 31), 31);
  const added = v128.and(isOdd, v128.load32_splat(matrix));
  return v128.xor(far, v128.xor(i32x4.shr_u(mixed, 1), added));
}

/**
 * Returns four words of the sequence.
 *
 * @param position The place in the state of the first one, in [0, 624).
 */
export function wordsAt(position: i32): v128 {
  let word = v128.load(wordBytes * position, state);
  word = v128.xor(word, i32x4.shr_u(word, 11));
  word = v128.xor(
    word,
    v128.and(i32x4.shl(word, 7), v128.load32_splat(temperB)),
  );
  word = v128.xor(
    word,
    v128.and(i32x4.shl(word, 15), v128.load32_splat(temperC)),
  );
  return v128.xor(word, i32x4.shr_u(word, 18));
}
