/**
 * Digests of tensors: texts of one length that differ where a bit does.
 *
 * @module
 */

import type { DataOf, Dtype } from "./dtype.ts";
import { sha256 } from "./sha256.ts";
import { formatShape, type Shape } from "./shape.ts";

/** The parts of a tensor that a digest covers. */
interface Elements {
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** The elements, all of them. */
  readonly data: DataOf<Dtype>;
}

/**
 * Returns the SHA-256 of a tensor's dtype, shape and bytes, as 64 hexadecimal
 * digits: of the text `float32 [2, 3]`, a newline, and the little-endian bytes
 * of the elements in row-major order.
 *
 * @param elements The tensor.
 */
export function digestOf({ dtype, shape, data }: Elements): string {
  const head = new TextEncoder().encode(`${dtype} ${formatShape(shape)}\n`);
  const { buffer, byteOffset, byteLength } = data;
  return sha256(head, new Uint8Array(buffer, byteOffset, byteLength));
}
