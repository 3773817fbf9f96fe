/**
 * How many floating-point numbers lie between two, counted on their bits.
 *
 * @module
 * @see Goldberg, "What every computer scientist should know about
 * floating-point arithmetic", 1991, on units in the last place
 */

/**
 * Returns the distance of two numbers of 16 bits, float16 or bfloat16, in units
 * in the last place: how often one goes on to the next number from one to the
 * other. 0 and −0 are one number, and an infinity is next to the largest.
 *
 * @param a The bits of a number; not of NaN.
 * @param b The bits of the other.
 */
export function halfUlps(a: number, b: number): number {
  return Math.abs(
    place(a & 0x8000, a & 0x7fff) - place(b & 0x8000, b & 0x7fff),
  );
}

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
  /** The lower 32 bits, likewise. */
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
