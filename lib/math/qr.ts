/**
 * The QR decomposition, by Householder's reflections, in double.
 *
 * @see Householder, "Unitary triangularization of a nonsymmetric matrix", 1958;
 * Golub and Van Loan, "Matrix Computations", 4th edition, 2013, 5.1 and 5.2
 *
 * @module
 */

import { reflectLeft, reflectorOf } from "./householder.ts";
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
    reflectLeft(work, columns, reflectors[k], k, k);
  }
  // Q is the product of all reflections: those of the identity, last one first.
  const q = new Float64Array(rows * count);
  for (let k = 0; k < count; k++) q[k * count + k] = 1;
  for (let k = count - 1; k >= 0; k--) {
    reflectLeft(q, count, reflectors[k], k, k);
  }
  // What rounding left below the diagonal is 0.
  const r = work.slice(0, count * columns);
  for (let k = 0; k < count; k++) r.fill(0, k * columns, k * columns + k);
  return {
    q: { data: q, rows, columns: count },
    r: { data: r, rows: count, columns },
  };
}
