/**
 * A safetensors file that is read by range: the header first, then one tensor
 * at a time.
 *
 * @module
 */

import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
} from "../checkpoint.ts";
import { quoted } from "../fault.ts";
import { type ByteSource, checkSource, readExactly } from "../source.ts";
import { tensorOf } from "../storage.ts";
import { headerLength, parseHeader, prefixBytes } from "./header.ts";

/**
 * Returns a safetensors file of which only the header was read.
 *
 * @param source The file's bytes, by range.
 * @throws {SyntaxError} If the header breaks a rule of the format, or the file
 * is shorter or longer than it says.
 * @throws {TypeError} If it is no source.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { bytesSource, encodeSafetensors, openSafetensors } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const file = encodeSafetensors({ bias: tensor([0.5, 1, 2]) });
 * const checkpoint = await openSafetensors(bytesSource(file));
 * const { dtype, shape } = checkpoint.tensors.bias;
 * assertEquals([dtype, shape], ["float32", [3]]);
 * const bias = await checkpoint.read("bias");
 * assertEquals(bias.toArray(), [0.5, 1, 2]);
 * const end = await checkpoint.read("bias", { start: 1 });
 * assertEquals(end.toArray(), [1, 2]);
 * ```
 */
export async function openSafetensors(source: ByteSource): Promise<Checkpoint> {
  const action = "open a safetensors file";
  checkSource(action, source);
  const { size } = source;
  const prefix = await readExactly(
    action,
    source,
    0,
    Math.min(prefixBytes, size),
  );
  const length = headerLength(action, prefix, size);
  const header = await readExactly(action, source, prefixBytes, length);
  const start = prefixBytes + length;
  const { metadata, tensors } = parseHeader(action, header, size - start);
  return {
    metadata,
    tensors,
    async read(name: string, range?: ElementRange) {
      const info = infoOf("read a safetensors file", tensors, name);
      const reading = `read tensor ${quoted(name)} of a safetensors file`;
      const part = partOf(reading, info, range);
      const offset = start + info.offset + part.offset;
      const bytes = await readExactly(reading, source, offset, part.length);
      return tensorOf(reading, bytes, part.shape, info.dtype);
    },
  };
}
