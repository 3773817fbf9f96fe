/**
 * Dense layers, forward and back, in double: what a stack computes, without
 * statistics or randomness.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import {
  type Matrix,
  multiply,
  multiplyColumns,
  multiplyRows,
} from "../numerics/matrix.ts";
import type { Curve } from "./activations.ts";

/** A dense layer: `h = a · weightᵀ + bias`. */
export interface Layer {
  /** `[fanOut, fanIn]`. */
  readonly weight: Tensor<"float32">;
  /** `[fanOut]`; null for none. */
  readonly bias: Tensor<"float32"> | null;
}

/** What a layer passes on, one row for each input. */
export interface Passed {
  /** Before the activation, h. */
  readonly preactivations: Matrix;
  /** After the activation, φ(h). */
  readonly activations: Matrix;
}

/** What comes back to a layer. */
interface Returned {
  /** By the pre-activations, one row for each input. */
  readonly gradients: Matrix;
  /** By the weight, summed over the batch. */
  readonly weightGradients: Matrix;
  /** By the layer's inputs: passed to the layer before. */
  readonly inputGradients: Matrix | null;
}

/**
 * Returns the output of a layer.
 *
 * @param layer The layer.
 * @param inputs `[batch, fanIn]`.
 * @param curve The activation.
 */
export function forward(layer: Layer, inputs: Matrix, curve: Curve): Passed {
  const preactivations = multiplyRows(inputs, matrixOf(layer.weight));
  const { data, columns } = preactivations;
  const bias = layer.bias?.data;
  if (bias !== undefined) {
    for (let i = 0; i < data.length; i++) data[i] += bias[i % columns];
  }
  const activations = { ...preactivations, data: data.map(curve.value) };
  return { preactivations, activations };
}

/**
 * Returns a layer's gradients, with those for the layer before it.
 *
 * @param layer The layer.
 * @param passed What it passed on.
 * @param inputs What it was given, `[batch, fanIn]`.
 * @param gradients By its activations, `[batch, fanOut]`.
 * @param curve The activation.
 * @param more Whether there is a layer before it.
 */
export function backward(
  layer: Layer,
  { preactivations }: Passed,
  inputs: Matrix,
  gradients: Matrix,
  curve: Curve,
  more: boolean,
): Returned {
  const slopes = preactivations.data;
  const own = {
    ...gradients,
    data: gradients.data.map((value, i) => value * curve.slope(slopes[i])),
  };
  return {
    gradients: own,
    weightGradients: multiplyColumns(own, inputs),
    inputGradients: more ? multiply(own, matrixOf(layer.weight)) : null,
  };
}

/**
 * Returns a tensor of rank 2 in double.
 *
 * @param tensor The tensor.
 */
export function matrixOf({ data, shape }: Tensor<"float32">): Matrix {
  const [rows, columns] = shape;
  return { data: new Float64Array(data), rows, columns };
}
