/**
 * Tensors without storage, as on PyTorch's meta device: what checks a tensor's
 * shape and dtype takes them, however large they would be.
 *
 * @module
 */

import { checkDtype, type Dtype, dtypes } from "./dtype.ts";
import { newStorage } from "./recording.ts";
import { checkShape, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/**
 * Returns a tensor that has a shape and a dtype, and no elements in its `data`.
 *
 * @param shape Sizes along the axes.
 * @param dtype The element type.
 * @throws {RangeError} If a size is negative or fractional, or the elements are
 * 2^53 or more.
 * @throws {TypeError} If the dtype is unknown.
 *
 * @example
 * ```ts
 * import { metaTensor } from "./meta.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const large = metaTensor([2 ** 20, 2 ** 20], "float32");
 * assertEquals([large.numel(), large.data.length], [2 ** 40, 0]);
 * ```
 */
export function metaTensor<D extends Dtype>(
  shape: Shape,
  dtype: D,
): Tensor<D> {
  checkDtype("make a tensor", dtype);
  checkShape("make a tensor", shape);
  // The constructor would ask for as much storage as the shape takes.
  return Object.assign(Object.create(Tensor.prototype), {
    data: dtypes[dtype].view(newStorage(0), 0, 0),
    shape: Object.freeze([...shape]),
    dtype,
  });
}
