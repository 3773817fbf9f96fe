/**
 * An npy file in memory to a tensor.
 *
 * @module
 */

import { dtypes } from "../../core/dtype.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkBytes } from "../source.ts";
import { tensorOf } from "../storage.ts";
import { type NpyHeader, parseNpyHeader } from "./header.ts";
import { rowMajor, swapBytes } from "./order.ts";

/**
 * Returns the array of an npy file as a tensor, row-major whatever the file's
 * order is. Versions 1, 2 and 3, both orders of bytes.
 *
 * @param bytes The file. The tensor is a copy.
 * @throws {SyntaxError} If the bytes do not parse, or the dtype is none of ours:
 * complex numbers, texts, dates, structures, objects.
 * @throws {TypeError} If they are no Uint8Array.
 * @see `numpy.load`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { decodeNpy, encodeNpy } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNpy(tensor([[1, 2], [3, 4]], { dtype: "int16" }));
 * assertEquals(decodeNpy(bytes).toArray(), [[1, 2], [3, 4]]);
 * ```
 */
export function decodeNpy(bytes: Uint8Array): Tensor {
  const action = "decode an npy file";
  checkBytes(action, bytes);
  return readNpy(action, bytes);
}

/**
 * Returns the array of an npy file.
 *
 * @param action What is being done, for the error's sentence.
 * @param bytes The file.
 * @throws {SyntaxError} If the bytes do not parse.
 */
export function readNpy(action: string, bytes: Uint8Array): Tensor {
  const header = parseNpyHeader(action, bytes, bytes.length);
  const { dtype, shape, start } = header;
  const ordered = orderedBytes(new Uint8Array(bytes.subarray(start)), header);
  return tensorOf(action, ordered, shape, dtype);
}

/**
 * Returns the data of an npy file little-endian and row-major.
 *
 * @param data The data, which nobody else uses.
 * @param header What they are.
 */
export function orderedBytes(
  data: Uint8Array,
  header: Pick<NpyHeader, "dtype" | "shape" | "bigEndian" | "fortranOrder">,
): Uint8Array {
  const { dtype, shape, bigEndian, fortranOrder } = header;
  const size = dtypes[dtype].bits / 8;
  if (bigEndian) swapBytes(data, size);
  return fortranOrder && shape.length > 1 ? rowMajor(data, shape, size) : data;
}
