/**
 * Runs notebooks on Deno's own Jupyter kernel, without Python, and makes a page of each.
 *
 * ```sh
 * deno run -A notebooks/run.ts                # all notebooks; executed files and pages go to out/
 * deno run -A notebooks/run.ts --check        # do the outputs in the files still hold?
 * deno run -A notebooks/run.ts --write 01.ipynb
 * ```
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { basename, dirname, join } from "node:path";
import { writeAtomically } from "./runner/atomic.ts";
import { firstDifference } from "./runner/compare.ts";
import { keepOneLibrary } from "./runner/library.ts";
import { machineFolders, machinePaths } from "./runner/machine.ts";
import { formatNotebook } from "./runner/notebook.ts";
import { renderPage } from "./runner/page.ts";
import { picturesIn } from "./runner/pictures.ts";
import { Progress } from "./runner/progress.ts";
import { runNotebook, type RunResult } from "./runner/run_notebook.ts";

export { startKernel } from "./runner/kernel.ts";
export { runNotebook } from "./runner/run_notebook.ts";

const HELP = `Runs notebooks on Deno's Jupyter kernel and makes a page of each.

Usage: deno run -A notebooks/run.ts [options] [files...]

Without files, all notebooks beside run.ts run, in order.

  --out <folder>       where executed notebooks and pages go (default: out)
  --write              also write the outputs into the notebooks themselves
  --check              fail if the outputs differ from those in the notebooks
  --timeout <seconds>  limit for each cell (default: 600)
  --help               this text

Exit codes: 0 all well, 1 a cell failed or outputs differ, 2 wrong usage, 130 interrupted.
`;

interface Settings {
  readonly files: readonly string[];
  readonly out: string;
  readonly write: boolean;
  readonly check: boolean;
  readonly cellTimeout: number;
}

/**
 * Runs the command and returns its exit code.
 *
 * @param args The command's arguments, as in `Deno.args`.
 */
export async function main(args: readonly string[]): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = readSettings(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (settings === undefined) {
    console.log(HELP);
    return 0;
  }
  const interruption = new AbortController();
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  const interrupt = () => interruption.abort(new Error("interrupted"));
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    return await runAll(settings, interruption.signal);
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}

/** Returns what the arguments ask for, or `undefined` for the help text. */
function readSettings(args: readonly string[]): Settings | undefined {
  const { _, help, out, write, check, timeout } = parseArgs([...args], {
    boolean: ["check", "help", "write"],
    string: ["out", "timeout"],
    default: { out: "out", timeout: "600" },
    unknown(arg) {
      if (arg.startsWith("-")) throw new RangeError(`Unknown option ${arg}`);
    },
  });
  if (help) return;
  if (check && write) {
    throw new RangeError("--check and --write exclude each other");
  }
  const seconds = Number(timeout);
  if (!(seconds > 0)) {
    throw new RangeError(
      `Cannot use --timeout as it must be above 0: current value is ${timeout}`,
    );
  }
  const files = _.length > 0 ? _.map(String) : ownNotebooks();
  return { files, out, write, check, cellTimeout: seconds * 1000 };
}

function ownNotebooks(): string[] {
  const folder = import.meta.dirname ?? "notebooks";
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  return names.filter((name) => name.endsWith(".ipynb")).sort().map((name) =>
    join(folder, name)
  );
}

async function runAll(
  settings: Settings,
  signal: AbortSignal,
): Promise<number> {
  const pages: string[] = [];
  let isWell = true;
  await Deno.mkdir(settings.out, { recursive: true });
  for (const file of settings.files) {
    const name = basename(file, ".ipynb");
    const progress = new Progress(name);
    try {
      const onCell = (place: number, count: number) =>
        progress.cell(place, count);
      const result = await runNotebook(file, {
        signal,
        onCell,
        cellTimeout: settings.cellTimeout,
      });
      const problems = findProblems(result, settings);
      progress.end(problems.length === 0 ? "done" : "failed");
      for (const problem of problems) console.error(problem);
      isWell &&= problems.length === 0;
      pages.push(await save(file, result, settings, problems.length === 0));
    } catch (error) {
      progress.end(signal.aborted ? "interrupted" : "failed");
      if (signal.aborted) return 130;
      console.error(
        `${file}: ${error instanceof Error ? error.message : error}`,
      );
      isWell = false;
    }
  }
  if (pages.length > 0) {
    console.log(
      `Open in a browser:\n${pages.map((page) => `  ${page}`).join("\n")}`,
    );
  }
  return isWell ? 0 : 1;
}

/** Returns, in words, why a run is not as it should be. */
function findProblems(
  { failure, notebook, before }: RunResult,
  { check, write }: Settings,
): string[] {
  if (failure) {
    const { ename, evalue, traceback } = failure.error;
    return [
      `Cell ${failure.cell} failed: ${
        traceback.join("\n  ") || `${ename}: ${evalue}`
      }`,
    ];
  }
  const problems: string[] = [];
  if (!check && !write) return problems;
  for (const { cell, path } of machinePaths(notebook, machineFolders())) {
    problems.push(
      `Cell ${cell}: its outputs name a path of this machine, ${path}`,
    );
  }
  const difference = check
    ? firstDifference(keepOneLibrary(before), notebook)
    : undefined;
  if (difference) {
    const { cell, where, committed, fresh } = difference;
    problems.push(
      `Cell ${cell} differs in ${where}:\n  in the file: ${committed}\n  now:         ${fresh}`,
    );
  }
  return problems;
}

/** Writes the executed notebook and its page, and returns the page's path. */
async function save(
  file: string,
  { notebook }: RunResult,
  { out, write }: Settings,
  isWell: boolean,
): Promise<string> {
  const name = basename(file, ".ipynb");
  const text = formatNotebook(notebook);
  const page = join(out, `${name}.html`);
  await writeAtomically(join(out, `${name}.ipynb`), text);
  await writeAtomically(
    page,
    renderPage(notebook, { name, picture: picturesIn(dirname(file)) }),
  );
  if (write && isWell) await writeAtomically(file, text);
  return page;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
