/**
 * Prints a summary as text; also provides its totals for HTML.
 *
 * @module
 */

import { lengthOf, padded, shortened } from "../../core/columns.ts";
import type { ConsoleRequest } from "../../core/console.ts";
import { formatCount, formatNumber, plural } from "../../core/format.ts";
import type { Summary, SummaryRow } from "./result.ts";
import { columnsOf, maxRowsOf, type SummaryColumn } from "./view.ts";

/** The parts of the text. */
type Found = Omit<Summary, "toHtml">;

/** A column's title and cells. */
type Cells = readonly string[];

/** The notes on tensors that a file stores rounded, by stored dtype. */
const origins = {
  uint8: "from uint8, at most 256 values each",
  uint16: "from uint16, at most 65,536 values each",
  float16: "from float16",
} as const;

/** The width of text where no terminal says another. */
const usualWidth = 100;

/** The rows of the text where nothing says another number. */
const usualRows = 100;

/** No name is cut shorter than this. */
const shortest = 16;

/** No cell is longer than this. */
const longest = 200;

/** This many digits distinguish standard deviations. */
const digits = 3;

/** The separator of columns. */
const gap = "  ";

/**
 * Returns a summary as a table of text with its totals below. Columns that have no
 * room follow in a table below it, after the same names.
 *
 * @param summary The summary.
 * @param request How a console wants it; undefined for as it usually is.
 */
export function summaryText(
  summary: Found,
  { most = usualRows, width = usualWidth, nested }: Partial<ConsoleRequest> =
    {},
): string {
  const totals = totalFacts(summary).join(" · ");
  const { rows } = summary;
  const shown = rows.slice(0, maxRowsOf(summary) ?? most);
  const rest = leftOut(rows.slice(shown.length));
  const start = nested ? "\n" : "";
  if (shown.length === 0) return start + [...rest, totals].join("\n");
  const [name, ...columns] = columnsOf(summary);
  const names = cellsOf(shown, name);
  // On a narrow terminal there are more tables rather than no names.
  const least = Math.min(
    widthOf([names]),
    width < usualWidth ? Math.max(shortest, Math.floor(width / 3)) : shortest,
  );
  const blocks = blocksOf(shown, columns, width, [widthOf([names]), least]);
  const room = Math.min(
    ...blocks.map((block) => width - widthOf(block) - gap.length),
  );
  const short = padded(
    names.map((cell) => shortened(cell.trimEnd(), Math.max(room, shortest))),
  );
  const tables = blocks.map((block) => linesOf([short, ...block]).join("\n"));
  return start + [...tables, ...rest, totals].join("\n\n");
}

/**
 * Returns the line under the table: totals, and what asks for attention.
 *
 * @param summary The summary.
 */
export function totalFacts(
  { rows, tensors, of, unread, elements, alpha, limit }: Found,
): string[] {
  const marked = rows.filter((row) => row.attention).length;
  return [
    `${plural(elements, "element")} in ${
      tensors === of ? "" : `${formatCount(tensors)} of `
    }${plural(of, "tensor")}`,
    ...unread === 0 ? [] : [`${formatCount(unread)} not read`],
    `${marked === 0 ? "none" : formatCount(marked)} marked`,
    ...originFacts(rows),
    ...limit === null
      ? []
      : [`limit |z| = ${formatNumber(limit, 3)} (α = ${formatNumber(alpha)})`],
  ];
}

/** The title and the cells of a column, all of one width. */
function cellsOf(
  rows: readonly SummaryRow[],
  { title, align, cell }: SummaryColumn,
): Cells {
  const texts = rows.map((row) => shortened(cell(row, digits), longest));
  return padded([title, ...texts], align);
}

/**
 * Columns in blocks: all in one if there is room beside the whole names, else first
 * those that describe tensors, then the others, beside the least of the names.
 */
function blocksOf(
  rows: readonly SummaryRow[],
  columns: readonly SummaryColumn[],
  width: number,
  [whole, least]: readonly [whole: number, least: number],
): readonly (readonly Cells[])[] {
  const all = columns.map((column) => cellsOf(rows, column));
  if (widthOf(all) + gap.length + whole <= width) return [all];
  const blocks: Cells[][] = [];
  for (const leading of [true, undefined]) {
    let block: Cells[] = [];
    all.forEach((cells, index) => {
      if (columns[index].leading !== leading) return;
      if (least + gap.length + widthOf([...block, cells]) > width) block = [];
      if (block.length === 0) blocks.push(block);
      block.push(cells);
    });
  }
  return blocks;
}

function widthOf(block: readonly Cells[]): number {
  return block.reduce((sum, [title]) => sum + lengthOf(title), 0) +
    gap.length * (block.length - 1);
}

/** What is said of the rows for which there is no room. */
function leftOut(rows: readonly SummaryRow[]): string[] {
  if (rows.length === 0) return [];
  const marked = rows.filter((row) => row.attention).length;
  return [
    `${plural(rows.length, "more row")}${
      marked === 0 ? "" : `, ${formatCount(marked)} of them marked`
    }; { maxRows: Infinity } shows all, { only: "*.weight" } some`,
  ];
}

function linesOf(block: readonly (readonly string[])[]): string[] {
  return block[0].map((_, line) =>
    block.map((cells) => cells[line]).join(gap).trimEnd()
  );
}

/** How many tensors were rounded, and to what. */
function originFacts(rows: readonly SummaryRow[]): string[] {
  return Object.entries(origins).flatMap(([dtype, fact]) => {
    const count = rows.filter((row) => row.quantized === dtype).length;
    return count === 0 ? [] : [`${formatCount(count)} ${fact}`];
  });
}
