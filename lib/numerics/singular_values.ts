/**
 * The singular values of a matrix, in double.
 *
 * @module
 */

import { type Matrix, transpose } from "./matrix.ts";
import { reflectLeft, reflectorOf, reflectRight } from "./qr.ts";

/**
 * Returns the singular values of a matrix, the largest first: as many as the
 * smaller of its sizes.
 *
 * Reflections from both sides leave a matrix with two diagonals, and bisection
 * finds its singular values one by one. Accuracy: within 1e-14 of the largest
 * singular value, times the square root of the larger size. Time: for a square
 * of n, 8/3·n³ operations; for m × n with m ≥ 2n, 2mn² more.
 *
 * @param matrix The matrix, of finite numbers; it is not changed.
 * @see Golub and Kahan, "Calculating the singular values and pseudo-inverse of a
 * matrix", 1965; Demmel and Kahan, "Accurate singular values of bidiagonal
 * matrices", 1990, on bisection
 *
 * @example
 * ```ts
 * import { singularValues } from "./singular_values.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = Float64Array.of(3, 0, 4, 5);
 * const [first, second] = singularValues({ data, rows: 2, columns: 2 });
 * assertAlmostEquals(first, 3 * Math.sqrt(5), 1e-14);
 * assertAlmostEquals(second, Math.sqrt(5), 1e-14);
 * ```
 */
export function singularValues(matrix: Matrix): Float64Array {
  const { data, rows, columns } = matrix;
  if (rows < columns) return singularValues(transpose(matrix));
  const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (largest === 0) return new Float64Array(columns);
  // Near 1 no square overflows or vanishes.
  const work = data.map((x) => x / largest);
  const square = rows >= 2 * columns ? triangle(work, columns) : work;
  const found = bisect(bidiagonal(square, columns));
  return found.map((x) => x * largest);
}

/** Returns the R of a tall matrix's QR decomposition, which has its values. */
function triangle(work: Float64Array, columns: number): Float64Array {
  for (let k = 0; k < columns; k++) {
    reflectLeft(work, columns, columnReflector(work, columns, k), k, k);
  }
  const top = work.slice(0, columns * columns);
  for (let k = 0; k < columns; k++) top.fill(0, k * columns, k * columns + k);
  return top;
}

/**
 * Returns the diagonal and the one above it, in turn, of a matrix that has
 * nothing else and the same singular values: d0, e0, d1, e1, …
 */
function bidiagonal(work: Float64Array, columns: number): Float64Array {
  const diagonals = new Float64Array(2 * columns - 1);
  for (let k = 0; k < columns; k++) {
    reflectLeft(work, columns, columnReflector(work, columns, k), k, k);
    diagonals[2 * k] = work[k * columns + k];
    if (k === columns - 1) break;
    const row = work.slice(k * columns + k + 1, (k + 1) * columns);
    reflectRight(work, columns, reflectorOf(row), k, k + 1);
    diagonals[2 * k + 1] = work[k * columns + k + 1];
  }
  return diagonals;
}

function columnReflector(
  work: Float64Array,
  columns: number,
  k: number,
): Float64Array {
  const length = work.length / columns - k;
  const column = new Float64Array(length);
  for (let i = 0; i < length; i++) column[i] = work[(k + i) * columns + k];
  return reflectorOf(column);
}

/**
 * Returns the singular values, the largest first. They are the positive
 * eigenvalues of the symmetric matrix with 0 on its diagonal and these numbers
 * next to it.
 */
function bisect(diagonals: Float64Array): Float64Array {
  const squares = diagonals.map((x) => x * x);
  // No eigenvalue is further out than the sum of two neighbors (Gershgorin).
  const bound = diagonals.reduce(
    (most, x, i) =>
      Math.max(most, Math.abs(x) + Math.abs(diagonals[i + 1] ?? 0)),
    0,
  );
  const count = (diagonals.length + 1) / 2;
  const found = new Float64Array(count);
  let high = bound * (1 + Number.EPSILON);
  for (let index = 0; index < count; index++) {
    let low = 0;
    const tiny = bound * Number.EPSILON ** 2;
    let top = high;
    while (top - low > Number.EPSILON * top + tiny) {
      const middle = (low + top) / 2;
      if (countAbove(squares, middle) > index) low = middle;
      else top = middle;
    }
    found[index] = high = top;
  }
  return found;
}

/** How many eigenvalues lie above x, by the signs of Sturm's sequence. */
function countAbove(squares: Float64Array, x: number): number {
  let pivot = -x;
  let above = 0;
  for (let i = 0; i < squares.length; i++) {
    // A pivot of 0 is taken as one too small to matter.
    pivot = -x - squares[i] / (pivot === 0 ? -Number.MIN_VALUE : pivot);
    if (pivot > 0) above++;
  }
  return above;
}
