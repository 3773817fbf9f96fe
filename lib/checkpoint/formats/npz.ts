/**
 * npz files: npy files in a zip file, read one at a time.
 *
 * @module
 */

import {
  cannot,
  count,
  quoted,
  readOptions,
  shownName,
  withDefaults,
} from "../../core/options.ts";
import {
  type Checkpoint,
  infoOf,
  layoutByNames,
  namedTensors,
  type NamedWeights,
  namesOf,
  recordOf,
  type TensorInfo,
  type Unread,
} from "../../core/source.ts";
import type { Tensor } from "../../core/tensor.ts";
import {
  type ByteSource,
  bytesSource,
  checkBytes,
  checkReadable,
  checkSource,
  fault,
  firstOf,
  keepingLast,
} from "./bytes.ts";
import { type NpyOptions, npyOptions, type VoidDtype } from "./void.ts";
import {
  encodeNpy,
  infoIn,
  npyStart,
  parseNpyHeader,
  readNpy,
  usualHeader,
} from "./npy.ts";
import {
  crc32,
  type Entry,
  numberBytes,
  readDirectory,
  unpack,
} from "./zip.ts";

/**
 * Options of {@linkcode decodeNpz} and {@linkcode openNpz}.
 *
 * @internal
 */
export interface NpzOptions extends NpyOptions {
  /**
   * The most bytes that a deflated array may take, or all of them where they are
   * decoded together: a file of 1 MB may hold a gigabyte of zeros. Default: 2^31.
   */
  readonly maxBytes?: number;
}

/** One file of a zip file. */
interface Packed {
  /** The fields that both of its headers have. */
  readonly fields: Uint8Array;
  /** Its name. */
  readonly name: Uint8Array;
  /** Its bytes, perhaps deflated. */
  readonly data: Uint8Array;
}

const npzOptions = { maxBytes: count(0, 2 ** 31), ...npyOptions };

/** The first number too large for a 16-bit count. */
const tooMany = 2 ** 16 - 1;

/** The first number too large for a 32-bit size. */
const tooLarge = 2 ** 32 - 1;

/** The version of the format that has deflating. */
const zipVersion = 20;

/** Names are UTF-8. */
const textFlag = 0x800;

/** January 1, 1980, the first day that zip files know. */
const date = 1 << 5 | 1;

/**
 * Opens an npz file, reading only the directory and the arrays' headers.
 * Reading a part of an array loads the whole, and keeps it for the next part.
 * Arrays of texts, dates, structures or objects are listed in `unread`, files
 * that are no arrays in `notes`.
 *
 * @param source The file's bytes, by range.
 * @param options The most bytes that a deflated array may take, and what raw
 * bytes are.
 * @throws {SyntaxError} If it is no zip file with npy files, a deflated array is
 * too large, or sizes differ from the directory.
 * @throws {TypeError} If it is no source.
 * @see `numpy.load`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { bytesSource, encodeNpz, openNpz } from "@fanin/fanin/checkpoint";
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
  const { maxBytes, void: raw } = readOptions(action, options, npzOptions);
  const { entries, others } = await entriesOf(action, source);
  const infos: [string, TensorInfo][] = [];
  const refused: [string, Unread][] = [];
  for (const name of namesOf(entries)) {
    const entry = entries[name];
    const info = await readInfo(action, source, entry, raw);
    if ("reason" in info) refused.push([name, info]);
    else {
      checkLimit(action, name, entry.deflated ? entry.size : 0, maxBytes);
      infos.push([name, info]);
    }
  }
  const tensors = recordOf(infos);
  const unread = recordOf(refused);
  return keepingLast({
    metadata: {},
    tensors,
    layout: layoutByNames(Object.keys(tensors)),
    unread,
    notes: notesOf(others),
    async read(name: string) {
      const reading = "read an npz file";
      checkReadable(`${reading}'s array ${quoted(name)}`, unread, name);
      infoOf(reading, tensors, name);
      return await readArray(reading, source, entries[name], raw);
    },
  });
}

/**
 * Returns the arrays of an npz file, in memory, by name, without those of texts,
 * dates, structures or objects.
 *
 * @param bytes The file.
 * @param options The most bytes that all deflated arrays may take, and what raw
 * bytes are.
 * @throws {SyntaxError} If it is no zip file with npy files, deflated arrays are
 * too large, or sizes or checksums differ from the directory.
 * @throws {TypeError} If it is no Uint8Array.
 * @see `numpy.load`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { decodeNpz, encodeNpz } from "@fanin/fanin/checkpoint";
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
  const { maxBytes, void: raw } = readOptions(action, options, npzOptions);
  const source = bytesSource(bytes);
  const { entries } = await entriesOf(action, source);
  const readable: string[] = [];
  let total = 0;
  for (const name of namesOf(entries)) {
    const entry = entries[name];
    // Refuse a size that does not fit the header before allocating it.
    if ("reason" in await readInfo(action, source, entry, raw)) continue;
    total += entry.deflated ? entry.size : 0;
    checkLimit(action, name, total, maxBytes);
    readable.push(name);
  }
  const tensors: [string, Tensor][] = [];
  for (const name of readable) {
    tensors.push([name, await readArray(action, source, entries[name], raw)]);
  }
  return recordOf(tensors);
}

/**
 * Returns the bytes of an npz file, which `numpy.load` reads.
 *
 * @param weights A layer or model, whose state is written; or tensors by name.
 * @param options Whether to deflate the arrays. Default: false.
 * @throws {TypeError} If it is neither, or NumPy has no such dtype.
 * @throws {RangeError} If there are 65,535 arrays or more, or the file has 4 GiB
 * or more.
 * @see `numpy.savez`, `numpy.savez_compressed`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { decodeNpz, encodeNpz } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await encodeNpz({ weight: tensor([[1, 2]]), bias: tensor([3]) });
 * const { weight, bias } = await decodeNpz(file);
 * assertEquals(weight.toArray(), [[1, 2]]);
 * assertEquals(bias.toArray(), [3]);
 * ```
 */
export async function encodeNpz(
  weights: NamedWeights,
  options: { readonly compress?: boolean } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const action = "encode an npz file";
  const { compress } = withDefaults(action, options, { compress: false });
  const files: Packed[] = [];
  for (const [name, tensor] of namedTensors(action, weights, "state")) {
    files.push(await pack(name, encodeNpy(tensor), compress));
  }
  const locals = files.map(({ fields, name, data }) =>
    joined([numberBytes([[0x04034b50, 4]]), fields, name, data])
  );
  let offset = 0;
  const directory = joined(files.map((file, index) => {
    const entry = directoryEntry(file, offset);
    offset += locals[index].length;
    return entry;
  }));
  if (files.length >= tooMany || offset + directory.length >= tooLarge) {
    throw new RangeError(
      cannot(
        action,
        `it must have fewer than ${tooMany} arrays and ${tooLarge} bytes`,
        `${files.length} arrays, ${offset + directory.length} bytes`,
      ),
    );
  }
  return joined([
    ...locals,
    directory,
    numberBytes([
      [0x06054b50, 4],
      [0, 4], // the disk's number, twice
      [files.length, 2],
      [files.length, 2],
      [directory.length, 4],
      [offset, 4],
      [0, 2], // the comment's length
    ]),
  ]);
}

/**
 * The entries by the names of their arrays, which lack `.npy`, and the names of
 * the others.
 */
async function entriesOf(
  action: string,
  source: ByteSource,
): Promise<{ entries: Record<string, Entry>; others: string[] }> {
  const entries = new Map<string, Entry>();
  const others: string[] = [];
  for (const entry of await readDirectory(action, source)) {
    const name = entry.name.replace(/\.npy$/, "");
    if (name === entry.name) others.push(name);
    else if (!entries.has(name)) entries.set(name, entry);
    else throw fault(action, "an array's name must come once", entry.name);
  }
  if (entries.size === 0 && others.length > 0) {
    const rule = "the name of one of its entries must end in .npy";
    throw fault(action, rule, others[0]);
  }
  return { entries: recordOf(entries), others };
}

function notesOf(others: readonly string[]): string[] {
  return firstOf(
    others.map((name) => `holds ${shownName(name)}, no array: not read`),
    (more) => `holds ${more} other files: not read`,
  );
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
  raw: VoidDtype | null,
): Promise<TensorInfo | Unread> {
  const reading = `${action}'s entry ${quoted(entry.name)}`;
  const { size } = entry;
  const first = Math.min(usualHeader, size);
  const prefix = await unpack(action, source, entry, first);
  const start = npyStart(reading, prefix, size);
  const head = start <= first
    ? prefix
    : await unpack(action, source, entry, start);
  const header = parseNpyHeader(reading, head, size, raw);
  return "start" in header ? infoIn(header) : header;
}

async function readArray(
  action: string,
  source: ByteSource,
  entry: Entry,
  raw: VoidDtype | null,
): Promise<Tensor> {
  const bytes = await unpack(action, source, entry, entry.size);
  return readNpy(`${action}'s entry ${quoted(entry.name)}`, bytes, raw);
}

async function pack(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  compress: boolean,
): Promise<Packed> {
  const data = compress ? await deflate(bytes) : bytes;
  const encoded = new TextEncoder().encode(`${name}.npy`);
  if (!name.isWellFormed() || encoded.length > tooMany) {
    throw new RangeError(
      cannot(
        "encode an npz file",
        `a name must be well-formed Unicode and at most ${tooMany} bytes`,
        quoted(name),
      ),
    );
  }
  const fields = numberBytes([
    [zipVersion, 2],
    [textFlag, 2],
    [compress ? 8 : 0, 2],
    [0, 2], // the time
    [date, 2],
    [crc32(bytes), 4],
    [data.length, 4],
    [bytes.length, 4],
    [encoded.length, 2],
    [0, 2], // extra fields
  ]);
  return { fields, name: encoded, data };
}

function directoryEntry({ fields, name }: Packed, offset: number): Uint8Array {
  return joined([
    numberBytes([[0x02014b50, 4], [zipVersion, 2]]),
    fields,
    numberBytes([
      [0, 2], // the comment's length
      [0, 2], // the disk's number
      [0, 2], // internal attributes
      [0, 4], // external attributes
      [offset, 4],
    ]),
    name,
  ]);
}

async function deflate(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
