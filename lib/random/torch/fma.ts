/**
 * Fused multiply-add: a · b + c, rounded once.
 *
 * @module
 */

/**
 * Returns a · b + c for float32 numbers, rounded once to float32.
 *
 * The product of two float32 is exact in double. The sum is rounded to double
 * and then to float32; that this equals one rounding in the places where it is
 * used was tried on every input there (`tests/distributions/fma_test.ts`).
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
