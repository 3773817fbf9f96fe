/**
 * Detects structure in a matrix: rows and columns of one value, identities,
 * orthogonal rows.
 *
 * A row is all elements with one index along axis 0: the weights of one output
 * in PyTorch's layout. A column is those with one index along all other axes
 * together. Both are checked as values are read, at almost no cost: most rows
 * differ in their first values.
 *
 * @module
 */

import { elementCount, type Shape } from "../../core/shape.ts";
import type { Moments, Values } from "../../numerics/moments.ts";

/** The result of {@linkcode DeadRows}. */
interface Dead {
  /** How many rows there are. */
  readonly of: number;
  /** How many rows have one value throughout, 0 or another. */
  readonly rows: number;
  /** How many of them are zeros. */
  readonly zeroRows: number;
  /** The first of them; −1 for none. */
  readonly firstRow: number;
  /** How many columns are zeros; 0 where there are more than 1,048,576. */
  readonly zeroColumns: number;
  /** The first of them; −1 for none. */
  readonly firstColumn: number;
}

/** The name of an identity. */
export const identity = "identity";

/** The number of rows or columns that are compared with each other. */
const lines = 8;

/** Whole rows are kept up to this many values. */
const mostKept = 2 ** 20;

/** How far from orthonormal single precision leaves a matrix, at most. */
const tolerance = 1e-5;

/** Shorter rows or columns may be of one value by chance or by design. */
const shortest = 4;

/** With more columns than this none is checked: each takes 4 bytes. */
const mostColumns = 2 ** 20;

/** Finds rows and columns of a tensor that have one value. */
export class DeadRows {
  readonly #length: number;
  readonly #count: number;
  readonly #hasColumns: boolean;
  /** Columns that were zeros so far. */
  #zeroColumns: Uint32Array;
  #row = 0;
  #place = 0;
  #value = NaN;
  #alive = false;
  #rows = 0;
  #zeroRows = 0;
  #firstRow = -1;

  /**
   * @param shape The tensor's shape.
   */
  constructor(shape: Shape) {
    this.#count = shape[0] ?? 1;
    this.#length = elementCount(shape.slice(1));
    this.#hasColumns = this.#count >= shortest && this.#length > 1 &&
      this.#length <= mostColumns;
    this.#zeroColumns = new Uint32Array(0);
  }

  /**
   * Takes the next values of the tensor.
   *
   * @param values The values, in row-major order.
   */
  add(values: Values): void {
    for (let start = 0; start < values.length;) {
      const end = Math.min(values.length, start + this.#length - this.#place);
      this.#watchRow(values, start, end);
      if (this.#hasColumns) this.#watchColumns(values, start, end);
      this.#place += end - start;
      if (this.#place === this.#length) this.#closeRow();
      start = end;
    }
  }

  /** Returns the result, once all values were taken. */
  found(): Dead {
    const hasRows = this.#count > 1 && this.#length >= shortest;
    return {
      of: this.#count,
      rows: hasRows ? this.#rows : 0,
      zeroRows: hasRows ? this.#zeroRows : 0,
      firstRow: hasRows ? this.#firstRow : -1,
      zeroColumns: this.#zeroColumns.length,
      firstColumn: this.#zeroColumns[0] ?? -1,
    };
  }

  #watchRow(values: Values, start: number, end: number): void {
    if (this.#place === 0) {
      this.#value = values[start];
      this.#alive = false;
    }
    // NaN differs from itself: such a row is not dead, it is not finite.
    for (let index = start; index < end && !this.#alive; index++) {
      this.#alive = values[index] !== this.#value;
    }
  }

  #watchColumns(values: Values, start: number, end: number): void {
    if (this.#row === 0) {
      const zeros: number[] = [];
      for (let index = start; index < end; index++) {
        if (values[index] === 0) zeros.push(this.#place + index - start);
      }
      const known = this.#zeroColumns;
      this.#zeroColumns = new Uint32Array(known.length + zeros.length);
      this.#zeroColumns.set(known);
      this.#zeroColumns.set(zeros, known.length);
    } else {
      this.#dropColumns(values, start, end);
    }
  }

  /** Keeps the columns of zeros that still are, in place. */
  #dropColumns(values: Values, start: number, end: number): void {
    const columns = this.#zeroColumns;
    const first = this.#place - start;
    let kept = 0;
    for (let index = 0; index < columns.length; index++) {
      const at = columns[index] - first;
      if (at >= start && at < end && values[at] !== 0) continue;
      columns[kept++] = columns[index];
    }
    if (kept < columns.length) this.#zeroColumns = columns.subarray(0, kept);
  }

  #closeRow(): void {
    if (!this.#alive) {
      this.#rows++;
      if (this.#value === 0) this.#zeroRows++;
      if (this.#firstRow === -1) this.#firstRow = this.#row;
    }
    this.#row++;
    this.#place = 0;
  }
}

/**
 * Finds out whether a tensor of rank at least 2 is an identity or orthogonal.
 */
export class Structure {
  readonly #rows: number;
  readonly #length: number;
  readonly #inputs: number;
  readonly #kernel: number;
  readonly #center: number;
  /** How many rows or columns are kept. */
  readonly #kept: number;
  readonly #byRows: boolean;
  /** The first rows, or of the current row the first values. */
  readonly #line: Float64Array;
  /** The products of columns, summed over the rows so far. */
  readonly #products = new Float64Array(lines * lines);
  #ones = 0;

  /**
   * @param shape The tensor's shape.
   */
  constructor(shape: Shape) {
    const [rows, inputs, ...kernel] = shape;
    this.#rows = rows;
    this.#inputs = inputs;
    this.#length = elementCount(shape.slice(1));
    this.#kernel = elementCount(kernel);
    this.#center = kernel.reduce((at, size) => at * size + (size >> 1), 0);
    this.#byRows = rows <= this.#length;
    this.#kept = this.#byRows
      ? Math.min(lines, rows, Math.floor(mostKept / this.#length))
      : Math.min(lines, this.#length);
    this.#line = new Float64Array(
      this.#byRows ? this.#kept * this.#length : this.#kept,
    );
  }

  /**
   * Takes the next values of the tensor.
   *
   * @param values The values.
   * @param offset Which element of the tensor the first is.
   */
  add(values: Values, offset: number): void {
    const end = offset + values.length;
    const last = Math.ceil(end / this.#length);
    for (let row = Math.floor(offset / this.#length); row < last; row++) {
      const start = row * this.#length;
      const at = start + this.#centerOf(row);
      if (at >= offset && at < end && values[at - offset] === 1) this.#ones++;
      if (!this.#byRows) this.#addProducts(values, start - offset);
    }
    if (!this.#byRows) return;
    for (let at = offset; at < Math.min(end, this.#line.length); at++) {
      this.#line[at] = values[at - offset];
    }
  }

  /**
   * Returns whether the tensor is an identity: ones on the diagonal, or in the
   * center of kernels as `init.dirac` puts them, and zeros elsewhere.
   *
   * @param found The moments of its values.
   */
  isIdentity({ count, mean, min, max, zeroShare }: Moments): boolean {
    const others = Math.round(count * (1 - zeroShare));
    // With values in [0, 1], a sum equal to the number of nonzero ones means
    // that all of these are 1.
    return min === 0 && max === 1 && this.#ones === others &&
      Math.round(mean * count) === others &&
      [Math.min(this.#rows, this.#inputs), this.#rows].includes(others);
  }

  /**
   * Returns the gain of an orthogonal matrix; undefined where the first 8 rows, or
   * columns where these are shorter, are not orthogonal and of one length within
   * 1e-5 of its square.
   */
  gain(): number | undefined {
    if (this.#kept < 2) return undefined;
    const square = this.#product(0, 0);
    for (let i = 0; i < this.#kept; i++) {
      for (let j = 0; j <= i; j++) {
        const error = this.#product(i, j) - (i === j ? square : 0);
        if (!(Math.abs(error) <= tolerance * square)) return undefined;
      }
    }
    return square > 0 ? Math.sqrt(square) : undefined;
  }

  #centerOf(row: number): number {
    return (row % this.#inputs) * this.#kernel + this.#center;
  }

  #addProducts(values: Values, start: number): void {
    for (let i = 0; i < this.#kept; i++) {
      const at = start + i;
      if (at < 0 || at >= values.length) continue;
      this.#line[i] = values[at];
      for (let j = 0; j <= i; j++) {
        this.#products[i * lines + j] += this.#line[i] * this.#line[j];
      }
    }
  }

  #product(i: number, j: number): number {
    if (!this.#byRows) return this.#products[i * lines + j];
    const [a, b] = [i * this.#length, j * this.#length];
    let sum = 0;
    for (let k = 0; k < this.#length; k++) {
      sum += this.#line[a + k] * this.#line[b + k];
    }
    return sum;
  }
}
