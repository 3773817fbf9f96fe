/**
 * How many words the tensors of a spec take from the generator, where that is
 * known before they are drawn.
 *
 * @module
 */

import { elementCount } from "../core/shape.ts";
import { wordsOf as wordsOfFill } from "../random/torch/draw.ts";
import { blockLength, wordsForFew } from "../random/torch/normal.ts";
import type { SpecTensor } from "./spec.ts";

/**
 * Returns the words that each tensor takes, if all are drawn in order from a
 * seed. Undefined where that depends on what is drawn: truncated normals, and
 * after fewer than 16 of them other few normals, which may find a spare one.
 *
 * @param tensors The tensors.
 */
export function wordsOf(
  tensors: readonly SpecTensor[],
): (number | undefined)[] {
  let hasSpare: boolean | undefined = false;
  return tensors.map((tensor) => {
    const count = elementCount(tensor.shape);
    if (!isFewNormals(tensor)) return wordsOfOne(tensor);
    if (tensor.distribution.kind === "truncatedNormal") hasSpare = undefined;
    if (hasSpare === undefined) return undefined;
    const few = wordsForFew(count, hasSpare);
    hasSpare = few.hasSpare;
    return few.words + wordsOfZeros(tensor);
  });
}

/**
 * Whether a tensor's normals are made by twos: the generator keeps the second
 * for the next such tensor.
 *
 * @param tensor The tensor.
 */
export function isFewNormals({ distribution, shape }: SpecTensor): boolean {
  const { kind } = distribution;
  const count = elementCount(shape);
  return count > 0 && count < blockLength && kind !== "uniform" &&
    kind !== "constant" && kind !== "ones";
}

/**
 * Returns the words that a tensor takes, whatever was drawn before; undefined
 * where that depends on what is drawn.
 *
 * @param tensor The tensor, none of few normals.
 */
export function wordsOfOne(tensor: SpecTensor): number | undefined {
  const { distribution, dtype, shape } = tensor;
  const count = elementCount(shape);
  switch (distribution.kind) {
    case "constant":
    case "ones":
      return 0;
    case "truncatedNormal":
      return count === 0 ? 0 : undefined;
    case "uniform":
      return wordsOfFill(distribution, dtype, count);
    default:
      return wordsOfFill({ kind: "normal", mean: 0, std: 1 }, dtype, count)! +
        wordsOfZeros(tensor);
  }
}

/** Returns the words that choose which elements of a sparse matrix are 0. */
function wordsOfZeros({ distribution, shape }: SpecTensor): number {
  const [rows, columns] = shape;
  return distribution.kind === "sparse" ? columns * Math.max(0, rows - 1) : 0;
}
