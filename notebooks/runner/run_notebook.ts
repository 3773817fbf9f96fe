/**
 * One notebook, run from its first cell to its last on a fresh kernel.
 *
 * @module
 */

import { dirname } from "node:path";
import type { Kernel } from "./kernel.ts";
import { keepOneLibrary } from "./library.ts";
import { type Cell, type Notebook, readNotebook } from "./notebook.ts";
import { startKernel } from "./start_kernel.ts";
import { type ErrorOutput, type Output, Outputs } from "./outputs.ts";
import { describeFailure } from "./syntax.ts";

/** How a notebook is run. */
export interface RunOptions {
  /** Milliseconds for each cell; 600,000 by default. */
  readonly cellTimeout?: number;
  /** Milliseconds until the kernel must have answered; 30,000 by default. */
  readonly startTimeout?: number;
  /** Ends the run and the kernel when aborted. */
  readonly signal?: AbortSignal;
  /** Called before each cell that is executed, with its place among them (from 1) and their number. */
  readonly onCell?: (place: number, count: number) => void;
}

/** The result of a run. */
export interface RunResult {
  /** The notebook with its outputs; after a failure, the cells that did not run have none. */
  readonly notebook: Notebook;
  /** The notebook as it was in the file. */
  readonly before: Notebook;
  /** The cell that failed, by its number from 1 among all cells, and its error. */
  readonly failure?: { readonly cell: number; readonly error: ErrorOutput };
}

const CELL_TIMEOUT = 600_000;
/** The tag by which nbformat marks a cell that may fail. */
const MAY_FAIL = "raises-exception";

/**
 * Runs a notebook and returns it with its outputs; its file stays as it is.
 *
 * A cell fails if it has an error among its outputs, or the kernel's reply says so. The run ends there, unless the
 * cell has the tag `raises-exception`.
 *
 * @param path The notebook's file; the kernel runs in its folder.
 * @param options Time limits, signal and progress.
 * @throws {SyntaxError} If the file is no notebook.
 * @throws {Error} If the kernel does not start, ends, or a cell is not done in time.
 */
export async function runNotebook(
  path: string,
  options: RunOptions = {},
): Promise<RunResult> {
  const before = await readNotebook(path);
  await using kernel = await startKernel({ ...options, cwd: dirname(path) });
  const outputs = new Outputs();
  const counts = new Map<number, number>();
  const hasFailed = (index: number) =>
    !mayFail(before.cells[index]) && errorOf(outputs, index) !== undefined;
  const runnable = before.cells.flatMap((cell, index) =>
    isRunnable(cell) ? [index] : []
  );
  for (const index of runnable) {
    counts.set(index, counts.size + 1);
    options.onCell?.(counts.size, runnable.length);
    await runCell(
      kernel,
      outputs,
      index,
      before.cells[index].source,
      options.cellTimeout,
    );
    if (hasFailed(index)) break;
  }
  const [failure] = runnable.filter(hasFailed).map((index) => ({
    cell: index + 1,
    error: errorOf(outputs, index)!,
  }));
  const cells = before.cells.map((cell, index) =>
    finished(cell, outputs.of(index), counts.get(index))
  );
  return { notebook: keepOneLibrary({ ...before, cells }), before, failure };
}

async function runCell(
  kernel: Kernel,
  outputs: Outputs,
  index: number,
  source: string,
  timeout = CELL_TIMEOUT,
): Promise<void> {
  try {
    const reply = await kernel.execute(source, {
      timeout,
      onMessage: (message) => outputs.add(index, message),
    });
    if (reply.status === "ok" || errorOf(outputs, index) !== undefined) return;
    outputs.add(index, {
      type: "error",
      content: await describeFailure(source, reply),
    });
  } catch (error) {
    throw new Error(
      `Cell ${index + 1}: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}

function errorOf(outputs: Outputs, index: number): ErrorOutput | undefined {
  return outputs.of(index).find((output) => output.output_type === "error");
}

function finished(
  cell: Cell,
  outputs: readonly Output[],
  count: number | undefined,
): Cell {
  if (cell.cell_type !== "code") return cell;
  const kept = mayFail(cell) ? outputs.map(withoutFiles) : outputs;
  return { ...cell, outputs: kept, execution_count: count ?? null };
}

/** Returns an output that may be committed: an error's lines that name a file of the machine are left out. */
function withoutFiles(output: Output): Output {
  if (output.output_type !== "error") return output;
  return {
    ...output,
    traceback: output.traceback.filter((line) =>
      !/^\s*at .*file:\/\/\//.test(line)
    ),
  };
}

function isRunnable(cell: Cell): boolean {
  return cell.cell_type === "code" && cell.source.trim() !== "";
}

function mayFail(cell: Cell): boolean {
  return Array.isArray(cell.metadata.tags) &&
    cell.metadata.tags.includes(MAY_FAIL);
}
