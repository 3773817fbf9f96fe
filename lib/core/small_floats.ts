/**
 * Floats of 8 bits and fewer: what their bit patterns stand for, and which one is
 * nearest to a number.
 *
 * @module
 */

import { exponentOf, roundHalfEven } from "./halves.ts";

/** How the bits of a small float are divided: a sign, an exponent, a fraction. */
export interface SmallFloat {
  /** Bits of the exponent. */
  readonly exponent: number;
  /** Bits of the fraction. */
  readonly fraction: number;
  /** What is subtracted from the exponent. */
  readonly bias: number;
  /** The largest finite number. */
  readonly largest: number;
  /**
   * What larger numbers and infinities become: an infinity, the largest number
   * or NaN.
   */
  readonly beyond: number;
  /**
   * NaN, which may take the place of −0; undefined where there is none.
   */
  readonly nan: number | undefined;
}

/** What patterns stand for, and the patterns of numbers. */
export interface SmallCodec {
  /** Returns the number of a pattern. */
  readonly decode: (bits: number) => number;
  /** Returns the pattern nearest to a number; undefined where NaN has none. */
  readonly encode: (value: number) => number | undefined;
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** E8M0's pattern of NaN. */
const scaleNan = 0xff;

/**
 * Returns what reads and writes floats of a format. Numbers are rounded to the
 * nearest, ties to even; each NaN becomes one.
 *
 * @param format How the bits are divided.
 * @see torch/headeronly/util/Float8_*.h, PyTorch 2.13.0; ml_dtypes 0.6.0 for
 * four bits
 */
export function smallCodec(format: SmallFloat): SmallCodec {
  const { exponent, fraction, bias, largest, beyond, nan } = format;
  const sign = 2 ** (exponent + fraction);
  const lowest = 1 - bias;
  const values = Float32Array.from({ length: 2 * sign }, (_, bits) => {
    if (bits === nan) return NaN;
    const size = sizeOf(bits % sign);
    return bits < sign ? size : -size;
  });
  return {
    decode: (bits) => values[bits],
    encode: (value) => encode(Math.fround(value)),
  };

  function sizeOf(bits: number): number {
    const [power, rest] = [bits >> fraction, bits % 2 ** fraction];
    const size = power === 0
      ? rest * 2 ** (lowest - fraction)
      : (2 ** fraction + rest) * 2 ** (power - bias - fraction);
    if (size <= largest) return size;
    return bits === beyond ? Infinity : NaN;
  }

  function encode(value: number): number | undefined {
    if (Number.isNaN(value)) return nan;
    const size = Math.abs(value);
    const power = Math.max(lowest, exponentOf(size));
    const rounded = roundHalfEven(size * 2 ** (fraction - power));
    // A carry out of the fraction is one more of the exponent.
    const bits = (power - lowest) * 2 ** fraction + rounded;
    const kept = bits < sign && values[bits] <= largest ? bits : beyond;
    const isNegative = value < 0 || Object.is(value, -0);
    const isSigned = isNegative && !(kept === 0 && nan === sign);
    return isSigned ? kept | sign : kept;
  }
}

/**
 * Returns the number of a pattern of E8M0: a power of two, neither 0 nor
 * negative.
 *
 * @param bits The pattern.
 */
export function scaleValue(bits: number): number {
  return bits === scaleNan ? NaN : 2 ** (bits - 127);
}

/**
 * Returns the pattern of E8M0 nearest to a number. PyTorch drops the sign and
 * rounds ties up.
 *
 * @param value The number.
 * @see torch/headeronly/util/Float8_e8m0fnu.h, PyTorch 2.13.0
 */
export function scaleBits(value: number): number {
  scratch[0] = Math.abs(value);
  const [bits] = scratchBits;
  const rest = bits & 0x7fffff;
  // What is below 2^-127 and a half of it is subnormal: 2^-127 is the least.
  const isUp = bits >= 0x800000 ? rest >= 0x400000 : rest > 0x400000;
  return Math.min(scaleNan, (bits >>> 23) + Number(isUp));
}
