/**
 * Every distribution as PyTorch draws it on a CPU.
 *
 * @module
 */

import { type DataOf, dtypes, type FloatDtype } from "../../core/dtype.ts";
import { elementCount } from "../../core/shape.ts";
import { empty, type Tensor } from "../../core/tensor.ts";
import { orthonormalize } from "../../numerics/qr.ts";
import {
  type Distribution,
  type DistributionPart,
  fillFixed,
  middleOf,
  rowsOf,
  scale,
} from "../distribution.ts";
import { blockLength, fillNormal, type NormalSource } from "./normal.ts";
import type { WordSource } from "./reals.ts";
import { fillTruncatedNormal } from "./truncated_normal.ts";
import { fillUniform } from "./uniform.ts";

/**
 * Fills a tensor as PyTorch does.
 *
 * An orthogonal matrix draws only its normals, also within a kernel. A sparse
 * one draws its normals, then one permutation of the rows per column. Parts draw
 * one after the other.
 *
 * @param tensor The tensor, filled from its first element to its last.
 * @param distribution What is drawn, checked.
 * @param source Where the words come from.
 */
export function draw(
  tensor: Tensor<FloatDtype>,
  distribution: Distribution,
  source: NormalSource,
): void {
  switch (distribution.kind) {
    case "constant":
    case "ones":
    case "repeated":
      return fillFixed(tensor, distribution);
    case "uniform":
      return fillUniform(tensor, distribution.low, distribution.high, source);
    case "normal":
      return fillNormal(tensor, distribution.mean, distribution.std, source);
    case "truncatedNormal":
      return fillTruncatedNormal(tensor, distribution, source);
    case "orthogonal": {
      const { data, shape } = tensor as Tensor<"float32" | "float64">;
      fillNormal(tensor, 0, 1, source);
      const [rows, ...rest] = shape;
      return orthonormalize(data, rows, elementCount(rest), distribution.gain);
    }
    case "sparse":
      fillNormal(tensor, 0, distribution.std, source);
      return zeroRows(tensor, distribution.zeros, source);
    case "deltaOrthogonal":
      return fillMiddle(tensor, distribution.gain, source);
    case "chrono":
      return fillChrono(tensor, distribution.longest, source);
    case "parts":
      for (const { part, tensor: rows } of rowsOf(tensor, distribution.parts)) {
        draw(rows, part.of, source);
      }
      return;
    case "scaled":
      draw(tensor, distribution.of, source);
      return scale(tensor, distribution.by);
  }
}

/**
 * Returns how many words a fill draws; undefined where that depends on the words
 * themselves, on a spare normal, or on the shape, as of a matrix in a kernel.
 *
 * @param distribution What is drawn.
 * @param dtype The tensor's dtype.
 * @param count The number of elements.
 */
export function wordsOf(
  distribution: Distribution,
  dtype: FloatDtype,
  count: number,
): number | undefined {
  const each = dtype === "float64" ? 2 : 1;
  switch (distribution.kind) {
    case "constant":
    case "ones":
    case "repeated":
      return 0;
    case "uniform":
      return each * count;
    case "chrono":
      return each * count / 2;
    case "parts":
      return wordsOfParts(distribution.parts, dtype, count);
    case "normal":
    case "orthogonal":
      return wordsOfNormals(count, dtype, each);
    case "scaled":
      return wordsOf(distribution.of, dtype, count);
    case "truncatedNormal":
    case "sparse":
    case "deltaOrthogonal":
      return count === 0 ? 0 : undefined;
  }
}

function wordsOfParts(
  parts: readonly DistributionPart[],
  dtype: FloatDtype,
  count: number,
): number | undefined {
  const all = parts.reduce((sum, { rows }) => sum + rows, 0);
  return parts.reduce<number | undefined>((sum, { rows, of }) => {
    const words = wordsOf(of, dtype, all === 0 ? 0 : count / all * rows);
    return sum === undefined || words === undefined ? undefined : sum + words;
  }, 0);
}

function wordsOfNormals(
  count: number,
  dtype: FloatDtype,
  each: number,
): number | undefined {
  if (count > 0 && count < blockLength) return undefined;
  const rest = count % blockLength;
  if (rest === 0) return each * count;
  // The last block is redrawn; half precision skips its first draw.
  const isHalf = dtype === "float16" || dtype === "bfloat16";
  return each * (count - (isHalf ? rest : 0) + blockLength);
}

/**
 * Returns the numbers 0 to n − 1 in a random order.
 *
 * Draws n − 1 words: one for each place except the last, in order. A word's
 * remainder favors small numbers by at most n / 2^32, as in PyTorch.
 *
 * @param n How many, in [0, 2^32 / 20).
 * @param source Where the words come from.
 * @see Fisher and Yates, 1938; `randperm_cpu`, PyTorch 2.13.0
 */
export function permutation(n: number, source: WordSource): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < n - 1; i++) {
    const other = i + source.nextWord() % (n - i);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

/** Draws the normals of the matrix, `outputs · inputs`, and no more. */
function fillMiddle(
  { data, dtype, shape }: Tensor<FloatDtype>,
  gain: number,
  source: NormalSource,
): void {
  const { middle, field } = middleOf(shape);
  const matrix = empty(shape.slice(0, 2), { dtype });
  draw(matrix, { kind: "orthogonal", gain }, source);
  data.fill(Number(dtypes[dtype].encode(0)));
  matrix.data.forEach((value, i) => data[i * field + middle] = value);
}

/** Draws half as many uniforms as there are elements. */
function fillChrono(
  { data, dtype }: Tensor<FloatDtype>,
  longest: number,
  source: NormalSource,
): void {
  const half = data.length / 2;
  const input = data.subarray(0, half) as DataOf<FloatDtype>;
  fillUniform({ data: input, dtype }, 1, longest - 1, source);
  const { decode, encode } = dtypes[dtype];
  for (let i = 0; i < half; i++) {
    const logarithm = Math.log(decode(data[i]));
    data[i] = Number(encode(-logarithm));
    data[half + i] = Number(encode(logarithm));
  }
}

function zeroRows(
  { data, dtype, shape }: Tensor<FloatDtype>,
  zeros: number,
  source: NormalSource,
): void {
  const [rows, columns] = shape;
  const zero = Number(dtypes[dtype].encode(0));
  for (let column = 0; column < columns; column++) {
    for (const row of permutation(rows, source).subarray(0, zeros)) {
      data[row * columns + column] = zero;
    }
  }
}
