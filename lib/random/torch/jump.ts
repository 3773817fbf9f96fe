/**
 * Jumps ahead in the sequence of a Mersenne Twister without drawing the words
 * in between.
 *
 * The untempered words x(1), x(2), … follow one linear recurrence, bit by bit,
 * with the characteristic polynomial P. So if t^n modulo P has the terms t^k,
 * x(i + n) is the sum (XOR) of all x(i + k).
 *
 * @see Haramoto, Matsumoto, Nishimura, Panneton and L'Ecuyer, "Efficient jump
 * ahead for F2-linear random number generators", INFORMS Journal on Computing
 * 20 (2008)
 *
 * @module
 */

import type { TwisterState } from "../../numerics/kernels/fill.ts";
import { compiledJump } from "../../numerics/kernels/jump.ts";
import { matrix, shift, stateLength, twist } from "./twister.ts";

/** The degree of P: the bits of state that count. */
export const degree = 19937;

/**
 * A polynomial of a degree below that of P: bit k % 32 of word k / 32 says
 * whether it has the term t^k.
 */
export type Polynomial = Int32Array<ArrayBuffer>;

/** Words of a polynomial. */
const length = Math.ceil(degree / 32);

/**
 * Words that are reduced modulo P at once: their replacement must lie below
 * them, and the second exponent of P is 623 below the first.
 */
const gap = 19;

/** How far from the first term of P another one lies. */
interface Place {
  /** Words, at most 0. */
  readonly words: number;
  /** Bits up from there, in [0, 32). */
  readonly bits: number;
}

let terms: readonly Place[] | undefined;

/**
 * Returns the exponents of P, in descending order: 135 of them, of which the
 * first is 19937 and the last 0.
 *
 * With a(i) the bits of the constant that twists,
 * P = (t^624 + t^397) (y^31 + a(0) y^30 + … + a(30)) + a(31), y = t^623 + t^396.
 */
export function characteristicExponents(): number[] {
  const bit = (i: number) => (matrix >>> i & 1) === 1;
  let sum = [0];
  for (let i = 0; i < 31; i++) {
    sum = timesTwoTerms(sum, stateLength - 1, shift - 1);
    if (bit(i)) sum.push(0);
  }
  sum = timesTwoTerms(sum, stateLength, shift);
  if (bit(31)) sum.push(0);
  return sum.sort((a, b) => b - a);
}

/**
 * Returns t^n modulo P, by squaring.
 *
 * @param n The exponent, at least 0.
 */
function powerOfT(n: bigint): Polynomial {
  let power: Polynomial = new Int32Array(length);
  power[0] = 1;
  for (const bit of n.toString(2)) {
    power = reduced(square(power));
    if (bit === "1") multiplyByT(power);
  }
  return power;
}

/** Multiplies by t^a + t^b. Equal terms cancel. */
function timesTwoTerms(sum: readonly number[], a: number, b: number): number[] {
  const result = new Set(sum.map((exponent) => exponent + a));
  for (const exponent of sum.map((exponent) => exponent + b)) {
    if (!result.delete(exponent)) result.add(exponent);
  }
  return [...result];
}

/** Over GF(2), a square has the terms with all exponents doubled. */
function square(polynomial: Polynomial): Int32Array<ArrayBuffer> {
  const result = new Int32Array(2 * length);
  for (let i = 0; i < length; i++) {
    result[2 * i] = spread(polynomial[i] & 0xffff);
    result[2 * i + 1] = spread(polynomial[i] >>> 16);
  }
  return result;
}

/** Puts a 0 after each of 16 bits. */
function spread(bits: number): number {
  bits = (bits | bits << 8) & 0x00ff00ff;
  bits = (bits | bits << 4) & 0x0f0f0f0f;
  bits = (bits | bits << 2) & 0x33333333;
  return (bits | bits << 1) & 0x55555555;
}

/** Reduces a polynomial of a higher degree modulo P. */
function reduced(polynomial: Int32Array<ArrayBuffer>): Polynomial {
  for (let end = polynomial.length; end > length; end -= gap) {
    const start = Math.max(end - gap, length);
    subtract(polynomial, start, polynomial.slice(start, end));
  }
  subtractLast(polynomial);
  return polynomial.slice(0, length);
}

function multiplyByT(polynomial: Polynomial): void {
  for (let i = length - 1; i > 0; i--) {
    polynomial[i] = polynomial[i] << 1 | polynomial[i - 1] >>> 31;
  }
  polynomial[0] <<= 1;
  subtractLast(polynomial);
}

/** Reduces the terms from t^19937 on in the last word modulo P. */
function subtractLast(polynomial: Int32Array): void {
  const high = polynomial[length - 1] & -1 << degree % 32;
  if (high !== 0) subtract(polynomial, length - 1, Int32Array.of(high));
}

/** Subtracts a multiple of P whose first terms are those of some words. */
function subtract(
  polynomial: Int32Array,
  start: number,
  first: Int32Array,
): void {
  if (first.every((word) => word === 0)) return;
  terms ??= characteristicExponents().map(placeOf);
  for (const { words, bits } of terms) {
    let carry = 0;
    let at = start + words;
    for (let i = 0; i < first.length; i++) {
      polynomial[at++] ^= first[i] << bits | carry;
      // In two steps, since a shift by 32 would shift by 0.
      carry = first[i] >>> 1 >>> (31 - bits);
    }
    if (carry !== 0) polynomial[at] ^= carry;
  }
}

/** Returns where the product of t^19937 and a term of P / t^19937 lies. */
function placeOf(exponent: number): Place {
  const down = exponent - degree;
  const words = Math.floor(down / 32);
  return { words, bits: down - 32 * words };
}

/** A jump from one place in a state. */
interface Jump {
  /** The polynomial that makes the new state; undefined if the words stay. */
  readonly polynomial: Polynomial | undefined;
  /** The place in the new state. */
  readonly position: number;
}

/** Terms of a polynomial that are added at once. */
const groupLength = 7;

/**
 * Polynomials of the last jumps, 2.5 kB each, kept because computing one takes
 * most of a jump's time.
 */
const made = new Map<bigint, Polynomial>();
const kept = 16;

/**
 * Returns the jump from a place.
 *
 * @param position The place of the next word, in [0, 624].
 * @param words How many words to skip, at least 0.
 */
export function jumpFrom(position: number, words: bigint): Jump {
  if (words === 0n) return { polynomial: undefined, position };
  const block = BigInt(stateLength);
  const end = BigInt(position || stateLength) + words;
  const renewals = (end - 1n) / block;
  return {
    // One less: the words start at x(1), since only one bit of x(0) counts.
    polynomial: renewals === 0n
      ? undefined
      : polynomialOf(renewals * block - 1n),
    position: Number(end - renewals * block),
  };
}

/**
 * Jumps ahead in a Mersenne Twister. All 624 words and the place are then the
 * same as after drawing.
 *
 * @param twister The generator that jumps.
 * @param jump The jump, made for its place.
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
 * By Horner's rule: the sum so far moves some words ahead, and the terms of a
 * group are added at once, from a table of all sums that a group can have.
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

/** Adds 624 words to others; a jump spends most of its time here. */
function add(sum: Int32Array, start: number, words: Int32Array): void {
  for (let i = 0; i < stateLength; i++) sum[start + i] ^= words[i];
}
