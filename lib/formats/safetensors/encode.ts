/**
 * Tensors to a safetensors file in memory.
 *
 * @module
 */

import { withDefaults } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { specsOf } from "../specs.ts";
import { bytesOf } from "../storage.ts";
import { layoutOf } from "./layout.ts";

/** Options of what writes safetensors files. */
export interface SafetensorsOptions {
  /** Text by name, for the file's header. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Returns the bytes of a safetensors file: those that Python's `safetensors`
 * writes for the same tensors. (With several metadata, Python's own order of
 * them changes from run to run; here it is that of the record.)
 *
 * @param tensors The tensors by name; a layer's or a model's `stateDict()`.
 * @param options Metadata.
 * @throws {TypeError} If a value is no Tensor, or the metadata are no strings.
 * @throws {RangeError} If a name is `__metadata__` or no text of whole
 * characters, or the header exceeds 100 MB.
 * @see `safetensors.torch.save`, safetensors 0.8.0
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { encodeSafetensors } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeSafetensors({ weight: tensor([1, 2]) });
 * assertEquals(
 *   new TextDecoder().decode(bytes.subarray(8, 64)),
 *   '{"weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8',
 * );
 * assertEquals(bytes.length, 8 + 64 + 8);
 * ```
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  options: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const action = "encode a safetensors file";
  const { metadata } = withDefaults(action, options, { metadata: {} });
  const specs = specsOf(action, tensors);
  const { head, offsets, size } = layoutOf(action, specs, metadata);
  const bytes = new Uint8Array(size);
  bytes.set(head);
  specs.forEach(({ name }, index) =>
    bytes.set(bytesOf(tensors[name]), offsets[index])
  );
  return bytes;
}
