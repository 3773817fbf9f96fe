/**
 * The bytes of an entry of a zip file.
 *
 * @module
 */

import { fault, quoted } from "../fault.ts";
import { type ByteSource, readExactly } from "../source.ts";
import { crc32 } from "./crc32.ts";
import { type Entry, localHeaderBytes } from "./directory.ts";
import { numberAt } from "./numbers.ts";

const localSignature = 0x04034b50;

/** How many bytes are read of a source at a time. */
const pieceBytes = 2 ** 20;

/**
 * How many bytes are inflated at a time. All that they give is in memory before
 * it is counted: of a bomb, 16 MB.
 */
const sliceBytes = 2 ** 14;

/**
 * Returns the first bytes of an entry. Where they are all of it, its checksum
 * must hold, and it must end where the directory says.
 *
 * @param action What is being done, for the error's sentence.
 * @param source The zip file's bytes, by range.
 * @param entry The entry.
 * @param length How many bytes, at most the entry's size.
 * @throws {SyntaxError} If they are not what the directory says.
 */
export async function unpack(
  action: string,
  source: ByteSource,
  entry: Entry,
  length: number,
): Promise<Uint8Array> {
  const reading = `${action}'s entry ${quoted(entry.name)}`;
  const start = await dataStart(reading, source, entry);
  const bytes = entry.deflated
    ? await inflate(reading, source, start, entry, length)
    : await readExactly(reading, source, start, length);
  if (length === entry.size && crc32(bytes) !== entry.crc) {
    throw fault(
      reading,
      `its checksum must be ${entry.crc.toString(16)}`,
      crc32(bytes).toString(16),
    );
  }
  return bytes;
}

async function dataStart(
  action: string,
  source: ByteSource,
  { offset, name }: Entry,
): Promise<number> {
  const nameBytes = new TextEncoder().encode(name);
  const header = await readExactly(
    action,
    source,
    offset,
    localHeaderBytes + nameBytes.length,
  );
  const signature = numberAt(header, 0, 4);
  if (signature !== localSignature) {
    throw fault(
      action,
      `a local header must begin at byte ${offset}`,
      `signature ${signature}`,
    );
  }
  const isNamed = numberAt(header, 26, 2) === nameBytes.length &&
    nameBytes.every((byte, i) => header[localHeaderBytes + i] === byte);
  if (!isNamed) {
    throw fault(
      action,
      `its local header at byte ${offset} must have its name`,
      "another",
    );
  }
  return offset + header.length + numberAt(header, 28, 2);
}

async function inflate(
  action: string,
  source: ByteSource,
  start: number,
  { packedSize, size }: Entry,
  length: number,
): Promise<Uint8Array> {
  const whole = length === size;
  const bytes = new Uint8Array(length);
  const packed = new PackedBytes(action, source, start, packedSize);
  const reader = packed.stream()
    .pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let end = 0;
  try {
    while (end <= size && (whole || end < length)) {
      const { done, value } = await reader.read();
      if (done) break;
      if (end < length) bytes.set(value.subarray(0, length - end), end);
      end += value.length;
    }
  } catch (error) {
    if (packed.failure !== undefined) throw packed.failure;
    throw fault(action, "its bytes must be deflated ones", String(error));
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (end < length || end > size) {
    throw fault(
      action,
      `it must inflate to ${size} bytes`,
      end > size ? "more" : end,
    );
  }
  return bytes;
}

/** The deflated bytes of an entry, piece by piece. */
class PackedBytes {
  /** Why the source gave no bytes; undefined while it does. */
  failure: unknown;
  readonly #action: string;
  readonly #source: ByteSource;
  readonly #end: number;
  #at: number;
  #piece = new Uint8Array(0);

  constructor(
    action: string,
    source: ByteSource,
    start: number,
    size: number,
  ) {
    this.#action = action;
    this.#source = source;
    this.#at = start;
    this.#end = start + size;
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      pull: async (controller) => {
        if (this.#piece.length === 0) {
          if (this.#at === this.#end) return controller.close();
          this.#piece = await this.#next();
        }
        controller.enqueue(this.#piece.slice(0, sliceBytes));
        this.#piece = this.#piece.subarray(sliceBytes);
      },
    });
  }

  async #next(): Promise<Uint8Array<ArrayBuffer>> {
    const length = Math.min(pieceBytes, this.#end - this.#at);
    try {
      const piece = await readExactly(
        this.#action,
        this.#source,
        this.#at,
        length,
      );
      this.#at += length;
      return piece as Uint8Array<ArrayBuffer>;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
