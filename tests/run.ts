/**
 * `deno task test`: runs the tests of each folder in a process of its own, as many
 * at once as there are cores, and one closing line counts them all.
 *
 * In a process, files run one after another, so what a test sets for its process
 * (variables, the folder, libraries in C) meets no other. A test that measures
 * time says so on a line of its own, and then its file runs when all else is done:
 *
 * ```ts ignore
 * // Runs alone: it measures time.
 * ```
 *
 * Types and the examples in comments are checked while the tests run. With
 * arguments besides `--ignore`, as in `deno task test tests/nn`, this is `deno
 * test` with these.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";

/** A process that tests. */
export interface Batch {
  /** What it is called in the output: the folder. */
  readonly name: string;
  /** Its arguments for `deno test`. */
  readonly args: readonly string[];
}

/** How many tests of a process passed, failed and were left out. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

/** The runs: first those that may run in parallel, then the rest. */
export interface Plan {
  readonly together: readonly Batch[];
  readonly alone: readonly Batch[];
}

/** What takes longest goes first, so that no core waits at the end. */
const longest = [
  "tests/notebooks",
  "tests/kernels",
  "tests/checkpoint/inspection",
  "tests/parallel",
  "tests/checkpoint/materialize",
  "types",
  "examples",
];

const aloneMark = /^\/\/ Runs alone: /m;

/** The tests' types are checked by a process of its own. */
const flags = ["-A", "--doc", "--no-check"];

/** Which files `deno test` takes for tests. */
const testName = /(^|[_.])test\.[cm]?[jt]sx?$/;

/**
 * Returns what to run.
 *
 * @param tests The text of each file with tests, by its path.
 * @param ignored Files and folders that are left out.
 */
export function planOf(
  tests: Readonly<Record<string, string>>,
  ignored: readonly string[],
): Plan {
  const files = Object.keys(tests).sort();
  const [alone, together] = [true, false].map((isAlone) =>
    files.filter((file) => aloneMark.test(tests[file]) === isAlone)
  );
  const folders = Object.entries(Object.groupBy(together, folderOf))
    .map(([name, files = []]): Batch => ({ name, args: [...flags, ...files] }));
  const others: Batch[] = [
    { name: "types", args: ["--no-run", "--doc", ignoring(ignored)] },
    {
      name: "examples",
      args: [...flags, "--permit-no-files", ignoring([...ignored, ...files])],
    },
  ];
  return {
    together: [...folders, ...others].sort((a, b) => place(a) - place(b)),
    alone: alone.map((file) => ({ name: file, args: [...flags, file] })),
  };
}

/** The folder whose files share a process. */
function folderOf(file: string): string {
  return file.split("/").slice(0, -1).join("/");
}

function place({ name }: Batch): number {
  const place = longest.indexOf(name);
  return place === -1 ? longest.length : place;
}

function ignoring(paths: readonly string[]): string {
  return `--ignore=${paths.join(",")}`;
}

/**
 * Returns how many tests a process counted; a process that failed without a
 * failed test counts as one.
 *
 * @param output What it printed.
 * @param success Whether it said that all went well.
 */
export function countsOf(output: string, success: boolean): Counts {
  const lines = stripVTControlCharacters(output).split("\n");
  const last = lines.findLast((line) => /^(ok|FAILED) \| /.test(line)) ?? "";
  const [passed, failed, ignored] = ["passed", "failed", "ignored"].map((
    word,
  ) => Number(new RegExp(`\\| (\\d+) ${word}`).exec(last)?.[1] ?? 0));
  return { passed, failed: success ? failed : Math.max(failed, 1), ignored };
}

/**
 * Returns the text of each file with tests, by its path from the current folder.
 *
 * @param ignored Files and folders that are left out; hidden ones are, too.
 * @param folder Where to look, with a slash at its end. Default: everywhere.
 */
export function testsBelow(
  ignored: readonly string[],
  folder = "",
): Record<string, string> {
  const tests: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(folder || ".")) {
    const path = `${folder}${name}`;
    if (ignored.includes(path) || /^\.|^node_modules$/.test(name)) continue;
    if (isDirectory) Object.assign(tests, testsBelow(ignored, `${path}/`));
    else if (testName.test(name)) tests[path] = Deno.readTextFileSync(path);
  }
  return tests;
}

interface Result extends Counts {
  readonly name: string;
}

/** Runs a process, and prints what it printed when it has ended. */
async function run({ name, args }: Batch): Promise<Result> {
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", ...args],
    stdin: "null",
  }).output();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const output = new TextDecoder().decode(stdout);
  console.log(`=== ${name}: ${success ? "" : "FAILED after "}${seconds} s`);
  console.log(output.trim());
  // The file list of type checks is useful only with an error.
  if (!success) console.log(new TextDecoder().decode(stderr));
  return { name, ...countsOf(output, success) };
}

/** Runs processes, several at once, in their order. */
async function runAll(
  batches: readonly Batch[],
  atOnce: number,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = batches.values();
  const lane = async () => {
    for (const batch of waiting) results.push(await run(batch));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

async function main(ignored: readonly string[]): Promise<boolean> {
  const start = performance.now();
  const { together, alone } = planOf(testsBelow(ignored), ignored);
  // What is to be loaded is loaded once, and not by two at the same time.
  const loaded = await run({
    name: "loading",
    args: ["--no-run", "--no-check", "--doc", ignoring(ignored)],
  });
  const results = [
    loaded,
    ...await runAll(together, Math.min(4, navigator.hardwareConcurrency)),
    ...await runAll(alone, 1),
  ];
  const sum = (key: keyof Counts) =>
    results.reduce((sum, result) => sum + result[key], 0);
  const failed = results.filter((result) => result.failed > 0);
  if (failed.length > 0) {
    console.log(`FAILED: ${failed.map(({ name }) => name).join(", ")}`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const leftOut = sum("ignored") > 0 ? `, ${sum("ignored")} ignored` : "";
  console.log(
    `${sum("passed")} passed, ${sum("failed")} failed${leftOut} (${seconds} s)`,
  );
  return failed.length === 0;
}

if (import.meta.main) {
  Deno.chdir(new URL("../", import.meta.url));
  const option = Deno.args.find((argument) => argument.startsWith("--ignore="));
  const others = Deno.args.filter((argument) => argument !== option);
  if (others.length === 0) {
    const ignored = option?.slice("--ignore=".length).split(",") ?? [];
    Deno.exit(await main(ignored) ? 0 : 1);
  }
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--doc", ...Deno.args],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  Deno.exit(code);
}
