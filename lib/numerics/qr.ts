/**
 * The Q of a matrix's QR decomposition, by Householder's reflections in blocks,
 * in double.
 *
 * The reflections I − vvᵀ of a block are one step: with their v as the columns of
 * V, the product of the first to the last is I − V·T·Vᵀ, where T is the inverse
 * of the upper triangle of VᵀV with ones for its diagonal. So nearly all of the
 * work is products of matrices, which suits the machine's caches and vectors.
 *
 * @see Householder, "Unitary triangularization of a nonsymmetric matrix", 1958;
 * Schreiber and Van Loan, "A storage-efficient WY representation for products of
 * Householder transformations", 1989; Puglisi, "Modification of the Householder
 * method based on the compact WY representation", 1992, on T; Elmroth and
 * Gustavson, "Applying recursion to serial and parallel QR factorization", 2000
 *
 * @module
 */

import {
  type StripOperations,
  type StripWorkspace,
  stripWorkspaceFor,
} from "./kernels/strips.ts";

/** Where a matrix has its elements. */
interface Places {
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

/** A decomposition under way. Its sizes are filled up to whole strips. */
interface Work extends StripWorkspace {
  readonly rows: number;
  readonly columns: number;
  /** The distance from a strip to the next. */
  readonly stride: number;
  /** Where a block's VᵀV is. */
  readonly gram: number;
  /** Where a block's product with other columns is. */
  readonly product: number;
  /** Where a block is copied to. */
  readonly copy: number;
}

/** A block of reflectors: the columns of V. */
interface Block {
  /** Its place, in the row of its first diagonal. */
  readonly place: number;
  /** The row. */
  readonly row: number;
  /** The number of columns. */
  readonly columns: number;
}

/** Columns in a strip. */
const stripColumns = 4;

/** Columns of a block. Fewer or more take longer. */
const blockColumns = 32;

/** Rows that are copied together, so that whole lines of a cache are used. */
const bandRows = 64;

/**
 * Replaces a matrix by the Q of its QR decomposition for which no number on the
 * diagonal of R is negative; a wide one by the transpose of its transpose's Q.
 *
 * The columns of a tall Q, and the rows of a wide one, are orthonormal for every
 * matrix, of full rank or not, and the zero matrix too.
 *
 * All kernels give the same bytes. Memory, in double: the matrix, 32 of its rows
 * and 32 of its columns. Time: for m × n with m ≥ n, 4mn² − 4/3·n³ operations.
 *
 * @param values The matrix, row after row, of finite numbers.
 * @param rows The number of rows.
 * @param columns The number of columns.
 * @param scale A factor on Q. Default: 1.
 *
 * @example
 * ```ts
 * import { orthonormalize } from "./qr.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const values = Float64Array.of(3, 0, 4, 5);
 * orthonormalize(values, 2, 2);
 * [0.6, -0.8, 0.8, 0.6].forEach((x, i) =>
 *   assertAlmostEquals(values[i], x, 1e-15)
 * );
 * ```
 */
export function orthonormalize(
  values: Reals,
  rows: number,
  columns: number,
  scale: number = 1,
): void {
  if (values.length === 0) return;
  const places = rows < columns
    ? { rows: columns, columns: rows, rowStep: 1, columnStep: columns }
    : { rows, columns, rowStep: columns, columnStep: 1 };
  const work = workFor(places.rows, places.columns);
  toStrips(work.memory, values, places);
  reflect(work, 0, work.columns);
  multiplyOut(work);
  fromStrips(work.memory, values, places, scale);
}

/**
 * Returns the vector v, of length √2, for which I − vvᵀ turns a column x into
 * one that is 0 from its second place on; 0 where x is 0.
 *
 * v is x with `sign(x[0]) · |x|` added to its first place, so that nothing
 * cancels. The numbers are divided by the largest, so no square overflows.
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

/** Lays out the memory: the matrix, and then what a block needs. */
function workFor(matrixRows: number, matrixColumns: number): Work {
  const rows = filledUp(matrixRows);
  const columns = filledUp(matrixColumns);
  const stride = strideOf(rows);
  const block = Math.min(blockColumns, columns);
  const gram = placeOf(0, columns, stride);
  const product = gram + block * block;
  const copy = product + block * columns;
  const length = copy + placeOf(0, block, stride);
  const places = { rows, columns, stride, gram, product, copy };
  return { ...places, ...workspaceOf(length) };
}

function workspaceOf(length: number): StripWorkspace {
  const compiled = stripWorkspaceFor(length);
  if (compiled !== undefined) return compiled;
  const memory = new Float64Array(length);
  return { memory, operations: stripOperations(memory) };
}

/**
 * Turns columns into reflectors: the first half of them, or the first block where
 * that is less; then the rest, reflected by those. Above the diagonal are zeros.
 */
function reflect(work: Work, from: number, to: number): void {
  const { memory, operations, rows, stride } = work;
  while (to - from > stripColumns) {
    const half = filledUp((to - from) / 2);
    const columns = Math.min(blockColumns, half);
    reflect(work, from, from + columns);
    const place = placeOf(from, from, stride);
    const block = { place, row: from, columns };
    apply(work, block, from + columns, to, "solveLower");
    from += columns;
  }
  const diagonal = placeOf(from, from, stride);
  memory.fill(0, placeOf(0, from, stride), diagonal);
  operations.reflect(diagonal, rows - from);
}

/**
 * Puts the product of all reflections in the place of their reflectors, block by
 * block from the last one on.
 */
function multiplyOut(work: Work): void {
  const { columns } = work;
  const last = (Math.ceil(columns / blockColumns) - 1) * blockColumns;
  for (let from = last; from >= 0; from -= blockColumns) {
    const block = moveOut(work, from, Math.min(from + blockColumns, columns));
    apply(work, block, from, columns, "solveUpper");
  }
}

/**
 * Copies a block, and leaves in its place a diagonal of 1 and −1. The diagonal of
 * R has the sign that the first number of v has not: where R's is negative, the
 * column of Q is turned.
 */
function moveOut(work: Work, from: number, to: number): Block {
  const { memory, stride, copy } = work;
  const start = placeOf(0, from, stride);
  const end = placeOf(0, to, stride);
  memory.copyWithin(copy, start, end);
  memory.fill(0, start, end);
  for (let k = from; k < to; k++) {
    const diagonal = placeOf(k, k, stride);
    memory[diagonal] = memory[copy + diagonal - start] > 0 ? -1 : 1;
  }
  const place = copy + placeOf(from, 0, stride);
  return { place, row: from, columns: to - from };
}

/**
 * Multiplies columns by a block of reflections, from the first to the last
 * (`"solveLower"`) or from the last to the first.
 */
function apply(
  { operations, rows, stride, gram, product }: Work,
  { place, row, columns }: Block,
  from: number,
  to: number,
  solve: "solveLower" | "solveUpper",
): void {
  const count = to - from;
  const rest = rows - row;
  const others = placeOf(row, from, stride);
  const { multiply, subtract } = operations;
  multiply(gram, place, columns, place, columns, rest, stride);
  multiply(product, place, columns, others, count, rest, stride);
  operations[solve](product, count, gram, columns);
  subtract(others, count, place, columns, product, rest, stride);
}

/**
 * Writes a matrix in strips.
 *
 * @param strips The array for them, from its start on.
 * @param values The matrix's elements.
 * @param places Where they are.
 */
function toStrips(
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
function fromStrips(
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
 * Returns a size, filled up to whole strips.
 *
 * @param size The number of rows or columns.
 */
function filledUp(size: number): number {
  return Math.ceil(size / stripColumns) * stripColumns;
}

/**
 * Returns the distance from a strip to the next: an odd number of half kilobytes,
 * with which the same rows of neighbors lie apart in the machine's caches.
 *
 * @param rows The number of rows.
 */
function strideOf(rows: number): number {
  return 64 * (Math.ceil(rows / 16) | 1);
}

/**
 * Returns the place of an element in strips.
 *
 * @param row Its row.
 * @param column Its column.
 * @param stride The distance from a strip to the next.
 */
function placeOf(row: number, column: number, stride: number): number {
  return Math.floor(column / stripColumns) * stride + stripColumns * row +
    column % stripColumns;
}

/** Returns the steps in TypeScript, on the array in which all strips lie. */
function stripOperations(memory: Float64Array): StripOperations {
  return {
    reflect: (...args) => reflectStrip(memory, ...args),
    multiply: (...args) => multiply(memory, ...args),
    solveLower: (...args) => solveLower(memory, ...args),
    solveUpper: (...args) => solveUpper(memory, ...args),
    subtract: (...args) => subtract(memory, ...args),
  };
}

/**
 * Turns the columns of a strip into reflectors, one after the other: each from
 * the diagonal on, with zeros above.
 */
function reflectStrip(
  memory: Float64Array,
  strip: number,
  rows: number,
): void {
  const block = memory.subarray(strip, strip + stripColumns * rows);
  for (let k = 0; k < stripColumns; k++) {
    const column = new Float64Array(rows - k);
    for (let i = k; i < rows; i++) column[i - k] = block[stripColumns * i + k];
    const v = reflectorOf(column);
    reflectLeft(block, stripColumns, v, k, k);
    for (let i = 0; i < rows; i++) {
      block[stripColumns * i + k] = i < k ? 0 : v[i - k];
    }
  }
}

/** Makes the product of a matrix's transpose and another matrix. */
function multiply(
  memory: Float64Array,
  to: number,
  left: number,
  leftColumns: number,
  right: number,
  rightColumns: number,
  rows: number,
  stride: number,
): void {
  const length = stripColumns * rows;
  let place = to;
  for (let column = 0; column < rightColumns; column += stripColumns) {
    const factor = right + placeOf(0, column, stride);
    for (let row = 0; row < leftColumns; row++) {
      const other = left + placeOf(0, row, stride);
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let at = 0; at < length; at += stripColumns) {
        const x = memory[other + at];
        s0 += x * memory[factor + at];
        s1 += x * memory[factor + at + 1];
        s2 += x * memory[factor + at + 2];
        s3 += x * memory[factor + at + 3];
      }
      memory[place] = s0;
      memory[place + 1] = s1;
      memory[place + 2] = s2;
      memory[place + 3] = s3;
      place += stripColumns;
    }
  }
}

/**
 * Divides a matrix from the left by the lower triangle of another one, with ones
 * for its diagonal.
 */
function solveLower(
  memory: Float64Array,
  matrix: number,
  columns: number,
  gram: number,
  rows: number,
): void {
  const stride = stripColumns * rows;
  for (let column = 0; column < columns; column += stripColumns) {
    const strip = matrix + placeOf(0, column, stride);
    for (let row = 0; row < rows; row++) {
      const factors = gram + placeOf(0, row, stride);
      eliminate(memory, strip, factors, row, row + 1, rows);
    }
  }
}

/** Divides by the upper triangle, with ones for its diagonal. */
function solveUpper(
  memory: Float64Array,
  matrix: number,
  columns: number,
  gram: number,
  rows: number,
): void {
  const stride = stripColumns * rows;
  for (let column = 0; column < columns; column += stripColumns) {
    const strip = matrix + placeOf(0, column, stride);
    for (let row = rows - 1; row > 0; row--) {
      const factors = gram + placeOf(0, row, stride);
      eliminate(memory, strip, factors, row, 0, row);
    }
  }
}

/** Takes a strip's row, times a column's numbers, from other rows. */
function eliminate(
  memory: Float64Array,
  strip: number,
  factors: number,
  row: number,
  from: number,
  to: number,
): void {
  const place = strip + stripColumns * row;
  const y0 = memory[place], y1 = memory[place + 1];
  const y2 = memory[place + 2], y3 = memory[place + 3];
  for (let i = from; i < to; i++) {
    const at = stripColumns * i;
    const x = memory[factors + at];
    memory[strip + at] -= x * y0;
    memory[strip + at + 1] -= x * y1;
    memory[strip + at + 2] -= x * y2;
    memory[strip + at + 3] -= x * y3;
  }
}

/** Takes the product of two matrices from another one. */
function subtract(
  memory: Float64Array,
  from: number,
  fromColumns: number,
  left: number,
  leftColumns: number,
  right: number,
  rows: number,
  stride: number,
): void {
  let factors = right;
  for (let column = 0; column < fromColumns; column += stripColumns) {
    const strip = from + placeOf(0, column, stride);
    for (let k = 0; k < leftColumns; k += stripColumns) {
      subtractStrip(memory, strip, left + placeOf(0, k, stride), factors, rows);
      factors += stripColumns ** 2;
    }
  }
}

/** Takes the product of one strip and four rows of another from a strip. */
function subtractStrip(
  memory: Float64Array,
  from: number,
  left: number,
  right: number,
  rows: number,
): void {
  const length = stripColumns * rows;
  for (let j = 0; j < stripColumns; j++) {
    const y0 = memory[right + j];
    const y1 = memory[right + stripColumns + j];
    const y2 = memory[right + 2 * stripColumns + j];
    const y3 = memory[right + 3 * stripColumns + j];
    for (let at = 0; at < length; at += stripColumns) {
      const x = left + at;
      memory[from + at + j] = memory[from + at + j] - memory[x] * y0 -
        memory[x + 1] * y1 - memory[x + 2] * y2 - memory[x + 3] * y3;
    }
  }
}
