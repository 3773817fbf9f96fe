/**
 * A summary as plain text: an aligned table for a console.
 *
 * Where one table would be too wide, there are two: what the tensors are, and
 * what is in them.
 *
 * @module
 */

import { columnsOf, type SummaryColumn, totalFacts } from "./cells.ts";
import type { Summary } from "./result.ts";

/** The width of a console that most have. */
const widest = 100;

/** No name is cut shorter than this. */
const shortest = 16;

/** So many digits tell standard deviations apart. */
const digits = 3;

const gap = "  ";

/**
 * Returns a summary as a table of text with its totals below.
 *
 * @param summary The summary.
 */
export function summaryText(summary: Summary): string {
  const totals = totalFacts(summary).join(" · ");
  if (summary.rows.length === 0) return totals;
  const columns = columnsOf(summary);
  const [names, ...rest] = columns.map((column) => cellsOf(summary, column));
  const leading = rest.filter((_, index) => columns[index + 1].leading);
  const others = rest.filter((_, index) => !columns[index + 1].leading);
  const whole = widthOf([names, ...rest]) <= widest;
  const blocks = whole ? [rest] : [leading, others];
  const room = Math.min(
    ...blocks.map((block) => widest - gap.length - widthOf(block)),
  );
  const short = names.map((name) =>
    shortened(name.trimEnd(), Math.max(room, shortest))
  );
  const tables = blocks.map((block) => linesOf([padded(short), ...block]));
  return [...tables.map((lines) => lines.join("\n")), totals].join("\n\n");
}

/**
 * Returns a name that fits, its middle replaced by `…` where it is too long.
 *
 * @param name The name; control characters become spaces.
 * @param most How many characters there may be, at least 3.
 */
export function shortened(name: string, most: number): string {
  const characters = [...name.replace(/[\p{Cc}\u2028\u2029]/gu, " ")];
  if (characters.length <= most) return characters.join("");
  const head = Math.floor((most - 1) / 2);
  const tail = most - 1 - head;
  return `${characters.slice(0, head).join("")}…${
    characters.slice(-tail).join("")
  }`;
}

/** The title and the cells of a column, all of one width. */
function cellsOf({ rows }: Summary, column: SummaryColumn): string[] {
  const { title, align, cell } = column;
  return padded([title, ...rows.map((row) => cell(row, digits))], align);
}

/**
 * Returns texts filled up with spaces to the length of the longest.
 *
 * @param cells The texts, one at least.
 * @param align Where they stand. Default: left.
 */
export function padded(cells: readonly string[], align?: "right"): string[] {
  const width = cells.reduce((most, cell) => Math.max(most, lengthOf(cell)), 0);
  return cells.map((cell) => {
    const space = " ".repeat(width - lengthOf(cell));
    return align === "right" ? space + cell : cell + space;
  });
}

/**
 * Returns a text's length in characters, not in UTF-16 code units.
 *
 * @param cell The text.
 */
export function lengthOf(cell: string): number {
  return [...cell].length;
}

function widthOf(block: readonly (readonly string[])[]): number {
  return block.reduce((sum, [title]) => sum + lengthOf(title), 0) +
    gap.length * (block.length - 1);
}

function linesOf(block: readonly (readonly string[])[]): string[] {
  return block[0].map((_, line) =>
    block.map((cells) => cells[line]).join(gap).trimEnd()
  );
}
