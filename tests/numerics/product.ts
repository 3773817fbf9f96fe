/**
 * What tests compute of matrices.
 *
 * @module
 */

import type { Matrix } from "../../lib/numerics/matrix.ts";

/** Returns the product of two matrices. */
export function product(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[i * a.columns + k];
      for (let j = 0; j < b.columns; j++) {
        data[i * b.columns + j] += factor * b.data[k * b.columns + j];
      }
    }
  }
  return { data, rows: a.rows, columns: b.columns };
}

/** Returns the identity matrix of a size. */
export function identity(size: number): Matrix {
  const data = new Float64Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return { data, rows: size, columns: size };
}

/** Returns the largest difference of two elements; NaN if one is none. */
export function distance(a: Matrix, b: Matrix): number {
  if (a.rows !== b.rows || a.columns !== b.columns) return Infinity;
  return a.data.reduce(
    (most, x, i) => Math.max(most, Math.abs(x - b.data[i])),
    0,
  );
}
