/**
 * The 3×3 convolution of pictures whose places are rows and whose channels are
 * columns.
 *
 * @module
 */

import { type Matrix, multiply, multiplyRows } from "../../numerics/matrix.ts";
import type { Step } from "./operations.ts";

/** Square pictures. */
export interface Pictures {
  /** How many. */
  readonly batch: number;
  /** Their height and width. */
  readonly size: number;
  /** What lies outside: zeros, or the opposite side. */
  readonly padding: "zeros" | "circular";
}

/** Places under a kernel. */
const places = 9;

/**
 * Returns the convolution with stride 1 and padding 1.
 *
 * @param x `[batch · size · size, channels]`.
 * @param weight `[out, channels · 9]`, as PyTorch's `[out, channels, 3, 3]`.
 * @param pictures What the rows are.
 */
export function convolve(x: Matrix, weight: Matrix, pictures: Pictures): Step {
  const channels = x.columns;
  const byPlace = placesFirst(weight, channels);
  const neighbors = neighborsOf(pictures);
  const patches = {
    data: new Float64Array(x.rows * channels * places),
    rows: x.rows,
    columns: channels * places,
  };
  neighbors.forEach((row, at) => {
    if (row < 0) return;
    const from = row * channels;
    patches.data.set(x.data.subarray(from, from + channels), at * channels);
  });
  return {
    value: multiplyRows(patches, byPlace),
    back(gradient) {
      const { data } = multiply(gradient, byPlace);
      const back = new Float64Array(x.data.length);
      neighbors.forEach((row, at) => {
        if (row < 0) return;
        const [from, to] = [at * channels, row * channels];
        for (let c = 0; c < channels; c++) back[to + c] += data[from + c];
      });
      return { ...x, data: back };
    },
  };
}

/** Turns `[out, channels, 9]` into `[out, 9, channels]`. */
function placesFirst(
  { data, rows, columns }: Matrix,
  channels: number,
): Matrix {
  const turned = new Float64Array(data.length);
  for (let out = 0; out < rows; out++) {
    for (let c = 0; c < channels; c++) {
      for (let place = 0; place < places; place++) {
        turned[out * columns + place * channels + c] =
          data[out * columns + c * places + place];
      }
    }
  }
  return { data: turned, rows, columns };
}

/** Returns for each row the rows under its kernel; −1 for a zero outside. */
function neighborsOf({ batch, size, padding }: Pictures): Int32Array {
  const rows = new Int32Array(batch * size * size * places);
  const isInside = (i: number) => i >= 0 && i < size;
  let at = 0;
  for (let picture = 0; picture < batch; picture++) {
    for (let place = 0; place < size * size; place++) {
      const [y, x] = [Math.floor(place / size), place % size];
      for (let k = 0; k < places; k++) {
        const [i, j] = [y + Math.floor(k / 3) - 1, x + k % 3 - 1];
        const row = (i + size) % size * size + (j + size) % size;
        rows[at++] = padding === "circular" || isInside(i) && isInside(j)
          ? picture * size * size + row
          : -1;
      }
    }
  }
  return rows;
}
