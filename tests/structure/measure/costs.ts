/**
 * What the house costs when it runs: files on a journey, time to import, bytes
 * of a bundle, seconds of tests.
 *
 * @module
 */

import type { Import } from "../imports.ts";
import { callsOf, type Executed, executed, type Script } from "./coverage.ts";
import { exportsOf, namespacesOf } from "./house.ts";

/** How long an import takes in fresh processes, in milliseconds. */
export interface ImportTime {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The size of a bundle, in bytes. */
export interface BundleSize {
  readonly raw: number;
  readonly gzip: number;
}

/** A run of all tests. */
export interface TestRun {
  readonly seconds: number;
  /** How many passed; failures are not counted. */
  readonly tests: number;
}

/** The journeys, in the order in which they are shown. */
export const journeyNames = ["fill", "plot", "inspect"] as const;

const child = new URL("journey.ts", import.meta.url).href;

/**
 * Returns what the three journeys execute: functions that are called at all, or
 * oftener than by the import and the preparation alone, and the files of `lib/`
 * that have such a function. A module whose top level runs because it is
 * imported, and nothing else of it, is no file on the way.
 *
 * - `fill`: `init.kaimingUniform(empty([64, 32])).data`, from a generator that
 *   was seeded before
 * - `plot`: `plot.weights(tensor)` and its display in Jupyter, for a tensor that
 *   was filled before
 * - `inspect`: `inspect(await openCheckpoint(path))`, for a safetensors file with
 *   that tensor
 *
 * @param root The checkout's root, with a slash at its end.
 */
export async function measureJourneys(
  root: URL,
): Promise<Record<string, Executed>> {
  const folder = await Deno.makeTempDir();
  try {
    await run(root, [child, root.href, "write", folder, "go"]);
    const results: Record<string, Executed> = {};
    for (const name of journeyNames) {
      const journey = [child, root.href, name, folder];
      const prepared = await coverage(root, `${folder}/${name}`, journey);
      const gone = await coverage(root, `${folder}/${name}-go`, [
        ...journey,
        "go",
      ]);
      results[name] = executed(
        callsOf(prepared, new URL("lib/", root)),
        callsOf(gone, new URL("lib/", root)),
      );
    }
    return results;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function coverage(
  root: URL,
  folder: string,
  args: readonly string[],
): Promise<Script[]> {
  await run(root, [`--coverage=${folder}`, ...args]);
  return [...Deno.readDirSync(folder)].filter(({ name }) =>
    name.endsWith(".json")
  ).map(({ name }) => JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)));
}

/**
 * Returns how long the import of a file takes, after one run that fills Deno's
 * caches.
 *
 * @param root The checkout's root, with a slash at its end.
 * @param file The file, as a path from the root.
 * @param processes How many processes import it, one after another.
 */
export async function measureImport(
  root: URL,
  file: string,
  processes: number,
): Promise<ImportTime> {
  const times: number[] = [];
  for (let i = -1; i < processes; i++) {
    const time = Number(await run(root, [child, root.href, "import", file]));
    if (i >= 0) times.push(time);
  }
  times.sort((a, b) => a - b);
  return {
    median: (times[(processes - 1) >> 1] + times[processes >> 1]) / 2,
    min: times[0],
    max: times[processes - 1],
  };
}

/**
 * Returns the file of the initializers: of the entry `./init`, or where there is
 * none, of the namespace `init`.
 *
 * @param root The checkout's root, with a slash at its end.
 */
export function initFile(root: URL): string {
  return exportsOf(root)["./init"] ?? namespacesOf(root, "mod.ts").get("init")!;
}

/**
 * Returns how many modules load with a file; what is imported for its types
 * alone, or by `import()`, does not.
 *
 * @param imports All imports of the checkout.
 * @param file The file, as a path from the root.
 */
export function countLoaded(imports: readonly Import[], file: string): number {
  const loaded = new Set([file]);
  for (const module of loaded) {
    for (const { from, to, kind } of imports) {
      if (from === module && kind === "static") loaded.add(to);
    }
  }
  return loaded.size;
}

/**
 * Returns the size of `mod.ts` as one file, not minified.
 *
 * @param root The checkout's root, with a slash at its end.
 * @param packages What becomes of packages, such as plotly.js: `bundle` takes
 * them in, `external` leaves them out.
 */
export async function measureBundle(
  root: URL,
  packages: "bundle" | "external",
): Promise<BundleSize> {
  const path = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await deno(root, [
      "bundle",
      "--quiet",
      "--no-lock",
      "--platform=browser",
      ...packages === "external" ? ["--external", "npm:*"] : [],
      `--output=${path}`,
      "mod.ts",
    ]);
    const bytes = await Deno.readFile(path);
    const gzip = new Blob([bytes]).stream()
      .pipeThrough(new CompressionStream("gzip"));
    return {
      raw: bytes.length,
      gzip: (await new Response(gzip).bytes()).length,
    };
  } finally {
    await Deno.remove(path);
  }
}

/**
 * Runs `deno task test` of a checkout.
 *
 * @param root The checkout's root, with a slash at its end.
 * @throws {Error} If a test fails.
 */
export async function measureTests(root: URL): Promise<TestRun> {
  const start = performance.now();
  const output = await deno(root, ["task", "test"]);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, tests: testsIn(output) };
}

/**
 * Returns how many tests passed: the last count that a run printed.
 *
 * @param output What the run printed.
 * @throws {Error} If no count is in it.
 */
export function testsIn(output: string): number {
  const last = [...output.matchAll(/\b(\d+) passed\b/g)].at(-1);
  if (last === undefined) throw new Error("The tests printed no count");
  return Number(last[1]);
}

/** Runs a module with the settings of a checkout, and returns what it prints. */
function run(root: URL, args: readonly string[]): Promise<string> {
  return deno(root, [
    "run",
    "-A",
    "--no-lock",
    "--config=deno.json",
    ...args,
  ]);
}

async function deno(root: URL, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(
    `deno ${args[0]} failed: ${decoder.decode(stderr)}${
      decoder.decode(stdout).slice(-2000)
    }`,
  );
}
