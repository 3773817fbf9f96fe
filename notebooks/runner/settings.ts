/**
 * The command's arguments.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";

/** What the arguments ask for. */
export interface Settings {
  /** The notebooks, in the order in which they run. */
  readonly files: readonly string[];
  /** The folder for executed notebooks and pages. */
  readonly out: string;
  /** Whether the outputs go into the notebooks themselves. */
  readonly write: boolean;
  /** Whether the outputs must be those in the notebooks. */
  readonly check: boolean;
  /** Milliseconds for each cell. */
  readonly cellTimeout: number;
}

/** What `--help` prints. */
export const HELP: string =
  `Runs notebooks on Deno's Jupyter kernel and makes a page of each.

Usage: deno run -A notebooks/run.ts [options] [files...]

Without files, all notebooks beside run.ts run, in order.

  --out <folder>       where executed notebooks and pages go (default: out)
  --write              also write the outputs into the notebooks themselves
  --check              fail if the outputs differ from those in the notebooks
  --timeout <seconds>  limit for each cell (default: 600)
  --help               this text

Exit codes: 0 all well, 1 a cell failed or outputs differ, 2 wrong usage, 130 interrupted.
`;

/**
 * Returns what the arguments ask for, or `undefined` if it is the help text.
 *
 * @param args The arguments.
 * @param folder Where the notebooks are if none is named.
 * @throws {RangeError} If an option is unknown, contradicts another one or has no sense.
 */
export function readSettings(
  args: readonly string[],
  folder: string,
): Settings | undefined {
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
      `Cannot use --timeout: it must be above 0, got ${timeout}`,
    );
  }
  const files = _.length > 0 ? _.map(String) : notebooksIn(folder);
  return { files, out, write, check, cellTimeout: seconds * 1000 };
}

function notebooksIn(folder: string): string[] {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  return names.filter((name) => name.endsWith(".ipynb")).sort().map((name) =>
    join(folder, name)
  );
}
