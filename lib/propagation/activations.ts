/**
 * The activations and their slopes, as PyTorch defines them.
 *
 * @module
 */

import { normalBelow, normalShares } from "../numerics/normal_below.ts";
import { erf, normalDensity } from "../numerics/special.ts";

/**
 * A function of one number and its derivative.
 *
 * @internal
 */
export interface Curve {
  /** The value. */
  readonly value: (x: number) => number;
  /** The derivative; at a kink the one from the left. */
  readonly slope: (x: number) => number;
  /** Where the derivative jumps, besides 0. */
  readonly kinks: readonly number[];
  /**
   * Returns values and slopes of many numbers, if there is a faster way than one
   * by one.
   */
  readonly ofAll?: (x: Float64Array) => {
    readonly values: Float64Array;
    readonly slopes: Float64Array;
  };
}

/**
 * The activations by PyTorch's names; `gelu_tanh` is gelu's approximation by
 * tanh.
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
  | "selu"
  | "relu6"
  | "erf"
  | "sin"
  | "hardtanh"
  | "elu"
  | "softplus"
  | "gelu_tanh"
  | "mish"
  | "hardswish"
  | "relu_squared";

/** SELU's constants, for which mean 0 and variance 1 are a fixed point. */
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

/** The constants of gelu's approximation. */
const geluScale = Math.sqrt(2 / Math.PI);
const geluCube = 0.044715;

const curves: Readonly<
  Record<
    Activation,
    (negativeSlope: number) => Omit<Curve, "kinks"> & Partial<Curve>
  >
> = {
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
    ofAll(x) {
      const { below, density } = normalShares(x);
      const [values, slopes] = [below, density];
      for (let i = 0; i < x.length; i++) {
        const share = below[i];
        values[i] = x[i] * share;
        slopes[i] = share + x[i] * density[i];
      }
      return { values, slopes };
    },
  }),
  silu: () => ({
    value: (x) => x * sigmoid(x),
    slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  }),
  selu: () => ({
    value: (x) => seluScale * (x > 0 ? x : seluAlpha * Math.expm1(x)),
    slope: (x) => seluScale * (x > 0 ? 1 : seluAlpha * Math.exp(x)),
  }),
  relu6: () => ({
    value: (x) => Math.min(Math.max(x, 0), 6),
    slope: (x) => x > 0 && x <= 6 ? 1 : 0,
    kinks: [6],
  }),
  erf: () => ({
    value: erf,
    slope: (x) => 2 / Math.sqrt(Math.PI) * Math.exp(-x * x),
  }),
  sin: () => ({ value: Math.sin, slope: Math.cos }),
  hardtanh: () => ({
    value: (x) => Math.min(Math.max(x, -1), 1),
    slope: (x) => x > -1 && x <= 1 ? 1 : 0,
    kinks: [-1, 1],
  }),
  elu: () => ({
    value: (x) => x > 0 ? x : Math.expm1(x),
    slope: (x) => x > 0 ? 1 : Math.exp(x),
  }),
  softplus: () => ({
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slope: sigmoid,
  }),
  gelu_tanh: () => ({
    value: (x) => x / 2 * (1 + Math.tanh(geluArgument(x))),
    slope(x) {
      const t = Math.tanh(geluArgument(x));
      const inner = geluScale * (1 + 3 * geluCube * x * x);
      return (1 + t) / 2 + x / 2 * (1 - t * t) * inner;
    },
  }),
  mish: () => ({
    value: (x) => x * softplusTanh(x),
    slope(x) {
      const t = softplusTanh(x);
      return t + x * (1 - t * t) * sigmoid(x);
    },
  }),
  hardswish: () => ({
    value: (x) => x * Math.min(Math.max(x + 3, 0), 6) / 6,
    slope: (x) => x <= -3 ? 0 : x > 3 ? 1 : (2 * x + 3) / 6,
    kinks: [-3, 3],
  }),
  relu_squared: () => ({
    value: (x) => Math.max(x, 0) ** 2,
    slope: (x) => 2 * Math.max(x, 0),
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
 * @see `torch.nn.functional`, PyTorch 2.13.0; for relu_squared So et al.,
 * "Primer", 2021
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
  return { kinks: [], ...curves[name](negativeSlope) };
}

function leaky(negativeSlope: number): Omit<Curve, "kinks"> {
  return {
    value: (x) => x > 0 ? x : negativeSlope * x,
    slope: (x) => x > 0 ? 1 : negativeSlope,
  };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function geluArgument(x: number): number {
  return geluScale * (x + geluCube * x ** 3);
}

/** tanh(ln(1 + eˣ)); from 20 on it is 1. */
function softplusTanh(x: number): number {
  if (x > 20) return 1;
  const power = Math.exp(x);
  const w = power * (power + 2);
  return w / (w + 2);
}
