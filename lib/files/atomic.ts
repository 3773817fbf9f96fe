/**
 * Writing files so that they are there as a whole or not at all.
 *
 * @module
 */

import { explained } from "./errors.ts";
import { Flusher } from "./flush.ts";

/** A file that is being written. */
export interface FileSink {
  /**
   * Writes bytes. The system does it while the caller goes on; they must stay as
   * they are, and nothing else be written, until it has.
   *
   * @param offset Where in the file.
   * @param bytes The bytes.
   */
  write(offset: number, bytes: Uint8Array): Promise<void>;
}

/**
 * Writes a file: first another one beside it, which then takes its name. If
 * anything fails, the old file stays, or none, and the other one is removed;
 * if the process is killed, it stays as `.NAME.….partial`.
 *
 * @param path The file; what was there is replaced.
 * @param write Writes the contents, in any order of places.
 * @throws {TypeError} If the path is a folder's.
 * @throws What `write` throws; errors of the system with the path in their
 * message.
 *
 * @example
 * ```ts
 * import { writeAtomically } from "./atomic.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/hello.txt`;
 * await writeAtomically(path, async (file) => {
 *   await file.write(3, new TextEncoder().encode("lo"));
 *   await file.write(0, new TextEncoder().encode("hel"));
 * });
 * assertEquals(await Deno.readTextFile(path), "hello");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeAtomically(
  path: string,
  write: (file: FileSink) => Promise<void>,
): Promise<void> {
  const action = `write ${JSON.stringify(path)}`;
  await checkTarget(action, path);
  const partial = besideOf(path);
  const file = await explained(
    action,
    () => Deno.open(partial, { write: true, createNew: true }),
  );
  try {
    const flusher = new Flusher(partial);
    try {
      await write(sinkOf(action, file, flusher));
      await explained(action, () => file.sync());
    } finally {
      file.close();
      await flusher.close();
    }
    await explained(action, () => Deno.rename(partial, path));
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}

/**
 * Removes what killed processes left beside a file that they were writing. Only
 * for a file that no other process is writing now: its work would be lost.
 *
 * @param path The file.
 * @throws Errors of the system with the path in their message.
 *
 * @example
 * ```ts
 * import { removePartials } from "./atomic.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const left = `.a.${crypto.randomUUID()}.partial`;
 * await Deno.writeTextFile(`${folder}/${left}`, "half");
 * await removePartials(`${folder}/a`);
 * assertEquals([...Deno.readDirSync(folder)], []);
 * await Deno.remove(folder);
 * ```
 */
export async function removePartials(path: string): Promise<void> {
  const { folder, name } = partsOf(path);
  await explained(`clear what is beside ${JSON.stringify(path)}`, async () => {
    for await (const entry of Deno.readDir(folder === "" ? "." : folder)) {
      const isLeft = entry.name.startsWith(`.${name}.`) &&
        /^[0-9a-f-]{36}\.partial$/.test(entry.name.slice(name.length + 2));
      if (isLeft) await Deno.remove(folder + entry.name);
    }
  });
}

/** Before hours of work, not after them. */
async function checkTarget(action: string, path: string): Promise<void> {
  const isFolder = /[/\\]$/.test(path) || path === "" ||
    await Deno.stat(path).then((info) => info.isDirectory, () => false);
  if (isFolder) {
    throw new TypeError(
      `Cannot ${action} as it must be a file's path: current value is a folder's`,
    );
  }
}

/** In the same folder, so that renaming does not copy. */
function besideOf(path: string): string {
  const { folder, name } = partsOf(path);
  return `${folder}.${name}.${crypto.randomUUID()}.partial`;
}

function partsOf(path: string): { folder: string; name: string } {
  const [, folder = "", name] = /^(.*[/\\])?([^/\\]*)$/s.exec(path)!;
  return { folder, name };
}

function sinkOf(
  action: string,
  file: Deno.FsFile,
  flusher: Flusher,
): FileSink {
  return {
    write: (offset, bytes) =>
      explained(action, async () => {
        // At once, so that the system begins to write before this returns.
        file.seekSync(offset, Deno.SeekMode.Start);
        let end = 0;
        while (end < bytes.length) {
          end += await file.write(bytes.subarray(end));
        }
        flusher.add(bytes.length);
      }),
  };
}
