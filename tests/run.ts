/**
 * `deno task test`: runs the tests of each folder in a process of its own, as many
 * at once as there are cores, and one closing line counts them all.
 *
 * The files of a folder are loaded one after another by one module, since each
 * module that is tested starts fanin anew; so are the examples in comments. A file
 * with hooks (`Deno.test.beforeAll`) stays a module of its own, for hooks hold for
 * all tests of a module. A test that measures time says so on a line of its own,
 * and then its file runs when all else is done:
 *
 * ```ts ignore
 * // Runs alone: it measures time.
 * ```
 *
 * Types are checked while the tests run. With arguments besides `--ignore`, as in
 * `deno task test tests/nn`, this is `deno test` with these.
 *
 * @module
 */

import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { examplesOf } from "./examples.ts";

/** A process that tests. */
export interface Batch {
  /** What it is called in the output: the folder. */
  readonly name: string;
  /** Its arguments for `deno test`. */
  readonly args: readonly string[];
  /** The modules that are written for it, by name; `test.ts` is tested. */
  readonly modules?: Readonly<Record<string, string>>;
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
  "tests/checkpoint/materialize",
  "tests/parallel",
  "types",
  "tests/notebook",
  "tests/structure",
  "tests/cli",
];

const root = new URL("../", import.meta.url);

const aloneMark = /^\/\/ Runs alone: /m;
const hook = /^Deno\.test\.(?:before|after)/m;

/** Types are checked by a process of its own. */
const flags = ["-A", "--no-check"];

/** Which files are read. */
const codeName = /\.(?:[cm]?[jt]sx?|md)$/;
/** Which of them `deno test` takes for tests. */
const testName = /(^|[/_.])test\.[cm]?[jt]sx?$/;

/**
 * Returns what to run.
 *
 * @param files The text of each file, by its path.
 * @param ignored Files and folders that are left out.
 */
export function planOf(
  files: Readonly<Record<string, string>>,
  ignored: readonly string[],
): Plan {
  const tests = Object.keys(files).filter((file) => testName.test(file)).sort();
  const [alone, together] = [true, false].map((isAlone) =>
    tests.filter((file) => aloneMark.test(files[file]) === isAlone)
  );
  const folders = Object.entries(Object.groupBy(together, dirname))
    .map(([name, inFolder = []]): Batch => {
      const [own, joined] = [true, false].map((isOwn) =>
        inFolder.filter((file) => hook.test(files[file]) === isOwn)
      );
      const args = [...flags, ...own];
      if (joined.length === 0) return { name, args };
      return {
        name,
        args,
        modules: { "test.ts": joined.map(loading).join("") },
      };
    });
  const types = ["--no-run", "--doc", ignoring(ignored)];
  const others = [{ name: "types", args: types }, examplesIn(files)];
  return {
    together: [...folders, ...others].sort((a, b) => place(a) - place(b)),
    alone: alone.map((file) => ({ name: file, args: [...flags, file] })),
  };
}

/** The code that loads a file and waits for it. */
function loading(file: string): string {
  return `await import("${new URL(file, root)}");\n`;
}

/** Each example is a module that a test loads. */
function examplesIn(files: Readonly<Record<string, string>>): Batch {
  const examples = Object.keys(files).sort()
    .flatMap((file) => examplesOf(file, files[file], root));
  const tests = examples.map(({ name }, index) =>
    `Deno.test("${name}", async () => void await import("./${index}.ts"));\n`
  );
  const modules = Object.fromEntries(
    examples.map(({ code }, index) => [`${index}.ts`, code]),
  );
  return {
    name: "examples",
    args: flags,
    modules: { ...modules, "test.ts": tests.join("") },
  };
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
 * Returns the text of each file of code and document, by its path from the
 * current folder.
 *
 * @param ignored Files and folders that are left out; hidden ones are, too.
 * @param folder Where to look, with a slash at its end. Default: everywhere.
 */
export function filesBelow(
  ignored: readonly string[],
  folder = "",
): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(folder || ".")) {
    const path = `${folder}${name}`;
    if (ignored.includes(path) || /^\.|^node_modules$/.test(name)) continue;
    if (isDirectory) Object.assign(files, filesBelow(ignored, `${path}/`));
    else if (codeName.test(name)) files[path] = Deno.readTextFileSync(path);
  }
  return files;
}

interface Result extends Counts {
  readonly name: string;
}

/** Runs a process, and prints what it printed when it has ended. */
async function run({ name, args, modules }: Batch): Promise<Result> {
  const start = performance.now();
  const folder = await Deno.makeTempDir({ prefix: "fanin_tests_" });
  for (const [file, code] of Object.entries(modules ?? {})) {
    await Deno.writeTextFile(`${folder}/${file}`, code);
  }
  const written = modules === undefined ? [] : [`${folder}/test.ts`];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", ...args, ...written],
    stdin: "null",
  }).output();
  await Deno.remove(folder, { recursive: true });
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
  const { together, alone } = planOf(filesBelow(ignored), ignored);
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
