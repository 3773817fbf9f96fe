/**
 * Rows and columns in which nothing is told apart.
 *
 * A row is all elements with one index along axis 0: the weights of one output in
 * PyTorch's layout. A column is those with one index along all other axes
 * together. Both are found as values pass by, and at next to no cost: a row that
 * is alive shows it in its first values.
 *
 * @module
 */

import { elementCount, type Shape } from "../core/shape.ts";
import type { Values } from "../statistics/moments.ts";

/** What {@linkcode DeadRows} finds. */
export interface Dead {
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

/** Shorter rows or columns may be of one value by chance or by design. */
const shortest = 4;

/** Of more columns none is watched: each takes 4 bytes. */
const mostColumns = 2 ** 20;

/** Watches the rows and columns of one tensor. */
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

  /** Returns what was found, once all values were taken. */
  found(): Dead {
    const hasRows = this.#count > 1 && this.#length >= shortest;
    return {
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
