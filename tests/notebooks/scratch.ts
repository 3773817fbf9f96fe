/**
 * Notebooks made for one test, in a folder that lasts as long as the test.
 *
 * @module
 */

import { join } from "node:path";

/** A code cell: its source, or its source and tags. */
export type CodeCell =
  | string
  | { readonly source: string; readonly tags: readonly string[] };

/** Returns the text of a notebook file with one code cell for each argument. */
export function notebookOf(...cells: readonly CodeCell[]): string {
  return JSON.stringify({
    cells: cells.map((cell, index) => {
      const { source, tags } = typeof cell === "string"
        ? { source: cell, tags: [] }
        : cell;
      return {
        cell_type: "code",
        execution_count: null,
        id: `cell-${index + 1}`,
        metadata: { tags },
        outputs: [],
        source,
      };
    }),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** An empty folder; `await using folder = await scratchFolder()` removes it. */
export async function scratchFolder(): Promise<
  AsyncDisposable & { path: string; file(name: string, text: string): string }
> {
  const path = await Deno.makeTempDir({ prefix: "fanin_test_" });
  return {
    path,
    /** Writes a file and returns its path. */
    file(name: string, text: string): string {
      const file = join(path, name);
      Deno.writeTextFileSync(file, text);
      return file;
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** Whether a process with this id exists. */
export function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
