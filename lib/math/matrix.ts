/**
 * Dense matrices in double, outside of tensors.
 *
 * @module
 */

/** A matrix, row after row. */
export interface Matrix {
  /** The elements; `data[i * columns + j]` is that in row i and column j. */
  readonly data: Float64Array;
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
}

/**
 * Returns the transpose, as a copy.
 *
 * @param matrix The matrix.
 */
export function transpose({ data, rows, columns }: Matrix): Matrix {
  const turned = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      turned[j * rows + i] = data[i * columns + j];
    }
  }
  return { data: turned, rows: columns, columns: rows };
}
