/**
 * Tensors and the bytes that a file has for them: little-endian, row-major.
 *
 * @module
 */

import { type Dtype, dtypes } from "../core/dtype.ts";
import { formatShape, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { fault } from "./fault.ts";

/**
 * Returns how many bytes the elements of a shape take; undefined where they do
 * not fill whole bytes, or a product on the way exceeds 2^53.
 *
 * @param shape Sizes along the axes, each a whole number of at least 0.
 * @param bits Bits an element.
 */
export function byteLength(shape: Shape, bits: number): number | undefined {
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  const total = count * bits;
  return Number.isSafeInteger(total) && total % 8 === 0 ? total / 8 : undefined;
}

/**
 * Returns the tensor whose elements bytes are. It takes the bytes' memory where
 * they begin at a multiple of the element's size, else a copy.
 *
 * @param action What is being done, for the error's sentence.
 * @param bytes The bytes, which nobody else uses.
 * @param shape Sizes along the axes.
 * @param dtype The element type.
 * @throws {SyntaxError} If a truth value is neither 0 nor 1.
 */
export function tensorOf<D extends Dtype>(
  action: string,
  bytes: Uint8Array,
  shape: Shape,
  dtype: D,
): Tensor<D> {
  const { kind } = dtypes[dtype];
  const odd = kind === "bool" ? bytes.findIndex((byte) => byte > 1) : -1;
  if (odd !== -1) {
    throw fault(action, `truth value ${odd} must be 0 or 1`, bytes[odd]);
  }
  // A storage of no element has the class and the size of one.
  const { constructor: Storage, BYTES_PER_ELEMENT: size } = dtypes[dtype]
    .allocate(0) as unknown as {
      constructor: new (
        buffer: ArrayBufferLike,
        offset: number,
        length: number,
      ) => Tensor<D>["data"];
      BYTES_PER_ELEMENT: number;
    };
  const { buffer, byteOffset } = bytes.byteOffset % size === 0
    ? bytes
    : new Uint8Array(bytes);
  const data = new Storage(buffer, byteOffset, bytes.length / size);
  return new Tensor<D>(data, shape, dtype);
}

/**
 * Returns the bytes of a tensor's storage, without a copy.
 *
 * @param tensor The tensor.
 */
export function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Returns what a tensor is, for an error's sentence: `float32 [2, 3]`.
 *
 * @param tensor The dtype and the shape.
 */
export function outline(
  { dtype, shape }: { readonly dtype: Dtype; readonly shape: Shape },
): string {
  return `${dtype} ${formatShape(shape)}`;
}
