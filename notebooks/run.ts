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

import { dirname, join } from "node:path";
import { installCheckpoints } from "./checkpoints.ts";
import { writeAtomically } from "./runner/atomic.ts";
import { firstDifference } from "./runner/compare.ts";
import { keepOneLibrary } from "./runner/library.ts";
import { machineFolders, machinePaths } from "./runner/machine.ts";
import { missingCells, needsCheckpoints } from "./runner/missing.ts";
import { formatNotebook, readNotebook } from "./runner/notebook.ts";
import { renderPage } from "./runner/page.ts";
import { picturesIn } from "./runner/pictures.ts";
import { Progress } from "./runner/progress.ts";
import { runNotebook, type RunResult } from "./runner/run_notebook.ts";
import {
  HELP,
  readSettings,
  type Settings,
  type Task,
} from "./runner/settings.ts";

export { startKernel } from "./runner/start_kernel.ts";
export { runNotebook } from "./runner/run_notebook.ts";

/**
 * Runs the command and returns its exit code.
 *
 * @param args The command's arguments, as in `Deno.args`.
 */
export async function main(args: readonly string[]): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = readSettings(args, import.meta.dirname ?? "notebooks");
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

/** Runs notebook after notebook, says which pages there are, and returns the exit code. */
async function runAll(
  settings: Settings,
  signal: AbortSignal,
): Promise<number> {
  const pages: string[] = [];
  let code = 0;
  for (const task of settings.tasks) {
    try {
      const { page, isWell } = await runOne(task, settings, signal);
      pages.push(page);
      if (!isWell) code = 1;
    } catch (error) {
      if (signal.aborted) return 130;
      console.error(
        `${task.file}: ${error instanceof Error ? error.message : error}`,
      );
      code = 1;
    }
  }
  if (pages.length > 0) {
    console.log(["Open in a browser:", ...pages].join("\n  "));
  }
  return code;
}

/** Runs a notebook, shows its progress and problems, and writes what it gave. */
async function runOne(
  task: Task,
  settings: Settings,
  signal: AbortSignal,
): Promise<{ page: string; isWell: boolean }> {
  signal.throwIfAborted();
  const { file, name } = task;
  const areInstalled = await provideCheckpoints(file, signal);
  await Deno.mkdir(dirname(join(settings.out, name)), { recursive: true });
  const progress = new Progress(name);
  const onCell = (place: number, count: number) => progress.cell(place, count);
  try {
    const { cellTimeout } = settings;
    const result = await runNotebook(file, { signal, onCell, cellTimeout });
    const problems = findProblems(result, settings, areInstalled);
    const isWell = problems.length === 0;
    const page = await save(task, result, settings, isWell);
    progress.end(isWell ? "done" : "failed");
    for (const problem of problems) console.error(problem);
    sayMissing(result);
    return { page, isWell };
  } catch (error) {
    progress.end(signal.aborted ? "interrupted" : "failed");
    throw error;
  }
}

/**
 * Installs the checkpoints that a notebook inspects; returns whether all are
 * installed.
 */
async function provideCheckpoints(
  file: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (!needsCheckpoints(await readNotebook(file))) return false;
  const outcomes = await installCheckpoints(undefined, signal);
  return outcomes.every(({ missing }) => missing === undefined);
}

/** Returns, in words, why a run is not as it should be. */
function findProblems(
  { failure, notebook, before }: RunResult,
  { check, write }: Settings,
  areInstalled: boolean,
): string[] {
  if (failure) {
    const { ename, evalue, traceback } = failure.error;
    return [
      `Cell ${failure.cell} failed: ${
        traceback.join("\n  ") || `${ename}: ${evalue}`
      }`,
    ];
  }
  const missing = missingCells(notebook);
  const problems = areInstalled && missing.length > 0
    ? [`Cells ${missing} do not find what is installed`]
    : [];
  if (!check && !write) return problems;
  for (const { cell, path } of machinePaths(notebook, machineFolders())) {
    problems.push(
      `Cell ${cell}: its outputs name a path of this machine, ${path}`,
    );
  }
  if (write && missing.length > 0) {
    problems.push(
      "Not written: a checkpoint is missing, and cells say so",
    );
  }
  const difference = check
    ? firstDifference(keepOneLibrary(before), notebook, missing)
    : undefined;
  if (difference) {
    const { cell, where, committed, fresh } = difference;
    problems.push(
      `Cell ${cell} differs in ${where}:\n  in the file: ${committed}\n  now:         ${fresh}`,
    );
  }
  return problems;
}

/** Reports cells that could not show their checkpoint. */
function sayMissing({ notebook }: RunResult): void {
  const cells = missingCells(notebook).join(", ");
  if (cells === "") return;
  console.error(`NOT RUN: cells ${cells}: their checkpoint is not installed`);
}

/** Writes the executed notebook and its page, and returns the page's path. */
async function save(
  { file, name }: Task,
  { notebook, before }: RunResult,
  { out, write }: Settings,
  isWell: boolean,
): Promise<string> {
  const text = formatNotebook(notebook);
  const page = join(out, `${name}.html`);
  const picture = picturesIn(dirname(file), (path) => {
    console.error(
      `${file}: not in the page: ${path}, no picture in the notebook's folder`,
    );
  });
  await writeAtomically(join(out, `${name}.ipynb`), text);
  await writeAtomically(page, renderPage(notebook, { name, picture }));
  // Another machine deflates to other bytes; that alone is no reason to write.
  if (write && isWell && firstDifference(keepOneLibrary(before), notebook)) {
    await writeAtomically(file, text);
  }
  return page;
}

/** Moves to the folder from which `deno task` was called: it starts in the project's. */
function moveToCaller(): void {
  const caller = Deno.env.get("INIT_CWD");
  const project = join(import.meta.dirname ?? "", "..");
  if (caller !== undefined && Deno.cwd() === project) Deno.chdir(caller);
}

if (import.meta.main) {
  moveToCaller();
  Deno.exit(await main(Deno.args));
}
