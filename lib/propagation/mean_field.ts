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
  /**
   * The variance over seeds of the logarithm of one input's mean square of
   * activations, to first order in 1 / width.
   */
  readonly logVariance: number;
  /**
   * What a deviation of the inputs' mean square, relative to it, is multiplied
   * by up to here: 1 for relu, below 1 where the map is stable.
   */
  readonly amplification: number;
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
 * Seeds: a layer of n units adds `(E[φ⁴] / E[φ²]² − 1) / n` to the variance of
 * the logarithm of a mean square, and multiplies by the square of
 * `d ln E[φ²] / d ln q` what came before.
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
  let [logVariance, amplification] = [0, 1];
  for (const { fanIn, fanOut, weightVariance } of layers) {
    const own = fanIn * weightVariance! * before;
    const variance = own + ends.bias;
    const moments = activationMoments(curve, variance);
    const { slope, fluctuation } = deviationOf(curve, variance, moments.square);
    const share = variance > 0 ? own / variance : 0;
    logVariance = (slope * share) ** 2 * logVariance + fluctuation / fanOut;
    amplification *= slope * share;
    found.push({
      ...moments,
      variance,
      gradient: 0,
      weightGradient: 0,
      logVariance,
      amplification,
    });
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

/** How a layer passes deviations on, and what it adds for one unit. */
function deviationOf(
  { value, kinks }: Curve,
  variance: number,
  square: number,
): { slope: number; fluctuation: number } {
  if (!(square > 0 && variance > 0)) return { slope: 0, fluctuation: 0 };
  const at = { std: Math.sqrt(variance), breaks: kinks };
  const slope = normalMean((x, z) => value(x) ** 2 * (z * z - 1), at) / 2;
  const fourth = normalMean((x) => (value(x) ** 2 / square) ** 2, at);
  return { slope: slope / square, fluctuation: fourth - 1 };
}
