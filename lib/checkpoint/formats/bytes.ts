/**
 * Bytes of checkpoints: sources that are read by range, tensors made from
 * bytes, and the errors for bytes that do not parse.
 *
 * @module
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";
import { cannot, describe, renamed } from "../../core/options.ts";
import { formatShape, type Shape } from "../../core/shape.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
  type Unread,
} from "../../core/source.ts";
import { checkMemory, elementsOf, Tensor } from "../../core/tensor.ts";

/** At most this many notes of one kind are made. */
const mostNoted = 100;

/**
 * Bytes that are read by range: a file, a blob, a server's answer.
 *
 * @example
 * ```ts
 * import { type ByteSource, openNpz } from "@fanin/fanin/checkpoint";
 * import { assertRejects } from "@std/assert";
 *
 * function blobSource(blob: Blob): ByteSource {
 *   return {
 *     size: blob.size,
 *     read: async (offset, length) =>
 *       new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
 *   };
 * }
 *
 * await assertRejects(() => openNpz(blobSource(new Blob())), SyntaxError);
 * ```
 */
export interface ByteSource {
  /** How many bytes there are. */
  readonly size: number;
  /**
   * Returns a copy of some bytes, which no other code writes later.
   *
   * @param offset Where they begin.
   * @param length How many.
   */
  read(offset: number, length: number): Promise<Uint8Array> | Uint8Array;
}

/**
 * Returns the bytes of a file by its name.
 *
 * @internal
 */
export type SourceOpener = (name: string) => Promise<ByteSource> | ByteSource;

/**
 * Returns the error for bytes that do not parse, for the caller to throw:
 * "Cannot …: … must be …, got …".
 *
 * @param action What is being done.
 * @param rule What must hold, with the place.
 * @param got The value found instead, if there is one; long ones are cut.
 */
export function fault(
  action: string,
  rule: string,
  ...got: readonly unknown[]
): SyntaxError {
  return new SyntaxError(cannot(action, rule, ...got.map(describe)));
}

/**
 * Returns the error for an object that lacks a member, for the caller to throw.
 *
 * @param action What is being done.
 * @param what What the object is.
 * @param members Its members that must be there; undefined where one is not.
 */
export function lacking(
  action: string,
  what: string,
  members: Readonly<Record<string, unknown>>,
): SyntaxError {
  const names = Object.keys(members);
  const there = names.filter((name) => members[name] !== undefined);
  const rule = `${what} must have ${names.join(", ")}`;
  return new SyntaxError(cannot(action, rule, there.join(", ") || "none"));
}

/**
 * Decodes UTF-8 bytes, including a byte order mark.
 *
 * @param action What is being done, for the error message.
 * @param bytes The bytes.
 * @throws {SyntaxError} If they are not UTF-8.
 */
export function textOf(action: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    const loose = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const place = loose.indexOf("\ufffd");
    throw fault(
      action,
      "its text must be UTF-8",
      `other bytes at character ${place}`,
    );
  }
}

/**
 * Returns a source of bytes in memory.
 *
 * @param bytes The bytes; each read copies.
 * @throws {TypeError} If it is no Uint8Array.
 *
 * @example
 * ```ts
 * import { bytesSource } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const source = bytesSource(new Uint8Array([7, 8, 9]));
 * assertEquals(source.size, 3);
 * assertEquals(await source.read(1, 2), new Uint8Array([8, 9]));
 * ```
 */
export function bytesSource(bytes: Uint8Array): ByteSource {
  checkBytes("read bytes in memory", bytes);
  return {
    size: bytes.length,
    // Not `bytes.slice`, which shares the memory where bytes are a Buffer.
    read: (offset, length) =>
      new Uint8Array(bytes.subarray(offset, offset + length)),
  };
}

/**
 * Concatenates several sources.
 *
 * @param sources The sources, in order.
 */
export function joinedSource(sources: readonly ByteSource[]): ByteSource {
  return {
    size: sources.reduce((sum, { size }) => sum + size, 0),
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      let start = 0;
      for (const source of sources) {
        const from = Math.max(offset - start, 0);
        const to = Math.min(offset + length - start, source.size);
        if (from < to) {
          const part = await readExactly("read", source, from, to - from);
          bytes.set(part, start + from - offset);
        }
        start += source.size;
      }
      return bytes;
    },
  };
}

/**
 * Checks that a value is a source.
 *
 * @param action What is being done, for the error message.
 * @param source The value.
 * @throws {TypeError} If it has no size or no `read`.
 */
export function checkSource(action: string, source: ByteSource): void {
  if (
    !Number.isSafeInteger(source?.size) || source.size < 0 ||
    typeof source.read !== "function"
  ) {
    throw new TypeError(
      cannot(
        action,
        "its source must have a size and read(offset, length)",
        describe(source),
      ),
    );
  }
}

/**
 * Checks that a value is bytes.
 *
 * @param action What is being done, for the error message.
 * @param bytes The value.
 * @throws {TypeError} If it is no Uint8Array.
 */
export function checkBytes(action: string, bytes: unknown): void {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(
      cannot(action, "it must be a Uint8Array", describe(bytes)),
    );
  }
}

/**
 * Returns all bytes of a source.
 *
 * @param action What is being done, for the error message.
 * @param source The source.
 * @param most The most bytes that it may have.
 * @throws {TypeError} If it is no source.
 * @throws {SyntaxError} If it has more bytes, or gives fewer.
 */
export async function readAll(
  action: string,
  source: ByteSource,
  most: number,
): Promise<Uint8Array> {
  checkSource(action, source);
  if (source.size > most) {
    throw fault(action, `it must have at most ${most} bytes`, source.size);
  }
  return await readExactly(action, source, 0, source.size);
}

/**
 * Returns a range of a source, which it must give in full.
 *
 * @param action What is being done, for the error message.
 * @param source The source.
 * @param offset Where the range begins.
 * @param length How many bytes it has.
 * @throws {SyntaxError} If the range is not inside the source, or the source
 * gives another number of bytes.
 * @throws {Error} If the source cannot read: an error of its error's class.
 */
export async function readExactly(
  action: string,
  source: ByteSource,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  if (offset + length > source.size) {
    throw fault(
      action,
      `${length} bytes must follow byte ${offset}`,
      Math.max(0, source.size - offset),
    );
  }
  const bytes = length === 0
    ? new Uint8Array(0)
    : await readFrom(action, source, offset, length);
  if (bytes.length !== length) {
    throw fault(
      action,
      `the source must give ${length} bytes from byte ${offset} on`,
      bytes.length,
    );
  }
  return bytes;
}

async function readFrom(
  action: string,
  source: ByteSource,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  try {
    return await source.read(offset, length);
  } catch (cause) {
    throw cause instanceof Error
      ? renamed(action, cause, cause.message)
      : cause;
  }
}

/**
 * Returns how many bytes the elements of a shape take; undefined if they do not
 * fill whole bytes, or an intermediate product exceeds 2^53.
 *
 * @param shape Sizes along the axes, each a whole number of at least 0.
 * @param bits Bits per element.
 */
export function byteLength(shape: Shape, bits: number): number | undefined {
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  const total = count * bits;
  return Number.isSafeInteger(total) && total % 8 === 0 ? total / 8 : undefined;
}

/**
 * Returns a tensor over bytes. It uses the bytes' memory if they begin at a
 * multiple of the element's size, else a copy.
 *
 * @param action What is being done, for the error message.
 * @param bytes The bytes, which no other code uses.
 * @param shape Sizes along the axes.
 * @param dtype The element type.
 * @throws {SyntaxError} If a truth value is neither 0 nor 1.
 */
export function tensorOf<D extends Dtype>(
  action: string,
  bytes: Uint8Array,
  shape: Shape,
  dtype: D,
): Tensor<D> {
  const { kind } = dtypes[dtype];
  const odd = kind === "bool" ? bytes.findIndex((byte) => byte > 1) : -1;
  if (odd !== -1) {
    throw fault(action, `truth value ${odd} must be 0 or 1`, bytes[odd]);
  }
  // Empty storage has the dtype's class and element size.
  const { constructor: Storage, BYTES_PER_ELEMENT: size } = dtypes[dtype]
    .allocate(0) as unknown as {
      constructor: new (
        buffer: ArrayBufferLike,
        offset: number,
        length: number,
      ) => Tensor<D>["data"];
      BYTES_PER_ELEMENT: number;
    };
  const { buffer, byteOffset } = bytes.byteOffset % size === 0
    ? bytes
    : new Uint8Array(bytes);
  const data = new Storage(buffer, byteOffset, bytes.length / size);
  return new Tensor<D>(data, shape, dtype);
}

/**
 * Returns the bytes of a tensor's storage, without a copy.
 *
 * @param tensor The tensor.
 * @throws {TypeError} If its memory was transferred or shrunk.
 */
export function bytesOf(tensor: Tensor): Uint8Array {
  checkMemory("read the bytes of a tensor", tensor);
  const { data } = tensor;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Checks that a value is a tensor.
 *
 * @param action What is being done, for the error message.
 * @param what What to call the value.
 * @param value The value.
 * @throws {TypeError} If it is none.
 */
export function checkTensor(
  action: string,
  what: string,
  value: unknown,
): asserts value is Tensor {
  if (!(value instanceof Tensor)) {
    throw new TypeError(
      cannot(action, `${what} must be a Tensor`, describe(value)),
    );
  }
}

/**
 * Describes a tensor for an error message: `float32 [2, 3]`.
 *
 * @param tensor The dtype and the shape.
 */
export function outline(
  { dtype, shape }: { readonly dtype: Dtype; readonly shape: Shape },
): string {
  return `${dtype} ${formatShape(shape)}`;
}

/**
 * Checks that a tensor is none of those that are not read.
 *
 * @param action What is being done, for the error message.
 * @param unread What is not read, by name.
 * @param name The tensor's name.
 * @throws {TypeError} If it is not read.
 */
export function checkReadable(
  action: string,
  unread: Readonly<Record<string, Unread>>,
  name: string,
): void {
  if (!Object.hasOwn(unread, name)) return;
  const { dtype, shape, reason } = unread[name];
  throw new TypeError(
    cannot(
      action,
      `it must be one that can be read; ${reason}`,
      `${dtype} ${formatShape(shape)}`,
    ),
  );
}

/**
 * Returns the checkpoint with a cache, so reading a tensor part by part costs
 * as much as reading it once: it keeps the last tensor in memory.
 *
 * @param checkpoint The checkpoint.
 */
export function keepingLast(checkpoint: Checkpoint): Checkpoint {
  let last: { readonly name: string; readonly whole: Promise<Tensor> } | null =
    null;
  return {
    ...checkpoint,
    async read(name: string, range?: ElementRange) {
      const isKnown = Object.hasOwn(checkpoint.tensors, name);
      if (range === undefined || !isKnown) return await checkpoint.read(name);
      const action = "read a part of a tensor";
      const info = infoOf(action, checkpoint.tensors, name);
      const { shape: [count] } = partOf(action, info, range);
      if (last?.name !== name) {
        const whole = checkpoint.read(name);
        last = { name, whole };
        // After a failure, the next call reads the source again.
        whole.catch(() => last = null);
      }
      const whole = await last.whole;
      const { start = 0 } = range;
      const part = elementsOf(whole, start, start + count);
      return new Tensor<Dtype>(part.slice(), [count], whole.dtype);
    },
  };
}

/**
 * Reverses the bytes of each word, in place.
 *
 * @param bytes The bytes.
 * @param word How many bytes a word has.
 */
export function reverseWords(bytes: Uint8Array, word: number): void {
  for (let at = 0; at < bytes.length; at += word) {
    bytes.subarray(at, at + word).reverse();
  }
}

/**
 * Returns the first 100 notes, and one about the others.
 *
 * @param notes The notes.
 * @param others Makes a note of how many there are more.
 */
export function firstOf(
  notes: readonly string[],
  others: (more: number) => string,
): string[] {
  const more = notes.length - mostNoted;
  return more > 0 ? [...notes.slice(0, mostNoted), others(more)] : [...notes];
}
