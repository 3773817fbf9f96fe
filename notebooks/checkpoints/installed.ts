/**
 * Finds installed checkpoints, and checks their bytes.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { catalog, type Trained } from "./catalog.ts";

/** Where checkpoints are installed: `.checkpoints/` in the project. */
export const home: string = join(
  import.meta.dirname!,
  "..",
  "..",
  ".checkpoints",
);

/** The beginning of the text shown in place of a missing checkpoint. */
export const notInstalled = "NOT INSTALLED:";

/**
 * Returns the folder of a checkpoint that is installed; undefined where it is
 * not. It looks at the sizes of the files: the hashes were checked when they
 * were installed.
 *
 * @param name The checkpoint's name, such as `all-MiniLM-L6-v2`.
 * @param folder Where checkpoints are installed.
 * @throws {RangeError} If there is no such checkpoint in the catalog.
 */
export async function installed(
  name: string,
  folder: string = home,
): Promise<string | undefined> {
  const trained = catalog.find((one) => one.name === name);
  if (trained === undefined) {
    throw new RangeError(
      `Cannot look for a checkpoint: its name must be one of ${
        catalog.map((one) => one.name).join(", ")
      }, got ${name}`,
    );
  }
  const place = join(folder, name);
  for (const { path, size } of trained.files) {
    const found = await Deno.stat(join(place, path)).catch(() => undefined);
    if (found?.size !== size) return undefined;
  }
  return place;
}

/**
 * Checks the bytes of a checkpoint's files.
 *
 * @param trained The checkpoint.
 * @param folder Where its files are.
 * @throws {Error} If a file is missing or has another SHA-256 than it must.
 */
export async function checkFiles(
  trained: Trained,
  folder: string,
): Promise<void> {
  for (const { path, sha256 } of trained.files) {
    const found = await hashOf(join(folder, path));
    if (found !== sha256) {
      throw new Error(
        `Cannot take ${path}: its SHA-256 must be ${sha256}, got ${found}`,
      );
    }
  }
}

/** Returns the SHA-256 of a file, read in parts; `no file` where there is none. */
async function hashOf(path: string): Promise<string> {
  try {
    const file = await Deno.open(path);
    const hash = createHash("sha256");
    for await (const part of file.readable) hash.update(part);
    return hash.digest("hex");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "no file";
    throw error;
  }
}
