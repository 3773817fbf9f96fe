/**
 * The gain by which a nonlinearity asks weights to be scaled.
 *
 * @module
 */

import { checkFinite, describe } from "../core/options.ts";

/** PyTorch's names of the layers and nonlinearities that have a gain. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "conv_transpose1d"
  | "conv_transpose2d"
  | "conv_transpose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

const gains: Readonly<Record<Nonlinearity, (slope: number) => number>> = {
  linear: () => 1,
  conv1d: () => 1,
  conv2d: () => 1,
  conv3d: () => 1,
  conv_transpose1d: () => 1,
  conv_transpose2d: () => 1,
  conv_transpose3d: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.sqrt(2),
  leaky_relu: (slope) => Math.sqrt(2 / (1 + slope * slope)),
  selu: () => 3 / 4,
};

/** The names that have a gain. */
export const nonlinearities = Object.keys(gains) as readonly Nonlinearity[];

/**
 * Returns the gain of a nonlinearity: the factor on a weight's standard
 * deviation that keeps signals at one size through it.
 *
 * 1 for linear, convolutions and sigmoid; 5/3 for tanh; √2 for relu;
 * `sqrt(2 / (1 + negativeSlope^2))` for leaky_relu; 3/4 for selu.
 *
 * @param nonlinearity The name, as PyTorch writes it.
 * @param negativeSlope The slope of leaky_relu below 0; the others ignore it.
 * Default: 0.01.
 * @throws {RangeError} If the name is unknown, or the slope not finite.
 * @throws {TypeError} If the slope is not a number.
 * @see `torch.nn.init.calculate_gain`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { calculateGain } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(calculateGain("relu"), Math.SQRT2);
 * assertEquals(calculateGain("tanh"), 5 / 3);
 * assertEquals(calculateGain("leaky_relu", 1), 1);
 * ```
 */
export function calculateGain(
  nonlinearity: Nonlinearity,
  negativeSlope?: number,
): number {
  const action = "calculate a gain";
  if (!Object.hasOwn(gains, nonlinearity)) {
    throw new RangeError(
      `Cannot ${action} as nonlinearity must be one of ${
        nonlinearities.join(", ")
      }: current value is ${describe(nonlinearity)}`,
    );
  }
  const slope = negativeSlope === undefined ? 0.01 : negativeSlope;
  checkFinite(action, "negativeSlope", slope);
  return gains[nonlinearity](slope);
}
