/**
 * The steps of the QR decomposition on strips, number by number.
 *
 * Sums begin with 0 and run in the order of the rows; each product and each sum
 * is rounded. The compiled code does the same with more elements at once, and so
 * has the same bytes.
 *
 * @module
 */

import type { StripOperations } from "../kernels/strips.ts";
import { reflectLeft, reflectorOf } from "./householder.ts";
import { placeOf, stripColumns } from "./strips.ts";

/**
 * Returns the steps.
 *
 * @param memory The array in which all strips lie.
 */
export function stripOperations(memory: Float64Array): StripOperations {
  return {
    reflect: (...args) => reflect(memory, ...args),
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
function reflect(memory: Float64Array, strip: number, rows: number): void {
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

/** The same with the upper triangle. */
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
