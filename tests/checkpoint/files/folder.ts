/**
 * Tests that write files.
 *
 * @module
 */

import { sha256 } from "../../golden/golden.ts";

/**
 * Runs a test in a folder of its own.
 *
 * @param name The test's name.
 * @param test The test.
 */
export function inFolder(
  name: string,
  test: (folder: string) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await test(folder);
    } finally {
      await Deno.chmod(folder, 0o700);
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/**
 * Returns the names in a folder, sorted.
 *
 * @param folder The folder.
 */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/**
 * Returns the SHA-256 of each file in a folder, by name.
 *
 * @param folder The folder.
 */
export async function filesIn(
  folder: string,
): Promise<Record<string, string>> {
  const entries = namesIn(folder).map(async (name) => [
    name,
    await sha256(await Deno.readFile(`${folder}/${name}`)),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Whether the system tells which files a process has open. */
export const tellsOpenFiles: boolean = Deno.build.os === "linux";
if (!tellsOpenFiles) {
  console.log("NOT RUN: counts of open files, outside Linux");
}

/**
 * Returns how many files of a folder this process has open; 0 where the system
 * does not tell.
 *
 * @param folder The folder.
 */
export function openFilesIn(folder: string): number {
  if (!tellsOpenFiles) return 0;
  return namesIn("/proc/self/fd").filter((name) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith(folder);
    } catch {
      // The list's own entry is gone by now.
      return false;
    }
  }).length;
}
