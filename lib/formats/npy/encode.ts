/**
 * A tensor to an npy file in memory.
 *
 * @module
 */

import { dtypes } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkTensor } from "../specs.ts";
import { bytesOf } from "../storage.ts";

/** What the header's end is a multiple of. */
const alignment = 64;

/** NumPy leaves room for a first axis that grows to so many digits. */
const roomForGrowth = 21;

/**
 * Returns the bytes of an npy file: those that NumPy writes for the same array.
 *
 * @param tensor The tensor.
 * @throws {TypeError} If it is no Tensor, or NumPy has no such dtype: bfloat16
 * goes as `tensor.to("float32")`.
 * @see `numpy.save`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { encodeNpy } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNpy(tensor([1, 2]));
 * assertEquals(bytes.length, 128 + 8);
 * assertEquals(new TextDecoder().decode(bytes.subarray(10, 26)), "{'descr': '<f4',");
 * ```
 */
export function encodeNpy(tensor: Tensor): Uint8Array<ArrayBuffer> {
  const action = "encode a tensor as npy";
  checkTensor(action, "it", tensor);
  const { npy } = dtypes[tensor.dtype];
  if (npy === null) {
    throw new TypeError(
      `Cannot ${action} as its dtype must be one of NumPy: current value is ${tensor.dtype}`,
    );
  }
  const head = headOf(npy, tensor.shape);
  const data = bytesOf(tensor);
  const bytes = new Uint8Array(head.length + data.length);
  bytes.set(head);
  bytes.set(data, head.length);
  return bytes;
}

function headOf(descr: string, shape: Shape): Uint8Array {
  const room = shape.length === 0
    ? 0
    : Math.max(0, roomForGrowth - String(shape[0]).length);
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${
    tuple(shape)
  }, }${" ".repeat(room)}`;
  // Beyond 64 kB the header's length takes 4 bytes, and that is version 2.
  const version = text.length + 1 + alignment < 2 ** 16 ? 1 : 2;
  const start = version === 1 ? 10 : 12;
  const length = Math.ceil((start + text.length + 1) / alignment) * alignment -
    start;
  const head = new Uint8Array(start + length);
  new TextEncoder().encodeInto(
    `NUMPY${" ".repeat(start - 6)}${text.padEnd(length - 1)}\n`,
    head.subarray(1),
  );
  head.set([0x93]);
  head.set([version, 0], 6);
  const view = new DataView(head.buffer);
  if (version === 1) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  return head;
}

/** A shape as Python writes a tuple. */
function tuple(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
