/**
 * The end of a zip file, which says where its directory is.
 *
 * @module
 * @see PKWARE, APPNOTE.TXT 6.3.10, 4.3.14 to 4.3.16
 */

import { fault } from "../fault.ts";
import { type ByteSource, readExactly } from "../source.ts";
import { numberAt } from "./numbers.ts";

/** Where a directory is. */
export interface DirectoryPlace {
  /** Its first byte. */
  readonly offset: number;
  /** How many bytes it has. */
  readonly size: number;
  /** How many entries it has. */
  readonly count: number;
}

const endBytes = 22;
const endSignature = 0x06054b50;
const longestComment = 65_535;
const locatorBytes = 20;
const locatorSignature = 0x07064b50;
const wideEndBytes = 56;
const wideEndSignature = 0x06064b50;

/** The most bytes that a directory may have. */
const longestDirectory = 100_000_000;

/** The fewest bytes of an entry. */
const shortestEntry = 46;

/**
 * Returns where the directory of a zip file is.
 *
 * @param action What is being done, for the error's sentence.
 * @param source The file's bytes, by range.
 * @throws {SyntaxError} If there is no directory, or not within the file.
 */
export async function directoryEnd(
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
  if (count * shortestEntry > size) {
    throw fault(
      action,
      `its directory's ${count} entries must take ${
        count * shortestEntry
      } bytes or more`,
      size,
    );
  }
}
