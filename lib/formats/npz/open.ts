/**
 * An npz file: arrays in a zip file, read one at a time.
 *
 * @module
 */

import { checkCount, withDefaults } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { bytesOf, tensorOf } from "../storage.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
  type TensorInfo,
} from "../checkpoint.ts";
import { fault, quoted } from "../fault.ts";
import { readNpy } from "../npy/decode.ts";
import { npyStart, parseNpyHeader, prefixBytes } from "../npy/header.ts";
import {
  type ByteSource,
  bytesSource,
  checkBytes,
  checkSource,
} from "../source.ts";
import { type Entry, readDirectory } from "./directory.ts";
import { unpack } from "./unpack.ts";

/** Options of what reads npz files. */
export interface NpzOptions {
  /**
   * The most bytes that deflated arrays may take: one of them in
   * {@linkcode openNpz}, all in {@linkcode decodeNpz}. A file of 1 MB may hold
   * a gigabyte of zeros. Default: 2^31.
   */
  readonly maxBytes?: number;
}

/**
 * Returns an npz file of which only the directory and the arrays' headers were
 * read. A part of an array takes as much work as the whole.
 *
 * @param source The file's bytes, by range.
 * @param options How large an array may be.
 * @throws {SyntaxError} If it is no zip file of npy files, a deflated array is
 * too large, or sizes are not what the directory says.
 * @throws {TypeError} If it is no source.
 * @see `numpy.load`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { bytesSource, encodeNpz, openNpz } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await encodeNpz({ a: tensor([1, 2, 3]), b: tensor(4) });
 * const arrays = await openNpz(bytesSource(file));
 * assertEquals(arrays.tensors.a.shape, [3]);
 * assertEquals((await arrays.read("b")).item(), 4);
 * ```
 */
export async function openNpz(
  source: ByteSource,
  options: NpzOptions = {},
): Promise<Checkpoint> {
  const action = "open an npz file";
  checkSource(action, source);
  const maxBytes = limitOf(action, options);
  const entries = await entriesOf(action, source);
  const infos: [string, TensorInfo][] = [];
  for (const [name, entry] of Object.entries(entries)) {
    checkLimit(action, name, entry.deflated ? entry.size : 0, maxBytes);
    infos.push([name, await readInfo(action, source, entry)]);
  }
  const tensors = Object.fromEntries(infos);
  return {
    metadata: {},
    tensors,
    async read(name: string, range?: ElementRange) {
      const reading = "read an npz file";
      const info = infoOf(reading, tensors, name);
      const part = partOf(`${reading}'s array ${quoted(name)}`, info, range);
      const tensor = await readArray(reading, source, entries[name]);
      if (range === undefined) return tensor;
      const bytes = bytesOf(tensor)
        .slice(part.offset, part.offset + part.length);
      return tensorOf(reading, bytes, part.shape, info.dtype);
    },
  };
}

/**
 * Returns the arrays of an npz file, in memory, by name.
 *
 * @param bytes The file.
 * @param options How large the arrays may be.
 * @throws {SyntaxError} If it is no zip file of npy files, deflated arrays are
 * too large, or sizes or checksums are not what the directory says.
 * @throws {TypeError} If it is no Uint8Array.
 * @see `numpy.load`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { decodeNpz, encodeNpz } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await encodeNpz({ a: tensor([1, 2]) }, { compress: true });
 * const { a } = await decodeNpz(file);
 * assertEquals(a.toArray(), [1, 2]);
 * ```
 */
export async function decodeNpz(
  bytes: Uint8Array,
  options: NpzOptions = {},
): Promise<Record<string, Tensor>> {
  const action = "decode an npz file";
  checkBytes(action, bytes);
  const maxBytes = limitOf(action, options);
  const source = bytesSource(bytes);
  const entries = Object.entries(await entriesOf(action, source));
  let total = 0;
  for (const [name, { deflated, size }] of entries) {
    total += deflated ? size : 0;
    checkLimit(action, name, total, maxBytes);
  }
  const tensors: [string, Tensor][] = [];
  for (const [name, entry] of entries) {
    // A size that does not fit the header is refused before it is taken.
    await readInfo(action, source, entry);
    tensors.push([name, await readArray(action, source, entry)]);
  }
  return Object.fromEntries(tensors);
}

function limitOf(action: string, options: NpzOptions): number {
  const { maxBytes } = withDefaults(action, options, { maxBytes: 2 ** 31 });
  checkCount(action, "maxBytes", maxBytes, 0);
  return maxBytes;
}

/** The entries by the names of their arrays, which lack `.npy`. */
async function entriesOf(
  action: string,
  source: ByteSource,
): Promise<Record<string, Entry>> {
  const entries = new Map<string, Entry>();
  for (const entry of await readDirectory(action, source)) {
    const name = entry.name.replace(/\.npy$/, "");
    if (name === entry.name || entries.has(name)) {
      throw fault(
        action,
        "each entry's name must end in .npy and come once",
        entry.name,
      );
    }
    entries.set(name, entry);
  }
  return Object.fromEntries(entries);
}

function checkLimit(
  action: string,
  name: string,
  size: number,
  maxBytes: number,
): void {
  if (size > maxBytes) {
    throw fault(
      action,
      `deflated arrays up to ${
        quoted(name)
      } must take at most ${maxBytes} bytes, the option maxBytes`,
      size,
    );
  }
}

async function readInfo(
  action: string,
  source: ByteSource,
  entry: Entry,
): Promise<TensorInfo> {
  const reading = `${action}'s entry ${quoted(entry.name)}`;
  const { size } = entry;
  const first = Math.min(prefixBytes, size);
  const prefix = await unpack(action, source, entry, first);
  const start = npyStart(reading, prefix, size);
  const head = await unpack(action, source, entry, start);
  const { dtype, shape, bytes } = parseNpyHeader(reading, head, size);
  return { dtype, shape, bytes };
}

async function readArray(
  action: string,
  source: ByteSource,
  entry: Entry,
): Promise<Tensor> {
  const bytes = await unpack(action, source, entry, entry.size);
  return readNpy(`${action}'s entry ${quoted(entry.name)}`, bytes);
}
