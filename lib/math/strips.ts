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
 * Writes a matrix in strips.
 *
 * @param strips The array for them, from its start on.
 * @param values The matrix's elements.
 * @param places Where they are.
 */
export function toStrips(
  strips: Float64Array,
  values: Reals,
  { rows, columns, rowStep, columnStep }: Places,
): void {
  const height = stripColumns * filledUp(rows);
  strips.fill(0, 0, height * filledUp(columns) / stripColumns);
  for (let j = 0; j < columns; j++) {
    let to = Math.floor(j / stripColumns) * height + j % stripColumns;
    let from = j * columnStep;
    for (let i = 0; i < rows; i++) {
      strips[to] = values[from];
      to += stripColumns;
      from += rowStep;
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
  { rows, columns, rowStep, columnStep }: Places,
  scale: number,
): void {
  const height = stripColumns * filledUp(rows);
  for (let j = 0; j < columns; j++) {
    let from = Math.floor(j / stripColumns) * height + j % stripColumns;
    let to = j * columnStep;
    for (let i = 0; i < rows; i++) {
      values[to] = scale * strips[from];
      from += stripColumns;
      to += rowStep;
    }
  }
}
