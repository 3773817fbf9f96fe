/**
 * The convolution of pictures whose places are rows and whose channels are
 * columns.
 *
 * @module
 */

import {
  type Matrix,
  multiply,
  multiplyColumns,
  multiplyRows,
} from "../../numerics/matrix.ts";
import type { LinearStep } from "./operations.ts";

/** Pictures, one after the other, and the kernel that goes over them. */
export interface Pictures {
  /** How many. */
  readonly batch: number;
  /** Their height and width. */
  readonly size: readonly [number, number];
  /** The kernel's height and width. Default: 3 and 3. */
  readonly kernel?: readonly [number, number];
  /** The distance of outputs, down and across. Default: 1 and 1. */
  readonly stride?: readonly [number, number];
  /** The rows and columns outside, on each side. Default: 1 and 1. */
  readonly margin?: readonly [number, number];
  /** What lies outside: zeros, or the opposite side. */
  readonly padding: "zeros" | "circular";
}

/**
 * Returns the height and width of the output.
 *
 * @param pictures The pictures and the kernel.
 */
export function sizeAfter(
  { size, kernel = [3, 3], stride = [1, 1], margin = [1, 1] }: Pictures,
): [number, number] {
  const [height, width] = size.map((side, i) =>
    Math.floor((side + 2 * margin[i] - kernel[i]) / stride[i]) + 1
  );
  return [height, width];
}

/**
 * Returns the convolution.
 *
 * @param x `[batch · height · width, channels]`.
 * @param weight `[out, channels · places]`, as PyTorch's `[out, channels, height,
 * width]`.
 * @param pictures What the rows are.
 */
export function convolve(
  x: Matrix,
  weight: Matrix,
  pictures: Pictures,
): LinearStep {
  const channels = x.columns;
  const places = weight.columns / channels;
  const byPlace = reordered(weight, channels, places);
  const neighbors = neighborsOf(pictures);
  const patches = {
    data: new Float64Array(neighbors.length * channels),
    rows: neighbors.length / places,
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
    backToWeight: (gradient) =>
      reordered(multiplyColumns(gradient, patches), places, channels),
  };
}

/** Turns `[out, first, second]` into `[out, second, first]`. */
function reordered(
  { data, rows, columns }: Matrix,
  first: number,
  second: number,
): Matrix {
  const turned = new Float64Array(data.length);
  for (let out = 0; out < rows; out++) {
    for (let i = 0; i < first; i++) {
      for (let j = 0; j < second; j++) {
        turned[out * columns + j * first + i] =
          data[out * columns + i * second + j];
      }
    }
  }
  return { data: turned, rows, columns };
}

/** Returns for each output the rows under its kernel; −1 for a zero outside. */
function neighborsOf(pictures: Pictures): Int32Array {
  const { batch, size: [height, width], padding } = pictures;
  const { kernel = [3, 3], stride = [1, 1], margin = [1, 1] } = pictures;
  const [down, across] = sizeAfter(pictures);
  const places = kernel[0] * kernel[1];
  const rows = new Int32Array(batch * down * across * places);
  const isInside = (i: number, j: number) =>
    i >= 0 && i < height && j >= 0 && j < width;
  let at = 0;
  for (let place = 0; place < batch * down * across; place++) {
    const picture = Math.floor(place / (down * across));
    const y = Math.floor(place / across) % down * stride[0] - margin[0];
    const x = place % across * stride[1] - margin[1];
    for (let k = 0; k < places; k++) {
      const [i, j] = [y + Math.floor(k / kernel[1]), x + k % kernel[1]];
      const row = (i + height) % height * width + (j + width) % width;
      rows[at++] = padding === "circular" || isInside(i, j)
        ? picture * height * width + row
        : -1;
    }
  }
  return rows;
}
