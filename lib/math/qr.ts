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
  placeOf,
  type Reals,
  strideOf,
  stripColumns,
  toStrips,
} from "./strips.ts";

/** Columns of a block. Fewer or more take longer. */
const blockColumns = 32;

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
