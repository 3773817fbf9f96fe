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
  { most = usualRows, width = usualWidth }: Partial<ConsoleRequest> = {},
): string {
  const totals = totalFacts(summary).join(" · ");
  const { rows } = summary;
  const shown = rows.slice(0, maxRowsOf(summary) ?? most);
  const rest = leftOut(rows.slice(shown.length));
  if (shown.length === 0) return [...rest, totals].join("\n");
  const [names, ...columns] = columnsOf(summary).map((column) => ({
    leading: column.leading,
    cells: cellsOf(shown, column),
  }));
  const all = columns.map(({ cells }) => cells);
  const name = Math.min(shortest, widthOf([names.cells]));
  const blocks = widthOf([names.cells, ...all]) <= width
    ? [all]
    : [true, undefined].flatMap((leading) =>
      blocksOf(
        columns.filter((column) => column.leading === leading)
          .map(({ cells }) => cells),
        width - name,
      )
    );
  const room = Math.min(
    ...blocks.map((block) => width - widthOf(block) - gap.length),
  );
  const short = names.cells.map((cell) =>
    shortened(cell.trimEnd(), Math.max(room, shortest))
  );
  const tables = (blocks.length === 0 ? [[]] : blocks)
    .map((block) => linesOf([padded(short), ...block]).join("\n"));
  return [...tables, ...rest, totals].join("\n\n");
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

/** Columns in blocks that have room: each in the first that has some left. */
function blocksOf(columns: readonly Cells[], width: number): Cells[][] {
  const blocks: Cells[][] = [];
  for (const column of columns) {
    const block = blocks.at(-1);
    if (block && gap.length + widthOf([...block, column]) <= width) {
      block.push(column);
    } else {
      blocks.push([column]);
    }
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
