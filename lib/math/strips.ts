/**
 * Matrices in strips of four columns: all rows of the first strip, then those of
 * the next.
 *
 * What is computed together so lies together, in whatever direction: four columns
 * of a few rows are one piece of memory. Rows and columns of zeros fill the sizes
 * up to multiples of four; reflections leave them as they are.
 *
 * @module
 */

/** Columns in a strip. */
export const stripColumns = 4;

/** Where a matrix has its elements. */
export interface Places {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** The distance from a row to the next. */
  readonly rowStep: number;
  /** The distance from a column to the next. */
  readonly columnStep: number;
}

/** Numbers in single or double precision. */
export type Reals = Float32Array | Float64Array;

/**
 * Returns a size, filled up to whole strips.
 *
 * @param size The number of rows or columns.
 */
export function filledUp(size: number): number {
  return Math.ceil(size / stripColumns) * stripColumns;
}

/**
 * Returns the distance from a strip to the next: an odd number of half kilobytes,
 * with which the same rows of neighbours lie apart in the machine's caches.
 *
 * @param rows The number of rows.
 */
export function strideOf(rows: number): number {
  return 64 * (Math.ceil(rows / 16) | 1);
}

/** Rows that are copied together, so that whole lines of a cache are used. */
const bandRows = 64;

/**
 * Writes a matrix in strips.
 *
 * @param strips The array for them, from its start on.
 * @param values The matrix's elements.
 * @param places Where they are.
 */
export function toStrips(
  strips: Float64Array,
  values: Reals,
  places: Places,
): void {
  const { rows, columns, rowStep, columnStep } = places;
  const stride = strideOf(rows);
  strips.fill(0, 0, stride * filledUp(columns) / stripColumns);
  for (let row = 0; row < rows; row += bandRows) {
    const end = Math.min(row + bandRows, rows);
    for (let column = 0; column < columns; column++) {
      let to = placeOf(row, column, stride);
      let from = row * rowStep + column * columnStep;
      for (let i = row; i < end; i++) {
        strips[to] = values[from];
        to += stripColumns;
        from += rowStep;
      }
    }
  }
}

/**
 * Writes the matrix back, times a factor.
 *
 * @param strips The array of strips.
 * @param values The array for its elements.
 * @param places Where they are to be.
 * @param scale The factor.
 */
export function fromStrips(
  strips: Float64Array,
  values: Reals,
  places: Places,
  scale: number,
): void {
  const { rows, columns, rowStep, columnStep } = places;
  const stride = strideOf(rows);
  for (let row = 0; row < rows; row += bandRows) {
    const end = Math.min(row + bandRows, rows);
    for (let column = 0; column < columns; column++) {
      let from = placeOf(row, column, stride);
      let to = row * rowStep + column * columnStep;
      for (let i = row; i < end; i++) {
        values[to] = scale * strips[from];
        from += stripColumns;
        to += rowStep;
      }
    }
  }
}

/**
 * Returns the place of an element in strips.
 *
 * @param row Its row.
 * @param column Its column.
 * @param stride The distance from a strip to the next.
 */
export function placeOf(row: number, column: number, stride: number): number {
  return Math.floor(column / stripColumns) * stride + stripColumns * row +
    column % stripColumns;
}
