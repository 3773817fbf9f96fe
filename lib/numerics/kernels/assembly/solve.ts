/**
 * Triangular systems in strips.
 *
 * @module
 */

import { numberBytes, rowBytes } from "./strip_sizes";

/**
 * Divides a matrix from the left by the lower triangle of another one, with ones
 * for its diagonal.
 *
 * @param matrix The place of the matrix.
 * @param columns Its number of columns.
 * @param gram The place of the other one.
 * @param rows How many rows and columns that has, a multiple of 4.
 */
export function solveLower(
  matrix: usize,
  columns: usize,
  gram: usize,
  rows: usize,
): void {
  for (let i: usize = 0; i < columns; i += 4) {
    const strip = (matrix + i * rows) * numberBytes;
    for (let row: usize = 0; row < rows; row++) {
      eliminate(strip, gram * numberBytes, rows, row, row + 1, rows);
    }
  }
}

/**
 * The same with the upper triangle.
 *
 * @param matrix The place of the matrix.
 * @param columns Its number of columns.
 * @param gram The place of the other one.
 * @param rows How many rows and columns that has, a multiple of 4.
 */
export function solveUpper(
  matrix: usize,
  columns: usize,
  gram: usize,
  rows: usize,
): void {
  for (let i: usize = 0; i < columns; i += 4) {
    const strip = (matrix + i * rows) * numberBytes;
    for (let row = rows - 1; row > 0; row--) {
      eliminate(strip, gram * numberBytes, rows, row, 0, row);
    }
  }
}

/** Takes a strip's row, times its column of the matrix, from other rows. */
function eliminate(
  strip: usize,
  gram: usize,
  rows: usize,
  row: usize,
  from: usize,
  to: usize,
): void {
  const y0 = v128.load(strip + row * rowBytes);
  const y1 = v128.load(strip + row * rowBytes, 16);
  let factor = gram + (row >> 2) * rows * rowBytes + (row & 3) * numberBytes +
    from * rowBytes;
  const end = strip + to * rowBytes;
  for (let at = strip + from * rowBytes; at < end; at += rowBytes) {
    const x = v128.load64_splat(factor);
    v128.store(at, f64x2.sub(v128.load(at), f64x2.mul(x, y0)));
    v128.store(at, f64x2.sub(v128.load(at, 16), f64x2.mul(x, y1)), 16);
    factor += rowBytes;
  }
}
