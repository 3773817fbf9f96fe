/**
 * How the table of a summary is shown: its columns and their cells, the order of
 * its rows, and how many of them the text has.
 *
 * @module
 */

import { formatCount, formatNumber, formatShare } from "../../core/format.ts";
import {
  cannot,
  checkCount,
  describe,
  flag,
  oneOf,
} from "../../core/options.ts";
import { formatShape } from "../../core/shape.ts";
import type { Summary, SummaryRow } from "./result.ts";

/** A column of the table. */
export interface SummaryColumn {
  /** Its title. */
  readonly title: string;
  /** Its alignment. Default: left. */
  readonly align?: "right";
  /** Whether it describes the tensor rather than its values. */
  readonly leading?: boolean;
  /** Whether only those see it who ask for it. */
  readonly asked?: boolean;
  /** Returns a row's cell, numbers to so many digits. */
  readonly cell: (row: SummaryRow, digits: number) => string;
}

/** What was said of the table. */
export interface View {
  /** What to sort by; undefined to leave the order. */
  readonly sort?: keyof SummaryRow;
  /** Whether the largest comes first. */
  readonly descending: boolean;
  /** The columns after the name; undefined for the usual ones. */
  readonly columns?: readonly (keyof SummaryRow)[];
  /** The most rows of the text; undefined for as many as is usual. */
  readonly maxRows?: number;
}

/** A table, and how it is shown. */
type Table = Pick<Summary, "rows">;

/** Shown in place of a number that does not exist. */
const none = "–";

/** All columns but the name, from the left. */
const columns: Readonly<
  Record<Exclude<keyof SummaryRow, "name">, SummaryColumn>
> = {
  shape: {
    title: "shape",
    leading: true,
    cell: ({ shape }) => formatShape(shape),
  },
  dtype: {
    title: "dtype",
    leading: true,
    asked: true,
    cell: ({ dtype }) => dtype,
  },
  quantized: {
    title: "stored as",
    leading: true,
    asked: true,
    cell: ({ quantized }) => quantized ?? none,
  },
  elements: {
    ...count("elements", ({ elements }) => elements),
    asked: true,
  },
  fanIn: count("fan in", ({ fanIn }) => fanIn),
  fanOut: count("fan out", ({ fanOut }) => fanOut),
  initializer: {
    title: "initializer",
    leading: true,
    cell: ({ initializer }) => initializer ?? none,
  },
  expectedMean: {
    ...real("expected mean", ({ expectedMean }) => expectedMean),
    asked: true,
  },
  expectedStd: real("expected std", ({ expectedStd }) => expectedStd),
  mean: real("mean", ({ mean }) => mean),
  std: real("std", ({ std }) => std),
  z: score("z", ({ z }) => z),
  meanZ: { ...score("mean z", ({ meanZ }) => meanZ), asked: true },
  min: real("min", ({ min }) => min),
  max: real("max", ({ max }) => max),
  zeroShare: { title: "zeros", align: "right", cell: zerosCell },
  nonFinite: {
    title: "not finite",
    align: "right",
    asked: true,
    cell: ({ nonFinite }) => formatCount(nonFinite),
  },
  verdict: { title: "verdict", cell: verdictCell },
  attention: {
    title: "marked",
    asked: true,
    cell: ({ attention }) => attention ? "!" : "",
  },
};

const keys = ["name", ...Object.keys(columns)] as (keyof SummaryRow)[];

const nameColumn: SummaryColumn = {
  title: "name",
  leading: true,
  cell: ({ name }) => name,
};

const views = new WeakMap<object, View>();

/**
 * Checks what was said of the table.
 *
 * @param action What is being done, for the error message.
 * @param given What was said.
 * @throws {TypeError} If a part is of the wrong kind.
 * @throws {RangeError} If there is no such column, or `maxRows` is no count.
 */
export function readView(action: string, given: View): View {
  const { sort, columns, maxRows } = given;
  const key = oneOf(keys, "name");
  if (sort !== undefined) key.read(action, "sort", sort);
  flag(false).read(action, "descending", given.descending);
  if (maxRows !== undefined && maxRows !== Infinity) {
    checkCount(action, "maxRows", maxRows, 0);
  }
  if (columns === undefined) return given;
  if (!Array.isArray(columns)) {
    throw new TypeError(
      cannot(action, "columns must be an array", describe(columns)),
    );
  }
  const known = columns.map((each) => key.read(action, "a column", each));
  return { ...given, columns: [...new Set(known)] };
}

/**
 * Says how the table of a summary is shown.
 *
 * @param summary The summary.
 * @param view How it is shown.
 */
export function setView(summary: Table, view: View): void {
  views.set(summary, view);
}

/**
 * Returns how many rows the text of a summary has; undefined for as many as is
 * usual.
 *
 * @param summary The summary.
 */
export function maxRowsOf(summary: Table): number | undefined {
  return views.get(summary)?.maxRows;
}

/**
 * Returns the columns of a summary, from the left: the name, and those that were
 * asked for, or the usual ones that are not empty. Checkpoints do not name
 * initializers, so they have no columns for them.
 *
 * @param summary The summary.
 * @param first Which of the usual ones comes right after the name. Default: as
 * they are.
 */
export function columnsOf(
  summary: Table,
  first?: keyof typeof columns,
): SummaryColumn[] {
  const asked = views.get(summary)?.columns;
  const usual = first === undefined
    ? columns
    : { [first]: columns[first], ...columns };
  const shown = asked === undefined
    ? Object.values(usual).filter(({ asked, cell }) =>
      !asked && summary.rows.some((row) => cell(row, 1) !== none)
    )
    : asked.flatMap((key) => key === "name" ? [] : [columns[key]]);
  return [nameColumn, ...shown];
}

function count(
  title: string,
  value: (row: SummaryRow) => number | null,
): SummaryColumn {
  const cell = (row: SummaryRow) => {
    const number = value(row);
    return number === null ? none : formatCount(number);
  };
  return { title, align: "right", leading: true, cell };
}

function real(
  title: string,
  value: (row: SummaryRow) => number | null,
): SummaryColumn {
  return {
    title,
    align: "right",
    cell: (row, digits) => formatNumber(value(row) ?? NaN, digits),
  };
}

/** Two digits of a score are enough. */
function score(
  title: string,
  value: (row: SummaryRow) => number | null,
): SummaryColumn {
  const { cell, ...column } = real(title, value);
  return { ...column, cell: (row) => cell(row, 2) };
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
