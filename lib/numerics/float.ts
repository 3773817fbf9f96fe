/**
 * Floating-point numbers by their bits: how many lie between two, and a product
 * and a sum that are rounded once.
 *
 * @module
 * @see Goldberg, "What every computer scientist should know about
 * floating-point arithmetic", 1991, on units in the last place
 */

/**
 * Returns the distance of two float32 numbers, in units in the last place.
 *
 * @param a The bits of a number, as a signed or unsigned integer; not of NaN.
 * @param b The bits of the other.
 */
export function singleUlps(a: number, b: number): number {
  return Math.abs(
    place(a & 0x80000000, a & 0x7fffffff) -
      place(b & 0x80000000, b & 0x7fffffff),
  );
}

/** A number of 64 bits in two halves. */
export interface Halves {
  /** The upper 32 bits, as a signed or unsigned integer. */
  readonly high: number;
  /** The lower 32 bits, as a signed or unsigned integer. */
  readonly low: number;
}

/**
 * Returns the distance of two float64 numbers, in units in the last place; from
 * 2^53 on rounded to a double.
 *
 * @param a The bits of a number; not of NaN.
 * @param b The bits of the other.
 */
export function doubleUlps(a: Halves, b: Halves): number {
  const signs = [a.high & 0x80000000, b.high & 0x80000000];
  const high = place(signs[0], a.high & 0x7fffffff) -
    place(signs[1], b.high & 0x7fffffff);
  const low = place(signs[0], a.low >>> 0) - place(signs[1], b.low >>> 0);
  return Math.abs(high * 2 ** 32 + low);
}

/** A number's place among all numbers, 0 being at 0. */
function place(sign: number, size: number): number {
  return sign === 0 ? size : -size;
}

/**
 * Returns a · b + c for float32 numbers, rounded once to float32.
 *
 * The product of two float32 is exact in double. The sum is rounded to double
 * and then to float32; that this equals one rounding in the places where it is
 * used was tried on every input there (`tests/random/fma_test.ts`).
 *
 * @param a A float32.
 * @param b A float32.
 * @param c A float32.
 */
export function fma32(a: number, b: number, c: number): number {
  return Math.fround(a * b + c);
}

/**
 * Returns a · b + c for doubles, as if rounded once.
 *
 * The product is split without error into two doubles (Veltkamp, Dekker), and
 * so is its sum with c (Knuth); the last addition rounds.
 *
 * @param a A double below 2^996 in size.
 * @param b A double below 2^996 in size.
 * @param c A double.
 * @see Dekker, "A floating-point technique for extending the available
 * precision", Numerische Mathematik 18 (1971)
 */
export function fma64(a: number, b: number, c: number): number {
  const product = a * b;
  const aHigh = highPart(a);
  const bHigh = highPart(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  const productError =
    ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
  const sum = product + c;
  const back = sum - product;
  const sumError = (product - (sum - back)) + (c - back);
  return sum + (sumError + productError);
}

/** The upper 26 bits of a double's significand. */
function highPart(value: number): number {
  const shifted = value * (2 ** 27 + 1);
  return shifted - (shifted - value);
}
