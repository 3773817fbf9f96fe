/**
 * Dense matrices in double: their products and their transpose, by compiled
 * code where that runs. All kernels give the same bytes.
 *
 * @module
 */

import { cannot } from "../core/options.ts";
import { stripWorkspaceFor } from "./kernels/strips.ts";

/** A matrix, row after row. */
export interface Matrix {
  /** The elements; `data[i * columns + j]` is that in row i and column j. */
  readonly data: Float64Array;
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
}

/** Rows of either factor that are multiplied at once: 16 sums in registers. */
const tile = 4;
/** Columns at once, so that a band of rows stays in the nearest cache. */
const band = 512;

/** Multiplications from which on compiled code pays. */
const worthCompiled = 8000;

/** Columns in a strip of compiled code. */
const lanes = 4;

/** A factor as vectors of the axis along which sums run. */
interface Factor {
  readonly data: Float64Array;
  /** How many vectors. */
  readonly count: number;
  /** The distance from a vector to the next. */
  readonly step: number;
  /** The distance from an element of a vector to the next. */
  readonly along: number;
}

/**
 * Returns `left · rightᵀ`: each row of the one times each row of the other.
 *
 * Sums run along the columns in their order, in bands of 512. The same factors give
 * the same bytes on every machine.
 *
 * @param left The first factor, `[rows, columns]`.
 * @param right The second factor, `[others, columns]`.
 * @throws {RangeError} If they differ in their columns.
 *
 * @example
 * ```ts
 * import { multiplyRows } from "./matrix.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const row = (...data: number[]) => ({
 *   data: Float64Array.from(data),
 *   rows: 1,
 *   columns: data.length,
 * });
 * assertEquals([...multiplyRows(row(1, 2, 3), row(4, 5, 6)).data], [32]);
 * ```
 */
export function multiplyRows(left: Matrix, right: Matrix): Matrix {
  if (left.columns !== right.columns) {
    throw new RangeError(
      cannot(
        "multiply rows",
        "both factors must have as many columns",
        `${left.columns} and ${right.columns}`,
      ),
    );
  }
  return compiled(byRows(left), byRows(right), left.columns) ??
    tiled(left, right);
}

/**
 * Returns `left · right`.
 *
 * @param left The first factor, `[rows, shared]`.
 * @param right The second factor, `[shared, columns]`.
 */
export function multiply(left: Matrix, right: Matrix): Matrix {
  return compiled(byRows(left), byColumns(right), left.columns) ??
    tiled(left, transpose(right));
}

/**
 * Returns `leftᵀ · right`.
 *
 * @param left The first factor, `[shared, rows]`.
 * @param right The second factor, `[shared, columns]`.
 */
export function multiplyColumns(left: Matrix, right: Matrix): Matrix {
  return compiled(byColumns(left), byColumns(right), left.rows) ??
    tiled(transpose(left), transpose(right));
}

function byRows({ data, rows, columns }: Matrix): Factor {
  return { data, count: rows, step: columns, along: 1 };
}

function byColumns({ data, columns }: Matrix): Factor {
  return { data, count: columns, step: 1, along: columns };
}

/** Returns the products of all vectors by compiled code, if that is worth it. */
function compiled(
  left: Factor,
  right: Factor,
  length: number,
): Matrix | undefined {
  if (left.count * right.count * length < worthCompiled) return undefined;
  const [rows, columns] = [left, right].map(({ count }) => whole(count));
  const stride = lanes * whole(length);
  const rightPlace = rows / lanes * stride;
  const productPlace = rightPlace + columns / lanes * stride;
  const work = stripWorkspaceFor(productPlace + rows * columns);
  if (work === undefined) return undefined;
  const { memory, operations } = work;
  toStrips(memory, 0, stride, left, length);
  toStrips(memory, rightPlace, stride, right, length);
  const product = {
    data: new Float64Array(left.count * right.count),
    rows: left.count,
    columns: right.count,
  };
  for (let from = 0; from < length; from += band) {
    operations.multiply(
      productPlace,
      from * lanes,
      rows,
      rightPlace + from * lanes,
      columns,
      Math.min(band, whole(length) - from),
      stride,
    );
    addTiles(product, memory, productPlace, rows / lanes);
  }
  return product;
}

/** Rounds up to whole strips. */
function whole(count: number): number {
  return Math.ceil(count / lanes) * lanes;
}

/** Copies vectors to strips of four; what is missing is 0. */
function toStrips(
  memory: Float64Array,
  place: number,
  stride: number,
  { data, count, step, along }: Factor,
  length: number,
): void {
  for (let first = 0, to = place; first < count; first += lanes, to += stride) {
    memory.fill(0, to + length * lanes, to + stride);
    if (first + lanes > count) memory.fill(0, to, to + stride);
    for (let lane = 0; lane < Math.min(lanes, count - first); lane++) {
      let from = (first + lane) * step;
      for (let i = to + lane; i < to + length * lanes; i += lanes) {
        memory[i] = data[from];
        from += along;
      }
    }
  }
}

/** Adds tiles of 4 by 4, which come down the columns. */
function addTiles(
  { data, rows, columns }: Matrix,
  memory: Float64Array,
  place: number,
  tilesDown: number,
): void {
  for (let i = 0; i < rows; i++) {
    const row = place + (i >> 2) * 16 + (i & 3) * lanes;
    for (let j = 0; j < columns; j++) {
      data[i * columns + j] +=
        memory[row + (j >> 2) * tilesDown * 16 + (j & 3)];
    }
  }
}

function tiled(left: Matrix, right: Matrix): Matrix {
  const product = {
    data: new Float64Array(left.rows * right.rows),
    rows: left.rows,
    columns: right.rows,
  };
  for (let from = 0; from < left.columns; from += band) {
    const to = Math.min(from + band, left.columns);
    for (let j = 0; j < right.rows; j += tile) {
      for (let i = 0; i < left.rows; i += tile) {
        if (i + tile <= left.rows && j + tile <= right.rows) {
          addTile(product, left, right, i, j, from, to);
        } else addCorner(product, left, right, i, j, from, to);
      }
    }
  }
  return product;
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

/** Adds the products of four rows and four rows, along some columns. */
function addTile(
  product: Matrix,
  left: Matrix,
  right: Matrix,
  i: number,
  j: number,
  from: number,
  to: number,
): void {
  const a = left.data;
  const b = right.data;
  const n = left.columns;
  const [a0, a1, a2, a3] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
  const [b0, b1, b2, b3] = [j * n, (j + 1) * n, (j + 2) * n, (j + 3) * n];
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0;
  let s10 = 0, s11 = 0, s12 = 0, s13 = 0;
  let s20 = 0, s21 = 0, s22 = 0, s23 = 0;
  let s30 = 0, s31 = 0, s32 = 0, s33 = 0;
  for (let k = from; k < to; k++) {
    const x0 = a[a0 + k], x1 = a[a1 + k], x2 = a[a2 + k], x3 = a[a3 + k];
    const y0 = b[b0 + k], y1 = b[b1 + k], y2 = b[b2 + k], y3 = b[b3 + k];
    s00 += x0 * y0, s01 += x0 * y1, s02 += x0 * y2, s03 += x0 * y3;
    s10 += x1 * y0, s11 += x1 * y1, s12 += x1 * y2, s13 += x1 * y3;
    s20 += x2 * y0, s21 += x2 * y1, s22 += x2 * y2, s23 += x2 * y3;
    s30 += x3 * y0, s31 += x3 * y1, s32 += x3 * y2, s33 += x3 * y3;
  }
  const { data, columns } = product;
  const at = i * columns + j;
  add(data, at, s00, s01, s02, s03);
  add(data, at + columns, s10, s11, s12, s13);
  add(data, at + 2 * columns, s20, s21, s22, s23);
  add(data, at + 3 * columns, s30, s31, s32, s33);
}

function add(
  data: Float64Array,
  at: number,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
): void {
  data[at] += s0;
  data[at + 1] += s1;
  data[at + 2] += s2;
  data[at + 3] += s3;
}

/** The same where fewer than four rows are left, one by one. */
function addCorner(
  product: Matrix,
  left: Matrix,
  right: Matrix,
  i: number,
  j: number,
  from: number,
  to: number,
): void {
  const n = left.columns;
  for (let row = i; row < Math.min(i + tile, left.rows); row++) {
    for (let other = j; other < Math.min(j + tile, right.rows); other++) {
      let sum = 0;
      for (let k = from; k < to; k++) {
        sum += left.data[row * n + k] * right.data[other * n + k];
      }
      product.data[row * product.columns + other] += sum;
    }
  }
}
