/**
 * Goes ahead in the sequence of a Mersenne Twister without drawing what is
 * between.
 *
 * The untempered words x(1), x(2), … follow one linear recurrence, bit by bit,
 * with the characteristic polynomial P. So where t^n modulo P has the terms
 * t^k, x(i + n) is the sum (XOR) of all x(i + k).
 *
 * @see Haramoto, Matsumoto, Nishimura, Panneton and L'Ecuyer, "Efficient jump
 * ahead for F2-linear random number generators", INFORMS Journal on Computing
 * 20 (2008)
 *
 * @module
 */

import type { TwisterState } from "../../kernels/fill.ts";
import { compiledJump } from "../../kernels/jump.ts";
import { shift, stateLength, twist } from "./twister.ts";
import { degree, type Polynomial, powerOfT } from "./polynomial.ts";

/** A way ahead from one place in a state. */
export interface Jump {
  /** What the new state is made by; undefined where the words stay. */
  readonly polynomial: Polynomial | undefined;
  /** The place in the new state. */
  readonly position: number;
}

/** Terms of a polynomial that are added at once. */
const groupLength = 7;

/** Polynomials of the last jumps, 2.5 kB each: to make one takes most time. */
const made = new Map<bigint, Polynomial>();
const kept = 16;

/**
 * Returns the way ahead from a place.
 *
 * @param position The place of the next word, in [0, 624].
 * @param words How many words are passed over, at least 0.
 */
export function jumpFrom(position: number, words: bigint): Jump {
  if (words === 0n) return { polynomial: undefined, position };
  const block = BigInt(stateLength);
  const end = BigInt(position || stateLength) + words;
  const renewals = (end - 1n) / block;
  return {
    // One less: the words are taken from x(1) on, as only one bit of x(0) counts.
    polynomial: renewals === 0n
      ? undefined
      : polynomialOf(renewals * block - 1n),
    position: Number(end - renewals * block),
  };
}

/**
 * Takes a Mersenne Twister ahead. All 624 words and the place are then those
 * that drawing would have left.
 *
 * @param twister What is taken ahead.
 * @param jump The way, made for its place.
 */
export function jump(
  twister: TwisterState,
  { polynomial, position }: Jump,
): void {
  if (polynomial !== undefined) {
    (compiledJump() ?? apply)(polynomial, twister.state);
  }
  twister.position = position;
}

function polynomialOf(words: bigint): Polynomial {
  const polynomial = made.get(words) ?? powerOfT(words);
  made.delete(words);
  made.set(words, polynomial);
  if (made.size > kept) made.delete(made.keys().next().value!);
  return polynomial;
}

/**
 * Replaces the words by the sums of x(i + k) over the terms t^k, for i from 1 to
 * 624.
 *
 * By Horner's rule: what was summed up goes some words on, and the terms of a
 * group are added as one, from a table of all sums that a group can have.
 */
function apply(polynomial: Int32Array, state: Uint32Array): void {
  const table = tableOf(state);
  const words = new Int32Array(degree + groupLength + stateLength);
  let at = 0;
  for (
    let group = Math.floor(degree / groupLength) * groupLength;
    group >= 0;
    group -= groupLength
  ) {
    extend(words, at, groupLength);
    at += groupLength;
    add(words, at, table[termsAt(polynomial, group)]);
  }
  state.set(words.subarray(at, at + stateLength));
}

/** Returns, for each choice of the first terms, the sum of those from x(1) on. */
function tableOf(state: Uint32Array): Int32Array[] {
  const start = new Int32Array(stateLength + groupLength);
  start.set(state);
  extend(start, 0, groupLength);
  const table = [new Int32Array(stateLength)];
  for (let choice = 1; choice < 1 << groupLength; choice++) {
    const sum = table[choice & (choice - 1)].slice();
    const lowest = 31 - Math.clz32(choice & -choice);
    add(sum, 0, start.subarray(lowest + 1, lowest + 1 + stateLength));
    table.push(sum);
  }
  return table;
}

/** Returns the coefficients of a group from t^first on, as the bits of a number. */
function termsAt(polynomial: Int32Array, first: number): number {
  const word = first >>> 5;
  const next = word + 1 < polynomial.length ? polynomial[word + 1] : 0;
  const bits = polynomial[word] >>> (first & 31) |
    next << 1 << (31 - (first & 31));
  return bits & ((1 << groupLength) - 1);
}

/** Appends words to 624 of a sequence by its recurrence. */
function extend(words: Int32Array, start: number, count: number): void {
  for (let i = start; i < start + count; i++) {
    words[i + stateLength] = words[i + shift] ^ twist(words[i], words[i + 1]);
  }
}

/** Adds 624 words to others; this takes most of a jump's time. */
function add(sum: Int32Array, start: number, words: Int32Array): void {
  for (let i = 0; i < stateLength; i++) sum[start + i] ^= words[i];
}
