/**
 * Tables for a terminal.
 *
 * @module
 */

import { lengthOf, padded, shortened } from "../summary/text.ts";

/** A column of a table. */
export interface Column {
  /** What stands above it. */
  readonly title: string;
  /** Where its cells stand. Default: left. */
  readonly align?: "right";
}

const gap = "  ";

/** No first column is made narrower than this. */
const narrowest = 12;

/**
 * Returns the lines of a table, titles first; columns without any text are left
 * out. Where it is wider than it may be, the texts of the first column are
 * shortened in their middle, to 12 characters at the least.
 *
 * @param columns The columns.
 * @param rows The texts of each row, a cell a column; control characters become
 * spaces.
 * @param width The most characters of a line. Default: as many as it takes.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string[] {
  const [first, ...rest] = columns.flatMap(({ title, align }, index) => {
    const cells = rows.map((row) => shortened(row[index], Infinity));
    const isBare = index > 0 && cells.every((cell) => cell === "");
    return isBare ? [] : [padded([title, ...cells], align)];
  });
  const taken = rest.reduce((sum, [title]) => sum + lengthOf(title), 0) +
    gap.length * rest.length;
  const room = Math.max(narrowest, width - taken);
  const names = padded(first.map((name) => shortened(name.trimEnd(), room)));
  return names.map((name, line) =>
    [name, ...rest.map((cells) => cells[line])].join(gap).trimEnd()
  );
}
