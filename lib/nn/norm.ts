/**
 * What normalizations share: a scale of 1 and a shift of 0.
 *
 * @module
 */

import type { Shape } from "../core/shape.ts";
import { allOnes, allZeros } from "./fills.ts";
import type { ParameterSpec } from "./fields.ts";

/**
 * Returns the parameters that scale and shift what was normalized: weight 1 and
 * bias 0.
 *
 * @param shape The shape of each.
 * @param affine Whether there are any.
 * @param bias Whether the bias is among them.
 */
export function normParameters(
  shape: Shape,
  affine: boolean,
  bias: boolean,
): ParameterSpec[] {
  return [
    { name: "weight", shape: affine ? shape : null, fill: allOnes },
    { name: "bias", shape: affine && bias ? shape : null, fill: allZeros },
  ];
}
