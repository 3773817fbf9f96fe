/**
 * Reads zip files: the entries of the directory, and their bytes.
 *
 * Sizes are those of the directory at the file's end; NumPy's local headers may
 * lack them. Before anything is read or allocated, entries are checked: they
 * lie in the file without overlapping, and none claims more than deflating can
 * give.
 *
 * @module
 * @see PKWARE, APPNOTE.TXT 6.3.10, 4.3
 */

import { quoted } from "../../core/options.ts";
import { type ByteSource, fault, readExactly, textOf } from "./bytes.ts";

/** A file in a zip file. */
export interface Entry {
  /** Its name. */
  readonly name: string;
  /** Whether its bytes are deflated. */
  readonly deflated: boolean;
  /** How many bytes it has in the zip file. */
  readonly packedSize: number;
  /** How many bytes it has when inflated. */
  readonly size: number;
  /** The checksum of its bytes. */
  readonly crc: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** Where a directory is. */
interface DirectoryPlace {
  /** Its first byte. */
  readonly offset: number;
  /** How many bytes it has. */
  readonly size: number;
  /** How many entries it has. */
  readonly count: number;
}

/** The end record, after which only a comment may come. */
const endBytes = 22;
const endSignature = 0x06054b50;
/** The most bytes that a comment may have. */
const longestComment = 65_535;
/** Precedes it and locates the 64-bit end record. */
const locatorBytes = 20;
const locatorSignature = 0x07064b50;
/** The end record in 64 bits. */
const wideEndBytes = 56;
const wideEndSignature = 0x06064b50;

/** The most bytes that a directory may have. */
const longestDirectory = 100_000_000;

/**
 * The most bytes from a deflated one: four matches of 258 bytes, each from two
 * 1-bit codes.
 */
const largestRatio = 1032;

/** Bytes of an entry's local header, without name and extra fields. */
const localHeaderBytes = 30;

/** Bytes of an entry of the directory, without name, extra fields and comment. */
const entryBytes = 46;
const entrySignature = 0x02014b50;
/** The extra field of sizes in 64 bits. */
const wideField = 0x0001;
/** The flag of an encrypted entry. */
const encryptedBit = 1;

/** What a local header begins with. */
const localSignature = 0x04034b50;

/** How many bytes are read from a source at a time. */
const pieceBytes = 2 ** 20;

/**
 * How many bytes are inflated at a time. Their whole output is in memory before
 * it is counted: 16 MB for a zip bomb.
 */
const sliceBytes = 2 ** 14;

/** The polynomial's bits, the lowest power first. */
const polynomial = 0xedb88320;

/** The CRC of each byte. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) {
    rest = rest & 1 ? rest >>> 1 ^ polynomial : rest >>> 1;
  }
  return rest;
});

/**
 * Returns the entries of a zip file, in the order of their bytes.
 *
 * @param action What is being done, for the error message.
 * @param source The file's bytes, by range.
 * @throws {SyntaxError} If the directory does not parse or cannot be true.
 */
export async function readDirectory(
  action: string,
  source: ByteSource,
): Promise<Entry[]> {
  const { offset, size, count } = await directoryEnd(action, source);
  const bytes = await readExactly(action, source, offset, size);
  const entries: Entry[] = [];
  let at = 0;
  while (entries.length < count) {
    const { entry, end } = readEntry(action, bytes, at);
    entries.push(entry);
    at = end;
  }
  if (at !== size) {
    throw fault(action, `its directory must end at byte ${size}`, at);
  }
  entries.sort((a, b) => a.offset - b.offset);
  checkPlaces(action, entries, offset);
  return entries;
}

/**
 * Returns the first bytes of an entry. If that is the whole entry, its checksum
 * must match, and it must end where the directory says.
 *
 * @param action What is being done, for the error message.
 * @param source The zip file's bytes, by range.
 * @param entry The entry.
 * @param length How many bytes, at most the entry's size.
 * @param hasChecksum False if the file's writer may leave the checksum out.
 * Default: true.
 * @throws {SyntaxError} If they differ from the directory.
 */
export async function unpack(
  action: string,
  source: ByteSource,
  entry: Entry,
  length: number,
  hasChecksum = true,
): Promise<Uint8Array> {
  const reading = `${action}'s entry ${quoted(entry.name)}`;
  const start = await entryStart(reading, source, entry);
  const bytes = entry.deflated
    ? await inflate(reading, source, start, entry, length)
    : await readExactly(reading, source, start, length);
  if (hasChecksum && length === entry.size && crc32(bytes) !== entry.crc) {
    throw fault(
      reading,
      `its checksum must be ${entry.crc.toString(16)}`,
      crc32(bytes).toString(16),
    );
  }
  return bytes;
}

/**
 * Returns where the bytes of an entry begin in the zip file: after its local
 * header, whose length only that header says.
 *
 * @param action What is being done, for the error message.
 * @param source The zip file's bytes, by range.
 * @param entry The entry.
 * @throws {SyntaxError} If the header is another entry's, or none.
 */
export async function entryStart(
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

/**
 * Returns the CRC-32 of bytes.
 *
 * @param bytes The bytes.
 */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    rest = rest >>> 8 ^ table[(rest ^ bytes[i]) & 0xff];
  }
  return ~rest >>> 0;
}

/**
 * Returns numbers as bytes, each lowest byte first.
 *
 * @param fields Numbers and how many bytes each takes.
 */
export function numberBytes(
  fields: readonly (readonly [number: number, size: number])[],
): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([number, size]) =>
      Array.from(
        { length: size },
        (_, i) => Math.floor(number / 256 ** i) % 256,
      )
    ),
  );
}

async function directoryEnd(
  action: string,
  source: ByteSource,
): Promise<DirectoryPlace> {
  const tailBytes = endBytes + longestComment + locatorBytes;
  const length = Math.min(source.size, tailBytes);
  const tailStart = source.size - length;
  const tail = await readExactly(action, source, tailStart, length);
  const at = findEnd(tail);
  if (at === undefined) {
    throw fault(
      action,
      "it must end with a zip file's directory",
      `${source.size} bytes without one`,
    );
  }
  const narrow = {
    count: numberAt(tail, at + 10, 2),
    size: numberAt(tail, at + 12, 4),
    offset: numberAt(tail, at + 16, 4),
  };
  const locator = tail.subarray(Math.max(0, at - locatorBytes), at);
  const isWide = locator.length === locatorBytes &&
    numberAt(locator, 0, 4) === locatorSignature;
  const limit = isWide ? numberAt(locator, 8, 8) : tailStart + at;
  const place = isWide ? await wideEnd(action, source, limit) : narrow;
  checkPlace(action, place, limit);
  return place;
}

/** The end's comment has the length that the end says. */
function findEnd(tail: Uint8Array): number | undefined {
  for (let at = tail.length - endBytes; at >= 0; at--) {
    const found = numberAt(tail, at, 4) === endSignature &&
      at + endBytes + numberAt(tail, at + 20, 2) === tail.length;
    if (found) return at;
  }
  return undefined;
}

/** Where numbers do not fit 16 and 32 bits, a second end has them in 64. */
async function wideEnd(
  action: string,
  source: ByteSource,
  offset: number,
): Promise<DirectoryPlace> {
  if (!Number.isSafeInteger(offset)) {
    throw fault(action, "its 64-bit end must be below byte 2^53", offset);
  }
  const end = await readExactly(action, source, offset, wideEndBytes);
  const signature = numberAt(end, 0, 4);
  if (signature !== wideEndSignature) {
    throw fault(
      action,
      `its 64-bit end must be at byte ${offset}`,
      `signature ${signature}`,
    );
  }
  const [count, size, start] = [32, 40, 48].map((at) => numberAt(end, at, 8));
  return { count, size, offset: start };
}

function checkPlace(
  action: string,
  { offset, size, count }: DirectoryPlace,
  limit: number,
): void {
  if (offset + size !== limit || size > longestDirectory) {
    throw fault(
      action,
      `its directory must end at byte ${limit} and have at most ${longestDirectory} bytes`,
      `${size} bytes from byte ${offset} on`,
    );
  }
  if (count * entryBytes > size) {
    throw fault(
      action,
      `its directory's ${count} entries must take ${
        count * entryBytes
      } bytes or more`,
      size,
    );
  }
}

function readEntry(
  action: string,
  bytes: Uint8Array,
  at: number,
): { readonly entry: Entry; readonly end: number } {
  const rest = bytes.subarray(at);
  if (
    rest.length < entryBytes || numberAt(rest, 0, 4) !== entrySignature
  ) {
    throw fault(
      action,
      `an entry must begin at byte ${at} of its directory`,
      `${rest.length} other bytes`,
    );
  }
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
    numberAt(rest, field, 2)
  );
  const extraStart = entryBytes + nameLength;
  const end = extraStart + extraLength + commentLength;
  if (end > rest.length) {
    throw fault(
      action,
      `the entry at byte ${at} of its directory must end in it`,
      `${end - rest.length} bytes beyond`,
    );
  }
  const name = textOf(action, rest.subarray(entryBytes, extraStart));
  const extra = rest.subarray(extraStart, extraStart + extraLength);
  const [size, packedSize, offset] = wideNumbers(
    action,
    name,
    extra,
    [24, 20, 42].map((field) => numberAt(rest, field, 4)),
  );
  const method = numberAt(rest, 10, 2);
  checkMethod(action, name, method, numberAt(rest, 8, 2));
  const entry = {
    name,
    deflated: method === 8,
    size,
    packedSize,
    offset,
    crc: numberAt(rest, 16, 4),
  };
  checkSizes(action, entry);
  return { entry, end: at + end };
}

/** An extra field holds the numbers that do not fit 32 bits, in this order. */
function wideNumbers(
  action: string,
  name: string,
  extra: Uint8Array,
  numbers: readonly number[],
): number[] {
  let wide = new Uint8Array(0);
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + numberAt(extra, at + 2, 2);
    if (numberAt(extra, at, 2) === wideField) {
      wide = new Uint8Array(extra.subarray(at + 4, end));
    }
    at = end;
  }
  let at = 0;
  return numbers.map((number) => {
    if (number !== 2 ** 32 - 1) return number;
    const value = at + 8 <= wide.length ? numberAt(wide, at, 8) : Infinity;
    at += 8;
    if (!Number.isSafeInteger(value)) {
      throw fault(
        action,
        `entry ${quoted(name)} must have its sizes in 64 bits, below 2^53`,
        value,
      );
    }
    return value;
  });
}

function checkMethod(
  action: string,
  name: string,
  method: number,
  flags: number,
): void {
  if (flags & encryptedBit || method !== 0 && method !== 8) {
    throw fault(
      action,
      `entry ${quoted(name)} must be stored or deflated, method 0 or 8`,
      flags & encryptedBit ? "encrypted" : method,
    );
  }
}

function checkSizes(
  action: string,
  { name, deflated, size, packedSize }: Entry,
): void {
  const most = deflated ? packedSize * largestRatio : packedSize;
  if (size > most || !deflated && size !== packedSize) {
    throw fault(
      action,
      `entry ${quoted(name)} must have ${
        deflated ? "at most " : ""
      }${most} bytes, of ${packedSize} in the file`,
      size,
    );
  }
}

/** Entries that share bytes could inflate a small file to a huge size. */
function checkPlaces(
  action: string,
  entries: readonly Entry[],
  directory: number,
): void {
  entries.forEach(({ name, offset, packedSize }, index) => {
    const limit = entries[index + 1]?.offset ?? directory;
    const least = localHeaderBytes + name.length + packedSize;
    if (limit - offset < least) {
      throw fault(
        action,
        `entry ${
          quoted(name)
        } must have ${least} bytes and more before what follows it`,
        limit - offset,
      );
    }
  });
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

/** The number in some bytes, the lowest first; beyond 2^53 a nearby one. */
function numberAt(bytes: Uint8Array, at: number, size: number): number {
  let number = 0;
  for (let i = size - 1; i >= 0; i--) number = number * 256 + bytes[at + i];
  return number;
}
