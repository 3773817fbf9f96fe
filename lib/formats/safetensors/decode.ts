/**
 * A safetensors file in memory to tensors.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import { quoted } from "../fault.ts";
import { checkBytes } from "../source.ts";
import { tensorOf } from "../storage.ts";
import { headerLength, parseHeader, prefixBytes } from "./header.ts";

/** What a safetensors file holds. */
export interface Decoded {
  /** The tensors by name, in the order of their bytes. */
  readonly tensors: Record<string, Tensor>;
  /** Text by name, as the writer left it. */
  readonly metadata: Record<string, string>;
}

/**
 * Returns the tensors and the metadata of a safetensors file.
 *
 * All dtypes of the format are read. Floats of 8 bits and fewer and complex
 * numbers keep their bytes and the format's name of the dtype: such a tensor
 * has a shape and can be written again, but reading its values throws.
 *
 * @param bytes The file. The tensors are copies.
 * @throws {SyntaxError} If the bytes break a rule of the format, and where.
 * @throws {TypeError} If they are no Uint8Array.
 * @see safetensors 0.8.0. Stricter than that: no name may come twice, the header
 * begins with `{`, truth values are 0 or 1
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { decodeSafetensors, encodeSafetensors } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const weight = tensor([[1, 2], [3, 4]]);
 * const bytes = encodeSafetensors({ weight }, { metadata: { format: "pt" } });
 * const { tensors, metadata } = decodeSafetensors(bytes);
 * assertEquals(tensors.weight.toArray(), [[1, 2], [3, 4]]);
 * assertEquals(metadata, { format: "pt" });
 * ```
 */
export function decodeSafetensors(bytes: Uint8Array): Decoded {
  const action = "decode a safetensors file";
  checkBytes(action, bytes);
  const prefix = bytes.subarray(0, prefixBytes);
  const start = prefixBytes + headerLength(action, prefix, bytes.length);
  const { metadata, tensors } = parseHeader(
    action,
    bytes.subarray(prefixBytes, start),
    bytes.length - start,
  );
  const data = bytes.subarray(start);
  const entries = Object.entries(tensors).map(([name, info]) => {
    const { offset, shape, dtype } = info;
    const copy = new Uint8Array(data.subarray(offset, offset + info.bytes));
    const reading = `${action}'s tensor ${quoted(name)}`;
    return [name, tensorOf(reading, copy, shape, dtype)];
  });
  return { tensors: Object.fromEntries(entries), metadata };
}
