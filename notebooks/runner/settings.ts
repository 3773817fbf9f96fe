/**
 * The command's arguments.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { dirname, join, relative, resolve, sep } from "node:path";
import { cannot } from "../../lib/core/options.ts";

/** A notebook that is to run. */
export interface Task {
  /** Its path. */
  readonly file: string;
  /** Its path from the folder that holds all that run, without its ending. */
  readonly name: string;
}

/** What the arguments ask for. */
export interface Settings {
  /** The notebooks, in the order in which they run. */
  readonly tasks: readonly Task[];
  /** The folder for executed notebooks and pages. */
  readonly out: string;
  /** Whether the outputs go into the notebooks themselves. */
  readonly write: boolean;
  /** Whether the outputs must be those in the notebooks. */
  readonly check: boolean;
  /** Milliseconds for each cell. */
  readonly cellTimeout: number;
}

const ENDING = ".ipynb";

/** What `--help` prints. */
export const HELP: string =
  `Runs notebooks on Deno's Jupyter kernel and makes a page of each.

Usage: deno run -A notebooks/run.ts [options] [files...]

A folder stands for all notebooks in it; without files, those beside run.ts run.

  --out <folder>       where executed notebooks and pages go (default: out), in
                       folders as the notebooks are if they are of several
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
      cannot("use --timeout", "it must be above 0", timeout),
    );
  }
  const tasks = tasksOf(_.length > 0 ? _.map(String) : [folder]);
  const written = tasks.map(({ name }) => resolve(out, `${name}.ipynb`));
  if (tasks.some(({ file }) => written.includes(resolve(file)))) {
    throw new RangeError(
      cannot("write", "--out must be another folder than a notebook's", out),
    );
  }
  return { tasks, out, write, check, cellTimeout: seconds * 1000 };
}

/** Returns what runs, each notebook once. */
function tasksOf(paths: readonly string[]): Task[] {
  const files = [
    ...new Map(paths.flatMap(notebooksAt).map((file) => [resolve(file), file])),
  ];
  let folder = dirname(files[0][0]);
  while (!files.every(([path]) => path.startsWith(join(folder, sep)))) {
    folder = dirname(folder);
  }
  return files.map(([path, file]) => ({
    file,
    name: relative(folder, path).slice(0, -ENDING.length),
  }));
}

/** Returns a notebook's path, or those of the notebooks in a folder. */
function notebooksAt(path: string): string[] {
  if (path.endsWith(ENDING)) return [path];
  const names = namesIn(path).filter((name) => name.endsWith(ENDING));
  if (names.length === 0) {
    throw new RangeError(
      cannot(
        "run notebooks",
        `a path must be of an ${ENDING} file or of a folder with some`,
        path,
      ),
    );
  }
  return names.sort().map((name) => join(path, name));
}

function namesIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch {
    return []; // It is no folder.
  }
}
