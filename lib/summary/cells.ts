/**
 * The cells of a summary's table, for text and for HTML.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import { formatCount, formatNumber, formatShare } from "../plot/format.ts";
import type { Summary, SummaryRow } from "./result.ts";

/** A column of the table. */
export interface SummaryColumn {
  /** What stands above it. */
  readonly title: string;
  /** Where its cells stand. Default: left. */
  readonly align?: "right";
  /** Whether it says what the tensor is, not what is in it. */
  readonly leading?: boolean;
  /** Returns a row's cell, numbers to so many digits. */
  readonly cell: (row: SummaryRow, digits: number) => string;
}

/** What is said of tensors that a file holds rounded, by what it stores. */
const origins = {
  uint8: "from uint8, at most 256 values each",
  uint16: "from uint16, at most 65,536 values each",
  float16: "from float16",
} as const;

/** What stands for a number that there is not. */
const none = "–";

/** All columns, from the left. */
const columns: readonly SummaryColumn[] = [
  { title: "name", leading: true, cell: (row) => row.name },
  { title: "shape", leading: true, cell: (row) => formatShape(row.shape) },
  count("fan in", "fanIn"),
  count("fan out", "fanOut"),
  {
    title: "initialiser",
    leading: true,
    cell: (row) => row.initialiser ?? none,
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

/**
 * Returns the columns in which any row has something, from the left. Of a
 * checkpoint no initialiser is known, so that it has no columns for one.
 *
 * @param summary The summary.
 */
export function columnsOf({ rows }: Summary): SummaryColumn[] {
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
  { rows, tensors, elements, alpha, limit }: Summary,
): string[] {
  const marked = rows.filter((row) => row.attention).length;
  return [
    `${formatCount(elements)} elements in ${formatCount(tensors)} ${
      tensors === 1 ? "tensor" : "tensors"
    }`,
    `${marked === 0 ? "none" : formatCount(marked)} marked`,
    ...originFacts(rows),
    ...limit === null
      ? []
      : [`limit |z| = ${formatNumber(limit, 3)} (α = ${formatNumber(alpha)})`],
  ];
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

/** The mark says without colour that a row asks for attention. */
function verdictCell(
  { verdict, attention, nonFinite, quantized }: SummaryRow,
): string {
  const count = nonFinite === 0 ? "" : `: ${formatCount(nonFinite)}`;
  const origin = quantized === null ? "" : `, from ${quantized}`;
  return `${attention ? "! " : ""}${verdict}${count}${origin}`;
}
