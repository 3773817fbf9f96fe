/**
 * Files of PyTorch for tests: made by hand from their parts. Pickles are
 * strings whose characters are bytes.
 *
 * @module
 */

import { crc32, numberBytes } from "../../../lib/checkpoint/formats/zip.ts";

/** An entry of a zip file. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The name in its local header. Default: its name. */
  readonly localName?: string;
  /** Default: 0. */
  readonly flags?: number;
}

/**
 * Returns bytes as the characters of a string.
 *
 * @param text The string.
 */
export function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * Returns a number as characters, the lowest byte first.
 *
 * @param value The number.
 * @param size How many bytes.
 */
export function number(value: number, size: number): string {
  return String.fromCharCode(...numberBytes([[value, size]]));
}

/**
 * Returns the operation that pushes a text.
 *
 * @param value The text.
 */
export function text(value: string): string {
  const bytes = new TextEncoder().encode(value);
  return `X${number(bytes.length, 4)}${String.fromCharCode(...bytes)}`;
}

/**
 * Returns the operation that pushes an integer of up to 64 bits.
 *
 * @param value The integer.
 */
export function integer(value: number | bigint): string {
  const bytes = new Uint8Array(9);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return `\x8a\x09${String.fromCharCode(...bytes)}`;
}

/**
 * Returns the operations that push a tuple.
 *
 * @param items Those that push its items.
 */
export function tuple(...items: readonly string[]): string {
  return `(${items.join("")}t`;
}

/**
 * Returns the operations that push a name.
 *
 * @param module The module.
 * @param name The name in it.
 */
export function named(module: string, name: string): string {
  return `c${module}\n${name}\n`;
}

/**
 * Returns the operations that push the result of a call.
 *
 * @param callee The function: `os.system`.
 * @param args Those that push its arguments.
 */
export function call(callee: string, ...args: readonly string[]): string {
  const [, module, name] = /^(.*)\.(.*)$/.exec(callee)!;
  return `${named(module, name)}${tuple(...args)}R`;
}

/** A storage, by its persistent id. */
export interface StorageId {
  /** Default: "0". */
  readonly key?: string;
  /** The storage's class in `torch`. Default: FloatStorage. */
  readonly of?: string;
  /** How many elements. Default: 6. */
  readonly length?: number | bigint;
  /** The operations that push a view. Default: none. */
  readonly view?: string;
}

/**
 * Returns the operations that push a storage.
 *
 * @param id Its id.
 */
export function storage(
  { key = "0", of = "FloatStorage", length = 6, view = "" }: StorageId = {},
): string {
  return `${
    tuple(
      text("storage"),
      named("torch", of),
      text(key),
      text("cpu"),
      integer(length),
      view,
    )
  }Q`;
}

/** A tensor, by the arguments of the function that rebuilds it. */
export interface TensorCall extends StorageId {
  readonly offset?: number | bigint;
  readonly shape?: readonly (number | bigint)[];
  readonly strides?: readonly (number | bigint)[];
}

/**
 * Returns the operations that push a tensor.
 *
 * @param parts What it is. Default: the 6 elements of storage 0.
 */
export function tensor(parts: TensorCall = {}): string {
  const { offset = 0, shape = [6], strides = [1] } = parts;
  return call(
    "torch._utils._rebuild_tensor_v2",
    storage(parts),
    integer(offset),
    tuple(...shape.map(integer)),
    tuple(...strides.map(integer)),
    "\x89",
    call("collections.OrderedDict"),
  );
}

/**
 * Returns a pickle of a dictionary.
 *
 * @param entries The operations that push its values, by key.
 */
export function dict(entries: Readonly<Record<string, string>>): string {
  const items = Object.entries(entries)
    .map(([key, value]) => text(key) + value);
  return `\x80\x02}(${items.join("")}u.`;
}

/** Six numbers from 0 on, in float32. */
export const six: Uint8Array<ArrayBuffer> = new Uint8Array(
  Float32Array.of(0, 1, 2, 3, 4, 5).buffer,
);

/**
 * Returns a zip file of PyTorch.
 *
 * @param pickle The pickle.
 * @param storages Bytes by key. Default: six numbers of key 0.
 * @param more Other entries.
 */
export function torchZip(
  pickle: string,
  storages: Readonly<Record<string, Uint8Array>> = { 0: six },
  more: readonly ZipEntry[] = [],
): Uint8Array<ArrayBuffer> {
  return zipFile([
    { name: "a/data.pkl", bytes: bytesIn(pickle) },
    ...Object.entries(storages)
      .map(([key, bytes]) => ({ name: `a/data/${key}`, bytes })),
    ...more,
  ]);
}

/**
 * Returns a file of PyTorch before 1.6.
 *
 * @param pickle The pickle.
 * @param storages Bytes of float32 by key. Default: six numbers of key 0.
 */
export function torchStream(
  pickle: string,
  storages: Readonly<Record<string, Uint8Array>> = { 0: six },
): Uint8Array<ArrayBuffer> {
  const keys = Object.keys(storages).map(text);
  const bytes = Object.values(storages).map((bytes) =>
    number(bytes.length / 4, 8) + String.fromCharCode(...bytes)
  );
  return bytesIn([
    "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.",
    "\x80\x02M\xe9\x03.",
    "\x80\x02}.",
    pickle,
    `\x80\x02](${keys.join("")}e.`,
    ...bytes,
  ].join(""));
}

/**
 * Returns a zip file of stored entries.
 *
 * @param entries The entries.
 */
export function zipFile(
  entries: readonly ZipEntry[],
): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes, localName = name, flags = 0 } of entries) {
    const fields = (of: string) =>
      numberBytes([
        [20, 2],
        [flags, 2],
        [0, 2],
        [0, 4],
        [crc32(bytes), 4],
        [bytes.length, 4],
        [bytes.length, 4],
        [encoder.encode(of).length, 2],
        [0, 2],
      ]);
    const local = [
      numberBytes([[0x04034b50, 4]]),
      fields(localName),
      encoder.encode(localName),
      bytes,
    ];
    directory.push(
      numberBytes([[0x02014b50, 4], [20, 2]]),
      fields(name),
      numberBytes([[0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]),
      encoder.encode(name),
    );
    parts.push(...local);
    offset += local.reduce((sum, { length }) => sum + length, 0);
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = numberBytes([
    [0x06054b50, 4],
    [0, 4],
    [entries.length, 2],
    [entries.length, 2],
    [size, 4],
    [offset, 4],
    [0, 2],
  ]);
  const all = [...parts, ...directory, end];
  const file = new Uint8Array(offset + size + end.length);
  let at = 0;
  for (const part of all) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
