/**
 * Prints a summary as text; also provides the cells of its table and its totals
 * for HTML.
 *
 * @module
 */

import {
  formatCount,
  formatNumber,
  formatShare,
  plural,
} from "../../core/format.ts";
import { formatShape } from "../../core/shape.ts";
import type { Summary, SummaryRow } from "./result.ts";

/** A column of the table. */
interface SummaryColumn {
  /** Its title. */
  readonly title: string;
  /** Its alignment. Default: left. */
  readonly align?: "right";
  /** Whether it describes the tensor rather than its values. */
  readonly leading?: boolean;
  /** Returns a row's cell, numbers to so many digits. */
  readonly cell: (row: SummaryRow, digits: number) => string;
}

/** The parts of the text. */
type Found = Omit<Summary, "toHtml">;

/** Shown in place of a number that does not exist. */
const none = "–";

/** The notes on tensors that a file stores rounded, by stored dtype. */
const origins = {
  uint8: "from uint8, at most 256 values each",
  uint16: "from uint16, at most 65,536 values each",
  float16: "from float16",
} as const;

/** All columns, from the left. */
const columns: readonly SummaryColumn[] = [
  { title: "name", leading: true, cell: (row) => row.name },
  { title: "shape", leading: true, cell: (row) => formatShape(row.shape) },
  count("fan in", "fanIn"),
  count("fan out", "fanOut"),
  {
    title: "initializer",
    leading: true,
    cell: (row) => row.initializer ?? none,
  },
  real("expected std", "expectedStd"),
  real("mean", "mean"),
  real("std", "std"),
  { ...real("z", "z"), cell: (row) => format(row.z, 2) },
  real("min", "min"),
  real("max", "max"),
  { title: "zeros", align: "right", cell: zerosCell },
  { title: "verdict", cell: verdictCell },
];

/** The width of most consoles. */
const widest = 100;

/** No name is cut shorter than this. */
const shortest = 16;

/** This many digits distinguish standard deviations. */
const digits = 3;

/** The separator of columns. */
const gap = "  ";

/**
 * Returns a summary as a table of text with its totals below.
 *
 * @param summary The summary.
 */
export function summaryText(summary: Found): string {
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
 * Returns the columns that are not empty, from the left. Checkpoints do not
 * name initializers, so they have no columns for them.
 *
 * @param summary The summary.
 */
export function columnsOf({ rows }: Pick<Summary, "rows">): SummaryColumn[] {
  const [name, ...others] = columns;
  const filled = others.filter(({ cell }) =>
    rows.some((row) => cell(row, 1) !== none)
  );
  return [name, ...filled];
}

/**
 * Returns the line under the table: totals, and what asks for attention.
 *
 * @param summary The summary.
 */
export function totalFacts(
  { rows, tensors, elements, alpha, limit }: Found,
): string[] {
  const marked = rows.filter((row) => row.attention).length;
  return [
    `${plural(elements, "element")} in ${plural(tensors, "tensor")}`,
    `${marked === 0 ? "none" : formatCount(marked)} marked`,
    ...originFacts(rows),
    ...limit === null
      ? []
      : [`limit |z| = ${formatNumber(limit, 3)} (α = ${formatNumber(alpha)})`],
  ];
}

/**
 * Returns a name that fits, its middle replaced by `…` if it is too long.
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

/**
 * Returns texts filled up with spaces to the length of the longest.
 *
 * @param cells The texts, one at least.
 * @param align Their alignment. Default: left.
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

/** The title and the cells of a column, all of one width. */
function cellsOf({ rows }: Found, column: SummaryColumn): string[] {
  const { title, align, cell } = column;
  return padded([title, ...rows.map((row) => cell(row, digits))], align);
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

/** How many tensors were rounded, and to what. */
function originFacts(rows: readonly SummaryRow[]): string[] {
  return Object.entries(origins).flatMap(([dtype, fact]) => {
    const count = rows.filter((row) => row.quantized === dtype).length;
    return count === 0 ? [] : [`${formatCount(count)} ${fact}`];
  });
}

function count(title: string, key: "fanIn" | "fanOut"): SummaryColumn {
  const cell = (row: SummaryRow) => {
    const value = row[key];
    return value === null ? none : formatCount(value);
  };
  return { title, align: "right", leading: true, cell };
}

function real(
  title: string,
  key: "expectedStd" | "mean" | "std" | "z" | "min" | "max",
): SummaryColumn {
  return {
    title,
    align: "right",
    cell: (row, digits) => format(row[key], digits),
  };
}

function format(value: number | null, digits: number): string {
  return formatNumber(value ?? NaN, digits);
}

function zerosCell({ zeroShare }: SummaryRow): string {
  if (zeroShare === null) return none;
  if (zeroShare === 0) return "0";
  return formatShare(zeroShare).replace("below ", "<").replace("above ", ">");
}

/** The mark shows even without color that a row asks for attention. */
function verdictCell(
  { verdict, attention, nonFinite, quantized }: SummaryRow,
): string {
  const count = nonFinite === 0 ? "" : `: ${formatCount(nonFinite)}`;
  const origin = quantized === null ? "" : `, from ${quantized}`;
  return `${attention ? "! " : ""}${verdict}${count}${origin}`;
}
