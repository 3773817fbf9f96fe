/**
 * Sparse matrices in parts. Which elements are 0 is drawn after all of them, so
 * it is drawn first from a generator that was taken there.
 *
 * @module
 */

import { dtypes, type FloatDtype } from "../core/dtype.ts";
import { elementCount, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Normal, Sparse } from "../random/distribution.ts";
import { wordsOf } from "../random/torch/draw.ts";
import { permutation } from "../random/torch/permutation.ts";
import type { Generator } from "../random/torch/generator.ts";
import type { Drawing } from "./drawing.ts";

/**
 * Returns the parts of a matrix of which some elements are 0. Beside them it
 * takes a bit an element.
 *
 * @param recipe The distribution and the number of zeros.
 * @param dtype The element type.
 * @param shape Rows and columns, 16 elements or more.
 * @param drawing The generator, which then stands after the zeros, and memory.
 */
export function* sparseParts(
  { std, zeros }: Sparse,
  dtype: FloatDtype,
  shape: Shape,
  { generator, buffers }: Drawing,
): IterableIterator<Tensor> {
  const law: Normal = { kind: "normal", mean: 0, std };
  const zero = Number(dtypes[dtype].encode(0));
  const count = elementCount(shape);
  const end = generator.clone().advance(wordsOf(law, dtype, count)!);
  const isZero = drawZeros(shape, zeros, end);
  for (const { start, count: length } of buffers.ranges(dtype, count)) {
    const part = buffers.next(dtype, length);
    generator.fill(part, law);
    for (let i = 0; i < length; i++) {
      const place = start + i;
      if (isZero[Math.floor(place / 8)] >> (place % 8) & 1) part.data[i] = zero;
    }
    yield part;
  }
  generator.setState(end.getState());
}

/** Returns a bit an element, the lowest of a byte first: set where it is 0. */
function drawZeros(
  [rows, columns]: Shape,
  zeros: number,
  source: Generator,
): Uint8Array {
  const isZero = new Uint8Array(Math.ceil(rows * columns / 8));
  for (let column = 0; column < columns; column++) {
    for (const row of permutation(rows, source).subarray(0, zeros)) {
      const place = row * columns + column;
      isZero[Math.floor(place / 8)] |= 1 << place % 8;
    }
  }
  return isZero;
}
