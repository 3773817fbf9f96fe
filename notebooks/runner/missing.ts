/**
 * Cells that report a missing checkpoint instead of showing results.
 *
 * @module
 */

import { notInstalled } from "../checkpoints/installed.ts";
import type { Cell, Notebook } from "./notebook.ts";

/** The import of notebooks that inspect installed checkpoints. */
const NEED = "./checkpoints/installed.ts";

/**
 * Returns whether a notebook inspects installed checkpoints.
 *
 * @param notebook The notebook.
 */
export function needsCheckpoints({ cells }: Notebook): boolean {
  return cells.some((cell) =>
    cell.cell_type === "code" && cell.source.includes(`"${NEED}"`)
  );
}

/**
 * Returns the numbers, from 1, of the cells whose outputs say that something is
 * not installed.
 *
 * @param notebook A notebook that has run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { missingCells } from "./missing.ts";
 *
 * const outputs = [{ output_type: "stream" as const, name: "stdout", text: "NOT INSTALLED: a model\n" }];
 * const cell = { cell_type: "code" as const, id: "a", metadata: {}, source: "", outputs };
 * assertEquals(missingCells({ cells: [cell, { ...cell, outputs: [] }], metadata: {} }), [1]);
 * ```
 */
export function missingCells({ cells }: Notebook): number[] {
  return cells.flatMap((cell, index) => saysMissing(cell) ? [index + 1] : []);
}

function saysMissing({ outputs = [] }: Cell): boolean {
  return outputs.some((output) => {
    const text = output.output_type === "stream"
      ? output.text
      : "data" in output
      ? output.data["text/plain"]
      : "";
    return String(text).includes(notInstalled);
  });
}
