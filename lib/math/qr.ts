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

import { type StripWorkspace, stripWorkspaceFor } from "../kernels/strips.ts";
import { stripOperations } from "./strip_operations.ts";
import {
  filledUp,
  fromStrips,
  type Reals,
  stripColumns,
  toStrips,
} from "./strips.ts";

/** Strips of a block; 32 columns. */
const blockStrips = 8;
const blockColumns = blockStrips * stripColumns;

/** What is known of a decomposition under way. */
interface Work extends StripWorkspace {
  /** The rows of the matrix, filled up. */
  readonly rows: number;
  /** Its strips. */
  readonly strips: number;
  /** Where a block's VᵀV is. */
  readonly gram: number;
  /** Where its product with a strip is. */
  readonly product: number;
  /** Where a block is copied to. */
  readonly copy: number;
}

/** A block of reflectors: strips that begin in the row of its first diagonal. */
interface Block {
  /** The place of the first strip. */
  readonly start: number;
  /** The distance from a strip to the next. */
  readonly stride: number;
  /** How many strips. */
  readonly strips: number;
  /** How many rows. */
  readonly rows: number;
}

/**
 * Replaces a matrix by the Q of its QR decomposition for which no number on the
 * diagonal of R is negative; a wide one by the transpose of its transpose's Q.
 *
 * The columns of a tall Q, and the rows of a wide one, are orthonormal for every
 * matrix, of full rank or not, and the zero matrix too.
 *
 * All kernels give the same bytes. Memory: the matrix in double, and 32 of its
 * columns. Time: for m × n with m ≥ n, 4mn² − 4/3·n³ operations.
 *
 * @param values The matrix, row after row, of finite numbers.
 * @param rows The number of rows.
 * @param columns The number of columns.
 * @param scale A factor on Q. Default: 1.
 */
export function orthonormalize(
  values: Reals,
  rows: number,
  columns: number,
  scale: number = 1,
): void {
  const places = rows < columns
    ? { rows: columns, columns: rows, rowStep: 1, columnStep: columns }
    : { rows, columns, rowStep: columns, columnStep: 1 };
  const work = workFor(places.rows, places.columns);
  toStrips(work.memory, values, places);
  reflect(work, 0, work.strips);
  multiplyOut(work);
  fromStrips(work.memory, values, places, scale);
}

function workFor(matrixRows: number, columns: number): Work {
  const rows = filledUp(matrixRows);
  const strips = filledUp(columns) / stripColumns;
  const gram = rows * strips * stripColumns;
  const product = gram + blockColumns ** 2;
  const copy = product + blockColumns * stripColumns;
  const length = copy + rows * Math.min(blockColumns, filledUp(columns));
  return {
    rows,
    strips,
    gram,
    product,
    copy,
    ...workspaceOf(length),
  };
}

function workspaceOf(length: number): StripWorkspace {
  const compiled = stripWorkspaceFor(length);
  if (compiled !== undefined) return compiled;
  const memory = new Float64Array(length);
  return { memory, operations: stripOperations(memory) };
}

/** The place of a row in a strip. */
function placeOf({ rows }: Work, strip: number, row: number): number {
  return (strip * rows + row) * stripColumns;
}

/**
 * Turns strips into reflectors: the first half of them, or the first block where
 * that is less; then the rest, reflected by those. Above the diagonal are zeros.
 */
function reflect(work: Work, from: number, to: number): void {
  while (to - from > 1) {
    const middle = from + Math.min(blockStrips, (to - from) >> 1);
    reflect(work, from, middle);
    const row = from * stripColumns;
    const block = {
      start: placeOf(work, from, row),
      stride: work.rows * stripColumns,
      strips: middle - from,
      rows: work.rows - row,
    };
    multiplyByItself(work, block);
    for (let strip = middle; strip < to; strip++) {
      apply(work, block, placeOf(work, strip, row), "solveLower");
    }
    from = middle;
  }
  const row = from * stripColumns;
  const diagonal = placeOf(work, from, row);
  work.memory.fill(0, placeOf(work, from, 0), diagonal);
  work.operations.reflect(diagonal, work.rows - row);
}

/**
 * Puts the product of all reflections in the place of their reflectors, block by
 * block from the last one on.
 */
function multiplyOut(work: Work): void {
  const { memory, strips } = work;
  const last = Math.floor((strips - 1) / blockStrips) * blockStrips;
  for (let from = last; from >= 0; from -= blockStrips) {
    const to = Math.min(from + blockStrips, strips);
    const block = moveOut(work, from, to);
    multiplyByItself(work, block);
    for (let strip = from; strip < strips; strip++) {
      // The block's own strips have nothing below the diagonal yet.
      const filled = strip < to ? (to - from) * stripColumns : block.rows;
      const place = placeOf(work, strip, from * stripColumns);
      apply(work, block, place, "solveUpper", filled);
    }
  }
  void memory;
}

/**
 * Copies a block, and leaves in its place a diagonal of 1 and −1: where R has a
 * negative number on its diagonal, which has the sign that v's first number has
 * not, the column of Q is turned.
 */
function moveOut(work: Work, from: number, to: number): Block {
  const { memory, copy } = work;
  const row = from * stripColumns;
  const rows = work.rows - row;
  const stride = rows * stripColumns;
  for (let strip = from; strip < to; strip++) {
    const start = placeOf(work, strip, row);
    memory.copyWithin(copy + (strip - from) * stride, start, start + stride);
    const signs = Array.from(
      { length: stripColumns },
      (_, k) => memory[diagonalOf(work, strip, k)] > 0 ? -1 : 1,
    );
    memory.fill(0, placeOf(work, strip, 0), placeOf(work, strip + 1, 0));
    signs.forEach((sign, k) => memory[diagonalOf(work, strip, k)] = sign);
  }
  return { start: copy, stride, strips: to - from, rows };
}

/** The place of the diagonal in a column of a strip. */
function diagonalOf(work: Work, strip: number, column: number): number {
  return placeOf(work, strip, strip * stripColumns + column) + column;
}

/** Makes a block's VᵀV. */
function multiplyByItself({ operations, gram }: Work, block: Block): void {
  const { start, stride, strips, rows } = block;
  for (let strip = 0; strip < strips; strip++) {
    const to = gram + strip * strips * stripColumns ** 2;
    const right = start + strip * stride;
    operations.multiply(to, start, stride, strips, right, rows);
  }
}

/**
 * Multiplies a strip by a block of reflections, from the first to the last
 * (`"solveLower"`) or from the last to the first.
 *
 * @param place The strip's place, in the block's first row.
 * @param filled Rows from which on the strip has only zeros.
 */
function apply(
  { operations, gram, product }: Work,
  { start, stride, strips, rows }: Block,
  place: number,
  solve: "solveLower" | "solveUpper",
  filled: number = rows,
): void {
  operations.multiply(product, start, stride, strips, place, filled);
  operations[solve](product, gram, strips * stripColumns);
  operations.subtract(place, start, stride, strips, product, rows);
}
