/**
 * The order of bytes in an element, and of elements in an array.
 *
 * @module
 */

import { elementCount, type Shape } from "../../core/shape.ts";

/**
 * Turns the bytes of each element around, in place.
 *
 * @param bytes The elements.
 * @param size Bytes an element.
 */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) {
    bytes.subarray(start, start + size).reverse();
  }
}

/**
 * Returns the elements with the last index fastest, of elements with the first
 * index fastest.
 *
 * @param bytes The elements.
 * @param shape Sizes along the axes.
 * @param size Bytes an element.
 */
export function rowMajor(
  bytes: Uint8Array,
  shape: Shape,
  size: number,
): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < bytes.length; to += size) {
    for (let byte = 0; byte < size; byte++) {
      result[to + byte] = bytes[from * size + byte];
    }
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
