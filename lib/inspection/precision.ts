/**
 * The two precisions in which generators draw: the lattice of their uniforms and
 * how these become other numbers.
 *
 * @module
 */

import { fma32, fma64 } from "../random/torch/fma.ts";
import { transformDouble, transformSingle } from "../random/torch/normal.ts";

/** A precision. */
export interface Precision {
  /** Uniforms in [0, 1) are multiples of this. */
  readonly step: number;
  /** How many numbers are between 1 and 2, as a share: 2^−23 for float32. */
  readonly epsilon: number;
  /** The smallest distance of two numbers. */
  readonly tiny: number;
  /** 2π as it is multiplied with. */
  readonly twoPi: number;
  /** Rounds to it. */
  readonly round: (value: number) => number;
  /** Returns a · b + c, rounded once. */
  readonly fma: (a: number, b: number, c: number) => number;
  /** Makes 16 normals about 0 of 16 uniforms, in place. */
  readonly normals: (block: Float32Array | Float64Array, std: number) => void;
  /** Makes room for 16 numbers. */
  readonly block: () => Float32Array | Float64Array;
}

/** Those whose values lie on a lattice that can be seen. */
export const precisions: Readonly<Partial<Record<string, Precision>>> = {
  float32: {
    step: 2 ** -24,
    epsilon: 2 ** -23,
    tiny: 2 ** -149,
    twoPi: Math.fround(2 * Math.PI),
    round: Math.fround,
    fma: fma32,
    normals: (block, std) =>
      transformSingle(block as Float32Array, 0, 0, Math.fround(std)),
    block: () => new Float32Array(16),
  },
  float64: {
    step: 2 ** -53,
    epsilon: 2 ** -52,
    tiny: 2 ** -1074,
    twoPi: 2 * Math.PI,
    round: (value) => value,
    fma: fma64,
    normals: (block, std) => transformDouble(block as Float64Array, 0, 0, std),
    block: () => new Float64Array(16),
  },
};

/**
 * Returns the distance of a number from the next one away from 0.
 *
 * @param value The number.
 * @param precision The precision that it has.
 */
export function spacing(value: number, { epsilon, tiny }: Precision): number {
  const size = Math.abs(value);
  if (size === 0) return tiny;
  const exponent = Math.floor(Math.log2(size));
  return Math.max(tiny, 2 ** exponent * epsilon);
}
