/**
 * Negative controls: copies of tensors with one thing changed.
 *
 * @module
 */

import { type Dtype, type Shape, Tensor } from "../../mod.ts";
import { dtypes } from "../../lib/core/dtype.ts";

/** Every dtype, the ones whose values are not read included. */
export const allDtypes = Object.keys(dtypes) as readonly Dtype[];

/** Every dtype whose values are read. */
export const readDtypes = allDtypes.filter((dtype) =>
  dtypes[dtype].kind !== "opaque"
);

/**
 * Returns a tensor of a dtype with bytes that count from 1.
 *
 * @param dtype The dtype.
 * @param shape Its shape; of a multiple of 4 elements.
 */
export function counted(dtype: Dtype, shape: Shape = [2, 4]): Tensor {
  const size = shape.reduce((product, each) => product * each, 1);
  const data = dtypes[dtype].allocate(size);
  const isBool = dtypes[dtype].kind === "bool";
  bytesOf(data).forEach((_, index, bytes) =>
    bytes[index] = isBool ? index % 2 : index + 1
  );
  return new Tensor(data, shape, dtype);
}

/** Returns a tensor with the same dtype, shape and bytes. */
export function copyOf({ data, shape, dtype }: Tensor): Tensor {
  return new Tensor(data.slice(), shape, dtype);
}

/**
 * Returns a copy in which one bit differs.
 *
 * @param tensor The tensor.
 * @param bit The bit's place among all, from the lowest of the first byte on.
 */
export function withBit(tensor: Tensor, bit: number): Tensor {
  const copy = copyOf(tensor);
  bytesOf(copy.data)[bit >> 3] ^= 1 << (bit & 7);
  return copy;
}

/** Returns how many bits a tensor holds. */
export function bitsIn({ data }: Tensor): number {
  return 8 * data.byteLength;
}

/** Returns the tensor in another shape. */
export function reshaped({ data, shape, dtype }: Tensor): Tensor {
  return new Tensor(data, shape.toReversed(), dtype);
}

/** Returns the bytes of float32 numbers as int32. */
export function retyped({ data, shape }: Tensor): Tensor {
  const { buffer, byteOffset, byteLength } = data;
  const words = new Int32Array(buffer, byteOffset, byteLength / 4);
  return new Tensor(words, shape, "int32");
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
