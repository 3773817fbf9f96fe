/**
 * What blocks are made of: operations that say, besides their value, how a
 * gradient comes back through them.
 *
 * A signal is a matrix: a row for each example, token or place, a column for
 * each feature or channel.
 *
 * @module
 */

import {
  type Matrix,
  multiply,
  multiplyColumns,
  multiplyRows,
} from "../../numerics/matrix.ts";
import type { Curve } from "../activations.ts";

/** A value, and the way back. */
export interface Step {
  /** The value. */
  readonly value: Matrix;
  /**
   * Returns the gradient by what went in.
   *
   * @param gradient The gradient by the value.
   */
  back(gradient: Matrix): Matrix;
}

/** A product with a weight. */
export interface LinearStep extends Step {
  /**
   * Returns the gradient by the weight, summed over the rows.
   *
   * @param gradient The gradient by the value.
   */
  backToWeight(gradient: Matrix): Matrix;
}

/** Both norms of layers and of batches add this to the variance. */
const epsilon = 1e-5;

/**
 * Returns `x · weightᵀ`.
 *
 * @param x `[rows, fanIn]`.
 * @param weight `[fanOut, fanIn]`.
 */
export function linear(x: Matrix, weight: Matrix): LinearStep {
  return {
    value: multiplyRows(x, weight),
    back: (gradient) => multiply(gradient, weight),
    backToWeight: (gradient) => multiplyColumns(gradient, x),
  };
}

/**
 * Returns an activation of each element.
 *
 * @param x The matrix.
 * @param curve The activation.
 */
export function activate(x: Matrix, curve: Curve): Step {
  const { values, slopes } = curve.ofAll?.(x.data) ?? oneByOne(x.data, curve);
  return {
    value: { ...x, data: values },
    back: (gradient) => {
      const data = new Float64Array(slopes.length);
      for (let i = 0; i < data.length; i++) {
        data[i] = gradient.data[i] * slopes[i];
      }
      return { ...x, data };
    },
  };
}

function oneByOne(x: Float64Array, { value, slope }: Curve) {
  const values = new Float64Array(x.length);
  const slopes = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    values[i] = value(x[i]);
    slopes[i] = slope(x[i]);
  }
  return { values, slopes };
}

/**
 * Returns the sum of two matrices of one shape, each times a factor.
 *
 * @param x The first one.
 * @param y The second one.
 * @param byY The factor of the second one. Default: 1.
 * @param byX The factor of the first one. Default: 1.
 */
export function add(x: Matrix, y: Matrix, byY = 1, byX = 1): Matrix {
  const data = new Float64Array(x.data.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = byX * x.data[i] + byY * y.data[i];
  }
  return { ...x, data };
}

/**
 * Returns a matrix times a number.
 *
 * @param x The matrix.
 * @param by The number.
 */
export function scaled(x: Matrix, by: number): Matrix {
  return { ...x, data: x.data.map((each) => by * each) };
}

/**
 * Returns each row less its mean, divided by its standard deviation: layer norm
 * without parameters, `(x − mean) / sqrt(variance + 1e-5)`.
 *
 * @param x The matrix.
 */
export function layerNorm(x: Matrix): Step {
  return normalize(x, x.rows, x.columns, x.columns, 1, 1);
}

/**
 * Returns each column less its mean, divided by its standard deviation: batch
 * norm in training, times a factor.
 *
 * @param x The matrix.
 * @param gamma The factor. Default: 1.
 */
export function batchNorm(x: Matrix, gamma = 1): Step {
  return normalize(x, x.columns, x.rows, 1, x.columns, gamma);
}

/** Normalizes vectors of a length, by the distances between and along them. */
function normalize(
  x: Matrix,
  count: number,
  length: number,
  step: number,
  along: number,
  gamma: number,
): Step {
  const plain = new Float64Array(x.data.length);
  const stds = new Float64Array(count);
  for (let vector = 0; vector < count; vector++) {
    const [from, to] = [vector * step, vector * step + length * along];
    let mean = 0;
    for (let i = from; i < to; i += along) mean += x.data[i];
    mean /= length;
    let square = 0;
    for (let i = from; i < to; i += along) square += (x.data[i] - mean) ** 2;
    const std = stds[vector] = Math.sqrt(square / length + epsilon);
    for (let i = from; i < to; i += along) plain[i] = (x.data[i] - mean) / std;
  }
  const back = (gradient: Matrix) => {
    const data = new Float64Array(x.data.length);
    for (let vector = 0; vector < count; vector++) {
      const [from, to] = [vector * step, vector * step + length * along];
      let [mean, product] = [0, 0];
      for (let i = from; i < to; i += along) {
        mean += gradient.data[i];
        product += gradient.data[i] * plain[i];
      }
      mean /= length, product /= length;
      const factor = gamma / stds[vector];
      for (let i = from; i < to; i += along) {
        data[i] = factor * (gradient.data[i] - mean - plain[i] * product);
      }
    }
    return { ...x, data };
  };
  const value = gamma === 1 ? plain : plain.map((each) => gamma * each);
  return { value: { ...x, data: value }, back };
}
