/**
 * A plan of `materialize` as a table.
 *
 * @module
 */

import { filesOf, type Plan, type Shard } from "../materialize/plan.ts";
import { formatBytes } from "./bytes.ts";

/**
 * Returns a plan as text: a line for each file, with its tensors, its bytes, the
 * words that it takes from the generator and the process that writes it.
 *
 * @param plan The plan.
 * @param shard Which process asks, of how many.
 */
export function planText(plan: Plan, { count }: Shard): string {
  const owners = new Map(
    Array.from(
      { length: count },
      (_, index) =>
        filesOf(plan, { index, count }).map((file) =>
          [file.name, `${index}/${count}`] as const
        ),
    ).flat(),
  );
  const rows = plan.files.map(({ name, tensors, bytes }) => [
    name,
    String(tensors.length),
    formatBytes(bytes),
    wordsText(tensors.map(({ words }) => words)),
    ...count === 1 ? [] : [owners.get(name)!],
  ]);
  const total = [
    "total",
    String(plan.tensors.length),
    formatBytes(plan.bytes),
    wordsText(plan.tensors.map(({ words }) => words)),
  ];
  const head = ["file", "tensors", "bytes", "words"];
  const table = aligned([
    count === 1 ? head : [...head, "shard"],
    ...rows,
    ...rows.length === 1 ? [] : [total],
  ]);
  return plan.memory === 0
    ? table
    : `${table}\n\nthe largest tensor that is made at once takes ${
      formatBytes(plan.memory)
    } of memory`;
}

/** A sum of which a part is not known before the drawing is a least. */
function wordsText(words: readonly (number | undefined)[]): string {
  const sum = words.reduce<number>((sum, each = 0) => sum + each, 0);
  return `${words.includes(undefined) ? "≥ " : ""}${sum}`;
}

/** The first column is text, the others are numbers. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
    ).join("  ").trimEnd()
  ).join("\n");
}
