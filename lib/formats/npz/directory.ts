/**
 * The directory of a zip file: which entries it has, and where.
 *
 * Sizes are those of the directory at the file's end; NumPy's local headers may
 * lack them. Checked here, before anything is read or allocated: entries lie in
 * the file and apart from each other, none claims more than deflating can give.
 *
 * @module
 * @see PKWARE, APPNOTE.TXT 6.3.10, 4.3
 */

import { fault, quoted } from "../fault.ts";
import { textOf } from "../json.ts";
import { type ByteSource, readExactly } from "../source.ts";
import { directoryEnd } from "./directory_end.ts";
import { numberAt } from "./numbers.ts";

/** A file in a zip file. */
export interface Entry {
  /** Its name. */
  readonly name: string;
  /** Whether its bytes are deflated. */
  readonly deflated: boolean;
  /** How many bytes it has in the zip file. */
  readonly packedSize: number;
  /** How many bytes it has by itself. */
  readonly size: number;
  /** The checksum of its bytes. */
  readonly crc: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** The most that a deflated byte gives: 258 bytes of two codes of a bit each. */
const largestRatio = 1032;

/** Bytes of an entry's local header, without name and extra fields. */
export const localHeaderBytes = 30;

const entryBytes = 46;
const entrySignature = 0x02014b50;
const wideField = 0x0001;
const encryptedBit = 1;

/**
 * Returns the entries of a zip file, in the order of their bytes.
 *
 * @param action What is being done, for the error's sentence.
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

/** Numbers that do not fit 32 bits stand in an extra field, in this order. */
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

/** Entries that share bytes would make a small file a large one. */
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
