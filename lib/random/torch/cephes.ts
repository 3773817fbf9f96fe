/**
 * log, sin and cos in single precision: the Cephes polynomials, in the order
 * of operations of the vector code with which PyTorch makes normals. Each step
 * rounds to float32, fused where that code fuses.
 *
 * @see Moshier, Cephes Mathematical Library, `logf.c`, `sinf.c`
 *
 * @module
 */

import { fma32 } from "./fma.ts";

const { fround } = Math;

const logCoefficients = [
  7.0376836292e-2,
  -1.1514610310e-1,
  1.1676998740e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
].map(fround);
const squareRootOfHalf = fround(0.707106781186547524);
/** log 2 in two parts, the first exact in few bits. */
const log2High = fround(0.693359375);
const log2Low = fround(-2.12194440e-4);

const scratch = new Float32Array(1);
const scratchBits = new Int32Array(scratch.buffer);

/**
 * Returns the natural logarithm of a positive, normal float32.
 *
 * @param x The number.
 */
export function log32(x: number): number {
  scratch[0] = x;
  let exponent = (scratchBits[0] >>> 23) - 126;
  scratchBits[0] = (scratchBits[0] & 0x807fffff) | 0x3f000000;
  const mantissa = scratch[0];
  let m = fround(mantissa - 1);
  if (mantissa < squareRootOfHalf) {
    exponent -= 1;
    m = fround(m + mantissa);
  }
  const square = fround(m * m);
  let y = fround(horner(logCoefficients, m) * m);
  y = fma32(y, square, fround(exponent * log2Low));
  y = fround(y - fround(0.5 * square));
  return fma32(exponent, log2High, fround(m + y));
}

const fourOverPi = fround(1.27323954473516);
/** −π/4 in three parts. */
const reduction = [
  -0.78515625,
  -2.4187564849853515625e-4,
  -3.77489497744594108e-8,
].map(fround);
const cosCoefficients = [
  2.443315711809948e-5,
  -1.388731625493765e-3,
  4.166664568298827e-2,
].map(fround);
const sinCoefficients = [
  -1.9515295891e-4,
  8.3321608736e-3,
  -1.6666654611e-1,
].map(fround);

/**
 * Writes the sine and cosine of a float32 in [0, 8192].
 *
 * @param x The angle, in radians.
 * @param result Takes the sine at 0 and the cosine at 1.
 */
export function sinCos32(x: number, result: Float32Array): void {
  const octant = (Math.trunc(fround(x * fourOverPi)) + 1) & ~1;
  let r = x;
  for (const part of reduction) r = fma32(octant, part, r);
  const square = fround(r * r);
  let cosine = fround(horner(cosCoefficients, square) * square);
  cosine = fround(fma32(cosine, square, fround(-0.5 * square)) + 1);
  const sine = fma32(fround(horner(sinCoefficients, square) * square), r, r);
  const swap = (octant & 2) !== 0;
  const sinSign = octant & 4 ? -1 : 1;
  const cosSign = (octant - 2) & 4 ? 1 : -1;
  result[0] = sinSign * (swap ? cosine : sine);
  result[1] = cosSign * (swap ? sine : cosine);
}

/** Evaluates a polynomial, the highest coefficient first, fused. */
function horner(coefficients: readonly number[], x: number): number {
  let y = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) {
    y = fma32(y, x, coefficients[i]);
  }
  return y;
}
