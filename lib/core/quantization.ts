/**
 * Weights that a file rounds to few levels, and which tensors were read so.
 *
 * @module
 */

import type { Tensor } from "./tensor.ts";

/** How a file rounds the values of a tensor. */
export interface Quantization {
  /** What the file stores. */
  readonly dtype: "uint8" | "uint16" | "float16";
  /** The distance of levels; 1 for float16. */
  readonly scale: number;
  /** The value of level 0; 0 for float16. */
  readonly min: number;
}

const quantized = new WeakMap<Tensor, Quantization>();

/**
 * Returns how the file rounded a tensor's values; undefined where it did not.
 *
 * A tensor that was read from uint8 has at most 256 different values: a
 * histogram shows combs, and a test of its distribution sees steps. Views and
 * copies do not know of it.
 *
 * @param tensor The tensor.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { quantizationOf } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quantizationOf(tensor([1, 2])), undefined);
 * ```
 */
export function quantizationOf(tensor: Tensor): Quantization | undefined {
  return quantized.get(tensor);
}

/**
 * Marks a tensor as read from rounded values.
 *
 * @param tensor The tensor.
 * @param quantization How they are rounded.
 */
export function setQuantization(
  tensor: Tensor,
  quantization: Quantization,
): void {
  quantized.set(tensor, quantization);
}
