/**
 * What `initialize` returns: its rows, and how they read as text.
 *
 * @module
 */

import { inColumns } from "../../core/columns.ts";
import { formatCount, formatNumber, plural } from "../../core/format.ts";
import { formatShape, type Shape } from "../../core/shape.ts";
import type { HtmlOptions } from "../../core/show.ts";

/**
 * What became of some rows of a parameter.
 *
 * @internal
 */
export interface InitializedPart {
  /** The first row and the row after the last. */
  readonly rows: readonly [start: number, end: number];
  /** The initializer's name. */
  readonly initializer: string;
  /** The mean of what it draws. */
  readonly mean: number;
  /** The standard deviation of what it draws. */
  readonly std: number;
}

/**
 * What became of a parameter.
 *
 * @internal
 */
export interface InitializedRow {
  /** Its name in `namedParameters()`. */
  readonly name: string;
  /** Its shape. */
  readonly shape: Shape;
  /** Whether a rule filled it, said that it stays, or none met it. */
  readonly status: "filled" | "stayed" | "unmatched";
  /** The rule that met it; null if none did. */
  readonly rule: string | null;
  /** The initializer that filled it; of parts, the names of all. */
  readonly initializer: string | null;
  /** The mean of what it was drawn from; null if it stayed. */
  readonly mean: number | null;
  /** The standard deviation; null if it stayed. */
  readonly std: number | null;
  /** Its parts, where they were filled by themselves. */
  readonly parts: readonly InitializedPart[];
}

/**
 * The result of {@linkcode initialize}: plain data that shows itself.
 *
 * @internal
 */
export interface Initialization {
  /** The parameters, in the order in which they were filled. */
  readonly rows: readonly InitializedRow[];
  /**
   * The rules that met nothing and are not optional: this model may have other
   * names, or an earlier rule came first.
   */
  readonly idle: readonly string[];
  /** The recipes' papers. */
  readonly sources: readonly string[];
  /** What the recipes ask of the model besides weights. */
  readonly notes: readonly string[];
  /** Returns the table as text. */
  toString(): string;
  /** Returns the table as HTML. */
  toHtml(options?: HtmlOptions): Promise<string>;
}

/** The parts of the text. */
export type Found = Omit<Initialization, "toHtml">;

/**
 * Returns the cells of the table: name, shape, rule, initializer, mean, std; a
 * line for each part below its parameter.
 *
 * @param found The result.
 */
export function initializationCells(
  { rows }: Pick<Initialization, "rows">,
): string[][] {
  const number = (value: number | null) =>
    value === null ? "–" : formatNumber(value);
  return rows.flatMap((row) => {
    const { name, shape, rule, status, initializer, parts } = row;
    const what = status === "filled" ? initializer ?? "nothing" : status;
    const own = [
      name,
      formatShape(shape),
      rule ?? "–",
      what,
      number(row.mean),
      number(row.std),
    ];
    return [
      own,
      ...parts.map(({ rows: [from, to], initializer, mean, std }) => [
        `  rows ${from} to ${to - 1}`,
        "",
        "",
        initializer,
        number(mean),
        number(std),
      ]),
    ];
  });
}

/**
 * Returns the lines under the table: how many were filled, stayed or were met by
 * no rule, the rules that met nothing, the recipes' papers, and what they ask
 * besides.
 *
 * @param found The result.
 */
export function initializationFacts(
  { rows, idle, sources, notes }: Found,
): string[] {
  const count = (status: InitializedRow["status"]) =>
    rows.filter((row) => row.status === status).length;
  const [stayed, unmatched] = [count("stayed"), count("unmatched")];
  const totals = [
    `${formatCount(count("filled"))} of ${
      plural(rows.length, "parameter")
    } filled`,
    ...stayed === 0 ? [] : [`${formatCount(stayed)} stayed`],
    ...unmatched === 0 ? [] : [`${formatCount(unmatched)} met by no rule`],
  ];
  return [
    totals.join(" · "),
    ...idle.length === 0 ? [] : [`met nothing: ${idle.join(", ")}`],
    ...sources,
    ...notes,
  ];
}

/** The titles of the table's columns. */
export const initializationTitles: readonly string[] = [
  "parameter",
  "shape",
  "rule",
  "initializer",
  "mean",
  "std",
];

/**
 * Returns the table and the lines under it as text.
 *
 * @param found The result.
 */
export function initializationText(found: Found): string {
  const lines = [[...initializationTitles], ...initializationCells(found)];
  return [...inColumns(lines, 4), "", ...initializationFacts(found)].join("\n");
}
