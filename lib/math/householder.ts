/**
 * Householder's reflections I − vvᵀ, of which matrices are decomposed.
 *
 * @see Householder, "Unitary triangularization of a nonsymmetric matrix", 1958;
 * Golub and Van Loan, "Matrix Computations", 4th edition, 2013, 5.1
 *
 * @module
 */

/**
 * Returns the vector v, of length √2, for which I − vvᵀ turns a column x into
 * one that is 0 from its second place on; 0 where x is 0.
 *
 * v is x with `sign(x[0]) · |x|` added to its first place, so that nothing
 * cancels. The numbers are divided by the largest, lest a square overflow.
 *
 * @param column The column x.
 */
export function reflectorOf(column: Float64Array): Float64Array {
  const largest = column.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (largest === 0) return column;
  const v = column.map((x) => x / largest);
  const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  v[0] += v[0] < 0 ? -norm : norm;
  const scale = 1 / Math.sqrt(norm * Math.abs(v[0]));
  return v.map((x) => x * scale);
}

/**
 * Multiplies the block from a row and a column on by I − vvᵀ from the left, in
 * place: over the rows, from left to right, as they are stored.
 *
 * @param data The matrix, row after row.
 * @param columns Its number of columns.
 * @param v The vector, one number for each row from `row` on.
 * @param row The block's first row.
 * @param column The block's first column.
 */
export function reflectLeft(
  data: Float64Array,
  columns: number,
  v: Float64Array,
  row: number,
  column: number,
): void {
  const products = new Float64Array(columns - column);
  for (let i = 0; i < v.length; i++) {
    const start = (row + i) * columns + column;
    for (let j = 0; j < products.length; j++) {
      products[j] += v[i] * data[start + j];
    }
  }
  for (let i = 0; i < v.length; i++) {
    const start = (row + i) * columns + column;
    for (let j = 0; j < products.length; j++) {
      data[start + j] -= v[i] * products[j];
    }
  }
}

/**
 * Multiplies the block from a row and a column on by I − vvᵀ from the right, in
 * place.
 *
 * @param data The matrix, row after row.
 * @param columns Its number of columns.
 * @param v The vector, one number for each column from `column` on.
 * @param row The block's first row.
 * @param column The block's first column.
 */
export function reflectRight(
  data: Float64Array,
  columns: number,
  v: Float64Array,
  row: number,
  column: number,
): void {
  for (
    let start = row * columns + column;
    start < data.length;
    start += columns
  ) {
    let product = 0;
    for (let j = 0; j < v.length; j++) product += v[j] * data[start + j];
    for (let j = 0; j < v.length; j++) data[start + j] -= product * v[j];
  }
}
