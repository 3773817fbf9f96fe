/**
 * Folders in which a notebook finds fanin as it does in `notebooks/`.
 *
 * @module
 */

import { dirname, join } from "node:path";

/** What notebooks import, as paths from the project's root. */
const modules: readonly string[] = [
  "mod.ts",
  "lib/checkpoint/open.ts",
  "lib/checkpoint/mod.ts",
  "notebooks/checkpoints/installed.ts",
];

/**
 * Writes into a folder the modules that notebooks import: each exports what the
 * project's own does.
 *
 * @param folder Stands for the project's root; notebooks go into `notebooks/`.
 */
export async function mirrorModules(folder: string): Promise<void> {
  for (const path of modules) {
    const source = new URL(`../../${path}`, import.meta.url).href;
    const file = join(folder, path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, `export * from "${source}";\n`);
  }
}
