/**
 * Finds where the outputs of a fresh run first differ from those in a
 * notebook's file.
 *
 * @module
 */

import { isLibrary } from "./library.ts";
import type { Cell, Notebook } from "./notebook.ts";
import { unpackFigures } from "./packed.ts";

/** A difference, in words and excerpts. */
export interface Difference {
  /** The cell's number, from 1. */
  readonly cell: number;
  /** What differs, such as `output 2, text/plain, line 7`. */
  readonly where: string;
  /** An excerpt from the file. */
  readonly committed: string;
  /** The excerpt from the fresh run. */
  readonly fresh: string;
}

/** Characters shown before and after the first that differs. */
const BEFORE = 30;
const AFTER = 60;

/**
 * Returns the first difference between two notebooks' outputs, or `undefined` if there is none.
 *
 * @param committed The notebook as it is in its file.
 * @param fresh The same notebook after a run.
 * @param except Numbers of cells that are not compared, from 1. Default: none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { firstDifference } from "./compare.ts";
 *
 * function notebook(text: string) {
 *   const outputs = [{ output_type: "stream" as const, name: "stdout", text }];
 *   return { cells: [{ cell_type: "code" as const, id: "a", metadata: {}, source: "", outputs }], metadata: {} };
 * }
 * assertEquals(firstDifference(notebook("mean\n0.5"), notebook("mean\n0.5")), undefined);
 * assertEquals(firstDifference(notebook("mean\n0.5"), notebook("mean\n0.6")), {
 *   cell: 1,
 *   where: "output 1, text, line 2",
 *   committed: '"0.5"',
 *   fresh: '"0.6"',
 * });
 * ```
 */
export function firstDifference(
  committed: Notebook,
  fresh: Notebook,
  except: readonly number[] = [],
): Difference | undefined {
  for (const [index, cell] of fresh.cells.entries()) {
    if (except.includes(index + 1)) continue;
    const found = differ(shown(committed.cells[index]), shown(cell), "");
    if (found) return { cell: index + 1, ...found };
  }
}

/**
 * Returns the compared parts of a cell: everything that a run writes, but
 * plotly.js, which stands in the last cell that showed a figure: another one,
 * where cells are not compared.
 */
function shown({ outputs = [], execution_count = null }: Cell): unknown {
  const output = outputs.filter((output) => !isLibrary(output));
  return { count: execution_count, output };
}

function differ(
  one: unknown,
  other: unknown,
  path: string,
): Omit<Difference, "cell"> | undefined {
  if (typeof one === "string" && typeof other === "string") {
    if (one === other) return;
    return differText(unpackFigures(one), unpackFigures(other), path);
  }
  if (
    isObject(one) && isObject(other) &&
    Array.isArray(one) === Array.isArray(other)
  ) {
    for (const key of Object.keys({ ...one, ...other })) {
      const found = differ(
        one[key],
        other[key],
        step(path, key, Array.isArray(one)),
      );
      if (found) return found;
    }
    return;
  }
  if (one !== other) {
    return { where: path, committed: excerpt(one), fresh: excerpt(other) };
  }
}

function differText(
  one: string,
  other: string,
  path: string,
): Omit<Difference, "cell"> | undefined {
  if (one === other) return;
  let at = 0;
  while (one[at] === other[at]) at++;
  const start = one.lastIndexOf("\n", at - 1) + 1;
  const line = one.slice(0, start).split("\n").length;
  const from = Math.max(start, at - BEFORE);
  const [committed, fresh] = [one, other].map((text) =>
    excerpt(text.slice(from, at + AFTER).split("\n")[0])
  );
  return { where: `${path}, line ${line}`, committed, fresh };
}

/** Returns the path in words: lists are counted from 1, and MIME types need no "data". */
function step(path: string, key: string, isList: boolean): string {
  if (isList) return `${path} ${Number(key) + 1}`;
  if (key === "data" && path.startsWith("output")) return path;
  return path === "" ? key : `${path}, ${key}`;
}

function excerpt(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > BEFORE + AFTER
    ? `${text.slice(0, BEFORE + AFTER)}…`
    : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
