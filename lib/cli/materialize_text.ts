/**
 * A plan of `materialize` as a table.
 *
 * @module
 */

import { filesOf, type Plan, type Shard } from "../materialize/plan.ts";
import { formatBytes } from "./bytes.ts";
import { type Column, tableLines } from "./table.ts";

const columns: readonly Column[] = [
  { title: "file" },
  { title: "tensors", align: "right" },
  { title: "bytes", align: "right" },
  { title: "words", align: "right" },
  { title: "shard", align: "right" },
];

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
    count === 1 ? "" : owners.get(name)!,
  ]);
  const total = [
    "total",
    String(plan.tensors.length),
    formatBytes(plan.bytes),
    wordsText(plan.tensors.map(({ words }) => words)),
    "",
  ];
  const isOne = rows.length === 1;
  const table = tableLines(columns, isOne ? rows : [...rows, total]).join("\n");
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
