/**
 * The elements of a tensor as numbers to read.
 *
 * @module
 */

import type { Tensor } from "./tensor.ts";

/**
 * Returns the elements as numbers in a flat array: the storage itself where it
 * holds them so, else a copy. int64 beyond ±2^53 loses its last digits.
 *
 * @param tensor The tensor. The array is for reading only.
 */
export function valuesOf(tensor: Tensor): Readonly<ArrayLike<number>> {
  const { data, dtype } = tensor;
  if (data instanceof BigInt64Array) return Float64Array.from(data, Number);
  return dtype === "float16" || dtype === "bfloat16"
    ? tensor.toFloat32()
    : data;
}
