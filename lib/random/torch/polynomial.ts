/**
 * Polynomials over GF(2) modulo the characteristic polynomial P of MT19937.
 *
 * @see Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998),
 * appendix A, which has P in closed form
 *
 * @module
 */

import { matrix, shift, stateLength } from "./twister.ts";

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
 * Words that are taken modulo P at once: what replaces them must lie below, and
 * the second exponent of P is 623 below the first.
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
export function powerOfT(n: bigint): Polynomial {
  let power: Polynomial = new Int32Array(length);
  power[0] = 1;
  for (const bit of n.toString(2)) {
    power = reduced(square(power));
    if (bit === "1") multiplyByT(power);
  }
  return power;
}

/** Multiplies by t^a + t^b. Terms that meet go. */
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

/** Takes a polynomial of a higher degree modulo P. */
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

/** Takes the terms from t^19937 on in the last word modulo P. */
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
