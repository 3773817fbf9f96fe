/**
 * Mean-field theory: the statistics of a layer that is wide and whose weights
 * are independent with mean 0. Then its pre-activations are normal, and one
 * number, their variance q, says all.
 *
 * @see Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli, "Exponential
 * expressivity in deep neural networks through transient chaos", 2016,
 * equation 3; Schoenholz, Gilmer, Ganguli and Sohl-Dickstein, "Deep
 * information propagation", 2017
 *
 * @module
 */

import { normalMean } from "../numerics/normal_mean.ts";
import type { Curve } from "./activations.ts";

/** The moments after pre-activations h ~ N(0, q). */
export interface ActivationMoments {
  /** E[φ(h)]. */
  readonly mean: number;
  /** E[φ(h)²]. */
  readonly square: number;
  /** E[φ′(h)²]. */
  readonly slopeSquare: number;
}

/** A layer in the theory's terms. */
export interface LayerScale {
  /** Inputs of one output. */
  readonly fanIn: number;
  /** Outputs that one input reaches. */
  readonly fanOut: number;
  /** The weights' variance; null if the theory does not hold. */
  readonly weightVariance: number | null;
}

/** The theory's values for a layer. */
export interface LayerExpectation extends ActivationMoments {
  /** The variance q of the pre-activations. */
  readonly variance: number;
  /** The mean square of the gradient by the pre-activations. */
  readonly gradient: number;
  /** The mean square of the gradient by the weights. */
  readonly weightGradient: number;
}

/** The inputs at both ends. */
export interface Ends {
  /** The variance of the inputs, of mean 0. */
  readonly input: number;
  /** The variance of the gradient by the last activations. */
  readonly gradient: number;
  /** The variance of the biases. */
  readonly bias: number;
  /** The number of inputs in the batch. */
  readonly batch: number;
}

/**
 * Returns the moments of an activation of h ~ N(0, variance).
 *
 * By quadrature, within 1e-12 of the value; for relu this is `square = variance
 * / 2` and `slopeSquare = 1 / 2`.
 *
 * @param curve The activation.
 * @param variance The variance q of the pre-activations, at least 0.
 *
 * @example
 * ```ts
 * import { curveOf } from "./activations.ts";
 * import { activationMoments } from "./mean_field.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const relu = activationMoments(curveOf("relu", 0), 4);
 * assertAlmostEquals(relu.square, 2, 1e-12);
 * assertAlmostEquals(relu.slopeSquare, 1 / 2, 1e-12);
 * ```
 */
export function activationMoments(
  { value, slope, kinks }: Curve,
  variance: number,
): ActivationMoments {
  const at = { std: Math.sqrt(variance), breaks: kinks };
  return {
    mean: normalMean(value, at),
    square: normalMean((x) => value(x) ** 2, at),
    slopeSquare: normalMean((x) => slope(x) ** 2, at),
  };
}

/**
 * Returns the theory's values for each layer, with random gradients at the
 * output that are independent of the signals.
 *
 * Forward, with `a` the activations of the layer before:
 * `q = fanIn · Var[w] · E[a²] + Var[b]`. Backward, with `δ` the gradient by the
 * pre-activations of the layer after and `n` its outputs:
 * `E[δ²] = n · Var[w] · E[δ²] · E[φ′²]`. A weight's gradient is the sum of
 * `δ · a` over the batch.
 *
 * @param curve The activation.
 * @param layers The layers, in order.
 * @param ends What goes in.
 * @returns One for each layer; all null where one layer does not fit the theory.
 */
export function meanField(
  curve: Curve,
  layers: readonly LayerScale[],
  ends: Ends,
): (LayerExpectation | null)[] {
  if (layers.some(({ weightVariance }) => weightVariance === null)) {
    return layers.map(() => null);
  }
  const found: LayerExpectation[] = [];
  let before = ends.input;
  for (const { fanIn, weightVariance } of layers) {
    const variance = fanIn * weightVariance! * before + ends.bias;
    const moments = activationMoments(curve, variance);
    found.push({ ...moments, variance, gradient: 0, weightGradient: 0 });
    before = moments.square;
  }
  let after = ends.gradient;
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const gradient = after * found[layer].slopeSquare;
    const input = layer === 0 ? ends.input : found[layer - 1].square;
    const weightGradient = ends.batch * gradient * input;
    found[layer] = { ...found[layer], gradient, weightGradient };
    const { fanOut, weightVariance } = layers[layer];
    after = fanOut * weightVariance! * gradient;
  }
  return found;
}
