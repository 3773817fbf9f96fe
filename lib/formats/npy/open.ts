/**
 * An npy file that is read by range.
 *
 * @module
 */

import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
} from "../checkpoint.ts";
import { keepingLast } from "../keeping_last.ts";
import { type ByteSource, checkSource, readExactly } from "../source.ts";
import { tensorOf } from "../storage.ts";
import { orderedBytes } from "./decode.ts";
import {
  type NpyHeader,
  npyStart,
  parseNpyHeader,
  prefixBytes,
} from "./header.ts";

/** What `numpy.savez` calls an array that was given no name. */
const name = "arr_0";

/**
 * Returns an npy file of which only the header was read. Its one array is called
 * `arr_0`, as `numpy.savez` calls an array without a name. Where its first index
 * runs fastest, a part of it takes the whole into memory.
 *
 * @param source The file's bytes, by range.
 * @throws {SyntaxError} If the header does not parse, the dtype is none of ours,
 * or the file is shorter or longer than it says.
 * @throws {TypeError} If it is no source.
 * @see `numpy.load`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { bytesSource, encodeNpy, openNpy } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await openNpy(bytesSource(encodeNpy(tensor([1, 2, 3]))));
 * assertEquals(file.tensors.arr_0.shape, [3]);
 * const end = await file.read("arr_0", { start: 1 });
 * assertEquals(end.toArray(), [2, 3]);
 * ```
 */
export async function openNpy(source: ByteSource): Promise<Checkpoint> {
  const action = "open an npy file";
  checkSource(action, source);
  const header = await readHeader(action, source);
  const { dtype, shape, bytes, start } = header;
  const tensors = { [name]: { dtype, shape, bytes } };
  const checkpoint: Checkpoint = {
    metadata: {},
    tensors,
    async read(asked: string, range?: ElementRange) {
      const reading = "read an npy file";
      const info = infoOf(reading, tensors, asked);
      const part = partOf(reading, info, range);
      const offset = start + part.offset;
      const data = await readExactly(reading, source, offset, part.length);
      const ordered = orderedBytes(data, { ...header, shape: part.shape });
      return tensorOf(reading, ordered, part.shape, dtype);
    },
  };
  return header.fortranOrder ? keepingLast(checkpoint) : checkpoint;
}

async function readHeader(
  action: string,
  source: ByteSource,
): Promise<NpyHeader> {
  const { size } = source;
  const first = Math.min(prefixBytes, size);
  const prefix = await readExactly(action, source, 0, first);
  const start = npyStart(action, prefix, size);
  const head = await readExactly(action, source, 0, start);
  return parseNpyHeader(action, head, size);
}
