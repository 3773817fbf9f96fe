/**
 * The default weight and bias of linear layers and convolutions.
 *
 * @module
 */

import { elementCount, type Shape } from "../core/shape.ts";
import { kaimingUniform } from "../init/mod.ts";
import { biasBound } from "../init/scaling.ts";
import { uniformWithin } from "./fills.ts";
import type { ParameterSpec } from "./fields.ts";

/**
 * Returns the parameters of a layer that multiplies and adds: both are drawn
 * from U(−1/√fanIn, 1/√fanIn), the weight by way of Kaiming's rule with a
 * slope of √5, which is the same up to rounding.
 *
 * @param weightShape The weight's shape, the inputs at axis 1.
 * @param biases The number of biases; null for a layer without.
 * @see `Linear.reset_parameters`, `_ConvNd.reset_parameters`, PyTorch 2.13.0
 */
export function affineParameters(
  weightShape: Shape,
  biases: number | null,
): ParameterSpec[] {
  const bound = biasBound(elementCount(weightShape.slice(1)));
  return [
    {
      name: "weight",
      shape: weightShape,
      fill: (weight, generator) =>
        kaimingUniform(weight, { negativeSlope: Math.sqrt(5), generator }),
    },
    {
      name: "bias",
      shape: biases === null ? null : [biases],
      fill: uniformWithin(bound),
    },
  ];
}
