/**
 * Weights that are made and not drawn value by value: identities and orthogonal
 * matrices.
 *
 * @module
 */

import { elementCount, type Shape } from "../core/shape.ts";
import type { Moments, Values } from "../statistics/moments.ts";

/** What an identity is called. */
export const identity = "identity";

/** So many rows or columns are held against each other. */
const lines = 8;

/** Whole rows are kept up to so many values. */
const mostKept = 2 ** 20;

/** How far from orthonormal single precision leaves a matrix, at most. */
const tolerance = 1e-5;

/** Watches one tensor of rank at least 2. */
export class Structure {
  readonly #rows: number;
  readonly #length: number;
  readonly #inputs: number;
  readonly #kernel: number;
  readonly #centre: number;
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
    this.#centre = kernel.reduce((at, size) => at * size + (size >> 1), 0);
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
      const at = start + this.#centreOf(row);
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
   * centre of kernels as `init.dirac` puts them, and zeros elsewhere.
   *
   * @param found The moments of its values.
   */
  isIdentity({ count, mean, min, max, zeroShare }: Moments): boolean {
    const others = Math.round(count * (1 - zeroShare));
    // Where no value is beyond 1, as many ones as there are others is all of them.
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

  #centreOf(row: number): number {
    return (row % this.#inputs) * this.#kernel + this.#centre;
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
