/**
 * Folders: making them, and what is in them.
 *
 * @module
 */

import { explained } from "./errors.ts";

/**
 * Returns the names in a folder, sorted; makes it first if it is missing.
 *
 * @param action What is being done, for the error's sentence.
 * @param folder The folder.
 * @throws Errors of the system.
 */
export function namesIn(action: string, folder: string): Promise<string[]> {
  return explained(action, async () => {
    await Deno.mkdir(folder, { recursive: true });
    const names = await Array.fromAsync(
      Deno.readDir(folder),
      ({ name }) => name,
    );
    return names.sort();
  });
}

/**
 * Removes a file, if it is there.
 *
 * @param path The file.
 * @throws Errors of the system with the path in their message.
 */
export async function removeFile(path: string): Promise<void> {
  await explained(`remove ${JSON.stringify(path)}`, () => Deno.remove(path))
    .catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
}
