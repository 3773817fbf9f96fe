/**
 * The activations and their slopes, as PyTorch defines them.
 *
 * @module
 */

import { erf, erfc, normalDensity } from "../numerics/special.ts";

/** A function of one number and its derivative. */
export interface Curve {
  /** The value. */
  readonly value: (x: number) => number;
  /** The derivative; at a kink the one from the left. */
  readonly slope: (x: number) => number;
}

/**
 * The activations by PyTorch's names.
 *
 * @internal
 */
export type Activation =
  | "linear"
  | "relu"
  | "leaky_relu"
  | "tanh"
  | "sigmoid"
  | "gelu"
  | "silu"
  | "selu";

/** SELU's constants, for which mean 0 and variance 1 are a fixed point. */
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

const curves: Readonly<Record<Activation, (negativeSlope: number) => Curve>> = {
  linear: () => ({ value: (x) => x, slope: () => 1 }),
  relu: () => leaky(0),
  leaky_relu: leaky,
  tanh: () => ({ value: Math.tanh, slope: (x) => 1 / Math.cosh(x) ** 2 }),
  sigmoid: () => ({
    value: sigmoid,
    slope: (x) => sigmoid(x) * sigmoid(-x),
  }),
  gelu: () => ({
    value: (x) => x * normalBelow(x),
    slope: (x) => normalBelow(x) + x * normalDensity(x),
  }),
  silu: () => ({
    value: (x) => x * sigmoid(x),
    slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  }),
  selu: () => ({
    value: (x) => seluScale * (x > 0 ? x : seluAlpha * Math.expm1(x)),
    slope: (x) => seluScale * (x > 0 ? 1 : seluAlpha * Math.exp(x)),
  }),
};

/** The activations' names. */
export const activations = Object.keys(curves) as readonly Activation[];

/**
 * Returns an activation with its derivative, in double. GELU is the exact one,
 * by the error function.
 *
 * @param name The activation.
 * @param negativeSlope The slope of leaky_relu below 0; the others ignore it.
 * @see `torch.nn.functional`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { curveOf } from "./activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { value, slope } = curveOf("leaky_relu", 0.1);
 * assertEquals([value(-2), slope(-2), slope(2)], [-0.2, 0.1, 1]);
 * ```
 */
export function curveOf(name: Activation, negativeSlope: number): Curve {
  return curves[name](negativeSlope);
}

function leaky(negativeSlope: number): Curve {
  return {
    value: (x) => x > 0 ? x : negativeSlope * x,
    slope: (x) => x > 0 ? 1 : negativeSlope,
  };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The share of N(0, 1) below x, small shares of full precision. */
function normalBelow(x: number): number {
  const scaled = x / Math.SQRT2;
  return x < 0 ? erfc(-scaled) / 2 : (1 + erf(scaled)) / 2;
}
