/**
 * The elements of a tensor as numbers to read.
 *
 * @module
 */

import { dtypes } from "./dtype.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Returns the elements as numbers in a flat array: the storage itself where it
 * holds them so, else a copy. int64 and uint64 beyond ±2^53 lose their last
 * digits.
 *
 * @param tensor The tensor. The array is for reading only.
 * @throws {TypeError} If the dtype is one whose values are not read.
 */
export function valuesOf(tensor: Tensor): Readonly<ArrayLike<number>> {
  const { data, dtype } = tensor;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Float64Array.from(data, Number);
  }
  const stored = dtypes[dtype].kind === "opaque" ||
    dtype === "float16" || dtype === "bfloat16";
  return stored ? tensor.toFloat32() : data;
}
