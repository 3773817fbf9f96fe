/**
 * The QR decomposition, by Householder's reflections, in double.
 *
 * @see Householder, "Unitary triangularization of a nonsymmetric matrix", 1958;
 * Golub and Van Loan, "Matrix Computations", 4th edition, 2013, 5.1 and 5.2
 *
 * @module
 */

import type { Matrix } from "./matrix.ts";

/** A matrix as the product of two, A = QR. */
export interface QrFactors {
  /** rows × min(rows, columns), its columns orthonormal. */
  readonly q: Matrix;
  /** min(rows, columns) × columns, 0 below the diagonal. */
  readonly r: Matrix;
}

/**
 * Returns the thin QR decomposition of a matrix.
 *
 * The diagonal of R may have either sign. Q has orthonormal columns for every
 * matrix, of full rank or not, and the zero matrix too.
 *
 * Each reflection goes over the rows, from left to right, as they are stored.
 *
 * @param matrix The matrix A, of finite numbers; it stays as it is.
 */
export function qr({ data, rows, columns }: Matrix): QrFactors {
  const count = Math.min(rows, columns);
  const work = data.slice();
  const reflectors: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const column = Float64Array.from(
      { length: rows - k },
      (_, i) => work[(k + i) * columns + k],
    );
    reflectors.push(reflectorOf(column));
    reflect(work, columns, reflectors[k], k);
  }
  // Q is the product of all reflections: those of the identity, last one first.
  const q = new Float64Array(rows * count);
  for (let k = 0; k < count; k++) q[k * count + k] = 1;
  for (let k = count - 1; k >= 0; k--) reflect(q, count, reflectors[k], k);
  // What rounding left below the diagonal is 0.
  const r = work.slice(0, count * columns);
  for (let k = 0; k < count; k++) r.fill(0, k * columns, k * columns + k);
  return {
    q: { data: q, rows, columns: count },
    r: { data: r, rows: count, columns },
  };
}

/**
 * Returns the vector v, of length √2, for which I − vvᵀ turns a column x into
 * one that is 0 from its second place on; 0 where x is 0.
 *
 * v is x with `sign(x[0]) · |x|` added to its first place, so that nothing
 * cancels. The numbers are divided by the largest, lest a square overflow.
 */
function reflectorOf(column: Float64Array): Float64Array {
  const largest = column.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (largest === 0) return column;
  const v = column.map((x) => x / largest);
  const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  v[0] += v[0] < 0 ? -norm : norm;
  const scale = 1 / Math.sqrt(norm * Math.abs(v[0]));
  return v.map((x) => x * scale);
}

/** Multiplies the block from row k and column k on by I − vvᵀ from the left. */
function reflect(
  data: Float64Array,
  columns: number,
  v: Float64Array,
  k: number,
): void {
  const products = new Float64Array(columns - k);
  for (let i = 0; i < v.length; i++) {
    const row = (k + i) * columns + k;
    for (let j = 0; j < products.length; j++) {
      products[j] += v[i] * data[row + j];
    }
  }
  for (let i = 0; i < v.length; i++) {
    const row = (k + i) * columns + k;
    for (let j = 0; j < products.length; j++) {
      data[row + j] -= v[i] * products[j];
    }
  }
}
