/**
 * Files as sources that are read by range.
 *
 * @module
 */

import type { ByteSource } from "../formats/source.ts";
import { explained } from "./errors.ts";

/** A file that is open, to be closed after use. */
export interface FileSource extends ByteSource, Disposable {
  /** Closes the file. */
  close(): void;
}

/**
 * Opens a file to read it by range.
 *
 * @param path The file.
 * @throws {TypeError} If it is a folder, or no file that has a size.
 * @throws {Deno.errors.NotFound} If it does not exist; other errors of the
 * system likewise, with the path in their message.
 *
 * @example
 * ```ts
 * import { openFile } from "./source.ts";
 * import { assertEquals } from "@std/assert";
 *
 * using file = await openFile(new URL(import.meta.url).pathname.split("$")[0]);
 * const bytes = await file.read(0, 3);
 * assertEquals(new TextDecoder().decode(bytes), "/**");
 * ```
 */
export async function openFile(path: string): Promise<FileSource> {
  const action = `read ${JSON.stringify(path)}`;
  const file = await explained(action, () => Deno.open(path));
  try {
    const { isFile, isDirectory, size } = await file.stat();
    if (!isFile) {
      throw new TypeError(
        `Cannot ${action} as it must be a file: current value is ${
          isDirectory ? "a folder" : "a device or pipe"
        }`,
      );
    }
    return fileSource(action, file, size);
  } catch (error) {
    file.close();
    throw error;
  }
}

function fileSource(
  action: string,
  file: Deno.FsFile,
  size: number,
): FileSource {
  let last: Promise<unknown> = Promise.resolve();
  const close = () => file.close();
  return {
    size,
    read(offset, length) {
      // The file has one place: a read waits for the one before it.
      const next = last.then(() =>
        explained(action, () => readAt(file, offset, length))
      );
      last = next.catch(() => {});
      return next;
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** Returns fewer bytes where the file ends. */
async function readAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await file.seek(offset, Deno.SeekMode.Start);
  let end = 0;
  while (end < length) {
    const count = await file.read(bytes.subarray(end));
    if (count === null) break;
    end += count;
  }
  return bytes.subarray(0, end);
}
