/**
 * What the kernel of jumps ahead exports: a state is taken ahead by a polynomial.
 *
 * By Horner's rule, 16 terms at a time: what was summed up goes 16 words on, and
 * four sums of up to four words are added. They come from one table, which fits
 * into the machine's nearest cache: the next four terms have the same sums, four
 * words later.
 *
 * @see `lib/random/torch/jump.ts`, which says the same word by word
 *
 * @module
 */

import { state, stateBytes, twist } from "./mt19937";
import { vectorBytes, wordBytes } from "./sizes";

export { state };

/** Where the polynomial lies: 19,937 coefficients, from that of t^0 on. */
export const polynomial: usize = memory.data(624 * 4, 16);

/** Groups of 16 terms. */
const groups: i32 = 1247;
/** Words from a group to the next. */
const groupBytes: usize = 16 * wordBytes;

/** The sums that four terms can have, of 624 words and of those 12 later. */
const table: usize = memory.data(16 * 636 * 4, 16);
const rowBytes: usize = 636 * wordBytes;

/** The sequence that is summed up. */
const words: usize = memory.data((16 * 1247 + 624) * 4, 16);
/** The distance to the word that is mixed in. */
const ahead: usize = 397 * wordBytes;

/** Replaces the state by the sums of x(i + k) over the terms t^k, i from 1 on. */
export function apply(): void {
  makeTable();
  memory.fill(words, 0, stateBytes);
  let at = words;
  for (let group = groups - 1; group >= 0; group--) {
    extend(at);
    at += groupBytes;
    add(at, load<u16>(polynomial + 2 * group));
  }
  memory.copy(state, at, stateBytes);
}

/** Makes, for each choice of four terms, the sum of those from x(1) on. */
function makeTable(): void {
  memory.copy(words, state, stateBytes);
  extend(words);
  for (let choice: usize = 1; choice < 16; choice++) {
    const row = table + choice * rowBytes;
    const rest = table + (choice & (choice - 1)) * rowBytes;
    const last = words + (ctz(choice) + 1) * wordBytes;
    for (let at: usize = 0; at < rowBytes; at += vectorBytes) {
      v128.store(
        row + at,
        v128.xor(v128.load(rest + at), v128.load(last + at)),
      );
    }
  }
}

/** Appends the words of a group to 624 of a sequence by its recurrence. */
function extend(start: usize): void {
  for (let at = start; at < start + groupBytes; at += vectorBytes) {
    const word = v128.load(at);
    const next = v128.load(at, wordBytes);
    const far = v128.load(at, ahead);
    v128.store(at, twist(word, next, far), stateBytes);
  }
}

/** Adds the sums of 16 terms to 624 words; this takes most of a jump's time. */
function add(sum: usize, terms: u32): void {
  const end = sum + stateBytes;
  let a = rowOf(terms);
  let b = rowOf(terms >> 4) + vectorBytes;
  let c = rowOf(terms >> 8) + 2 * vectorBytes;
  let d = rowOf(terms >> 12) + 3 * vectorBytes;
  for (; sum < end; sum += 2 * vectorBytes) {
    const first = v128.xor(
      v128.xor(v128.load(a), v128.load(b)),
      v128.xor(v128.load(c), v128.load(d)),
    );
    const second = v128.xor(
      v128.xor(v128.load(a, 16), v128.load(b, 16)),
      v128.xor(v128.load(c, 16), v128.load(d, 16)),
    );
    v128.store(sum, v128.xor(v128.load(sum), first));
    v128.store(sum, v128.xor(v128.load(sum, 16), second), 16);
    a += 2 * vectorBytes;
    b += 2 * vectorBytes;
    c += 2 * vectorBytes;
    d += 2 * vectorBytes;
  }
}

/** Returns the place of the sums for a choice of four terms. */
function rowOf(choice: u32): usize {
  return table + (choice & 15) * rowBytes;
}
