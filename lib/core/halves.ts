/**
 * The bit patterns of float16 and bfloat16, and the rounding that they share with
 * smaller floats.
 *
 * @module
 */

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/**
 * Returns the number that a float16 bit pattern represents.
 *
 * @param bits The pattern, in [0, 65535].
 */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  // The same number as a float32, whose exponent is 112 larger.
  scratchBits[0] = (bits & 0x8000) << 16 | (exponent + 112) << 23 |
    fraction << 13;
  return scratch[0];
}

/**
 * Returns the float16 bit pattern nearest to a number.
 *
 * @param value Any number; beyond 65,504 it becomes an infinity.
 */
export function float16Bits(value: number): number {
  const single = Math.fround(value);
  const sign = single < 0 || Object.is(single, -0) ? 0x8000 : 0;
  const size = Math.abs(single);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundHalfEven(size * 2 ** 24);
  const exponent = exponentOf(size);
  const fraction = roundHalfEven(size * 2 ** (10 - exponent)) - 1024;
  return sign | (((exponent + 15) << 10) + fraction);
}

/**
 * Returns the number that a bfloat16 bit pattern represents.
 *
 * @param bits The pattern, in [0, 65535].
 */
export function bfloat16Value(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratch[0];
}

/**
 * Returns the bfloat16 bit pattern nearest to a number.
 *
 * @param value Any number.
 */
export function bfloat16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  scratch[0] = value;
  const bits = scratchBits[0];
  const odd = (bits >>> 16) & 1;
  return (bits + 0x7fff + odd) >>> 16;
}

/** The power of two that a float32 of at least 2^-126 in size begins with. */
export function exponentOf(size: number): number {
  scratch[0] = size;
  return (scratchBits[0] >>> 23) - 127;
}

/** Rounds a number in [0, 2^31) to the nearest integer, ties to even. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor + (floor & 1);
}
