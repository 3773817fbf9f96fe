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
import { stripColumns } from "./strips.ts";

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

/**
 * Multiplies the transposes of strips by one strip: each one gives four rows of a
 * strip.
 */
function multiply(
  memory: Float64Array,
  to: number,
  left: number,
  stride: number,
  strips: number,
  right: number,
  rows: number,
): void {
  const length = stripColumns * rows;
  for (let row = 0; row < stripColumns * strips; row++) {
    const from = left + Math.floor(row / stripColumns) * stride +
      row % stripColumns;
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (let at = 0; at < length; at += stripColumns) {
      const x = memory[from + at];
      s0 += x * memory[right + at];
      s1 += x * memory[right + at + 1];
      s2 += x * memory[right + at + 2];
      s3 += x * memory[right + at + 3];
    }
    const place = to + stripColumns * row;
    memory[place] = s0;
    memory[place + 1] = s1;
    memory[place + 2] = s2;
    memory[place + 3] = s3;
  }
}

/**
 * Divides a strip from the left by the lower triangle of a matrix, with ones for
 * its diagonal.
 */
function solveLower(
  memory: Float64Array,
  strip: number,
  gram: number,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    eliminate(memory, strip, gram, rows, row, row + 1, rows);
  }
}

/** The same with the upper triangle. */
function solveUpper(
  memory: Float64Array,
  strip: number,
  gram: number,
  rows: number,
): void {
  for (let row = rows - 1; row >= 0; row--) {
    eliminate(memory, strip, gram, rows, row, 0, row);
  }
}

/** Takes a row, times its column of the matrix, from other rows. */
function eliminate(
  memory: Float64Array,
  strip: number,
  gram: number,
  rows: number,
  row: number,
  from: number,
  to: number,
): void {
  const [y0, y1, y2, y3] = memory.subarray(strip + stripColumns * row);
  const column = gram + Math.floor(row / stripColumns) * stripColumns * rows +
    row % stripColumns;
  for (let i = from; i < to; i++) {
    const x = memory[column + stripColumns * i];
    const at = strip + stripColumns * i;
    memory[at] -= x * y0;
    memory[at + 1] -= x * y1;
    memory[at + 2] -= x * y2;
    memory[at + 3] -= x * y3;
  }
}

/** Takes the product of strips and one strip from another one. */
function subtract(
  memory: Float64Array,
  from: number,
  left: number,
  stride: number,
  strips: number,
  right: number,
  rows: number,
): void {
  for (let at = 0; at < stripColumns * rows; at += stripColumns) {
    const place = from + at;
    let d0 = memory[place], d1 = memory[place + 1];
    let d2 = memory[place + 2], d3 = memory[place + 3];
    let factor = right;
    for (let strip = 0; strip < strips; strip++) {
      const start = left + strip * stride + at;
      for (let k = start; k < start + stripColumns; k++) {
        const x = memory[k];
        d0 -= x * memory[factor];
        d1 -= x * memory[factor + 1];
        d2 -= x * memory[factor + 2];
        d3 -= x * memory[factor + 3];
        factor += stripColumns;
      }
    }
    memory[place] = d0;
    memory[place + 1] = d1;
    memory[place + 2] = d2;
    memory[place + 3] = d3;
  }
}
