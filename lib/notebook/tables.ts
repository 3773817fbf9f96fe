/**
 * HTML tables and text blocks that read well on any background: colors come
 * from the page, and nothing is drawn but thin gray lines.
 *
 * @module
 */

import { shortened } from "../core/columns.ts";
import { formatCount, plural } from "../core/format.ts";
import { escapeMarkup } from "../core/show.ts";

/** A column of a table. */
export interface Column {
  /** Its title; plain text. */
  readonly title: string;
  /** Its alignment; right for numbers. Default: left. */
  readonly align?: "left" | "right";
  /**
   * Where its texts may go on in the next line: names after a dot, a slash or
   * `_`; sentences, which are never shortened, between words. Default: nowhere.
   */
  readonly broken?: "names" | "sentences";
}

/** A cell: plain text, which may ask for attention. */
type Cell = string | { readonly text: string };

/** A table of this many rows is shown whole. */
const mostOpen = 40;

/** Of a longer one so many are, before the others fold. */
const firstOpen = 20;

/** So many rows there are at most; the page stays one that a browser shows. */
const mostRows = 2000;

/** No text of a cell is longer than this. */
const longest = 80;

/** No title that a pointer brings up is longer than this. */
const longestTitle = 1000;

const line = "1px solid rgba(128,128,128,.4)";

const mark =
  "padding:0 .4em;border:1px solid;border-radius:.3em;background:rgba(213,94,0,.25)";

/**
 * Returns a table.
 *
 * @param columns Titles and alignments.
 * @param rows The texts of each row.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  return tableOf(
    columns,
    rows,
    (text, _, style) =>
      `<td style="${style}${unbroken(text)}">${escapeMarkup(text)}</td>`,
  );
}

/**
 * Returns a table that folds. Of more than 40 rows the first 20 are shown, and the others
 * behind a line that says how many there are; of more than 2,000 the rest is only
 * counted. Texts of more than 80 characters are shortened in their middle, unless
 * they are sentences.
 *
 * @param columns Titles and alignments.
 * @param rows The cells of each row.
 */
export function foldedTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string {
  if (rows.length <= mostOpen) return tableOf(columns, rows, cellOf);
  const folded = rows.slice(firstOpen, mostRows);
  const count = rows.length - firstOpen;
  const marks = rows.slice(firstOpen)
    .filter((row) => row.some((cell) => typeof cell !== "string")).length;
  const more = `${plural(count, "more row")}${
    marks === 0 ? "" : `, ${formatCount(marks)} of them marked`
  }`;
  const rest = count - folded.length;
  const cut = rest === 0
    ? ""
    : `\n${factLine([`${plural(rest, "more row")} not shown here`])}`;
  return `${tableOf(columns, rows.slice(0, firstOpen), cellOf)}
<details>
<summary style="display:list-item;cursor:pointer;margin:.4em 0">${more}</summary>
${tableOf(columns, folded, cellOf)}${cut}
</details>`;
}

/**
 * Returns a cell that asks for attention: bold, in a frame, on a tint that both
 * dark and light text are read on.
 *
 * @param text Plain text; it says by itself that it asks for attention.
 */
export function marked(text: string): Cell {
  return { text };
}

/**
 * Returns text in the letters of code, its lines and spaces as they are; long
 * text scrolls.
 *
 * @param text Plain text.
 */
export function codeBlock(text: string): string {
  return `<pre style="margin:0;font-family:ui-monospace,Menlo,Consolas,monospace;white-space:pre;max-height:32em;overflow:auto;scrollbar-color:rgba(128,128,128,.6) transparent">${
    escapeMarkup(text)
  }</pre>`;
}

/**
 * Returns a line of facts under a value: `shape [3, 3] · float32`.
 *
 * @param facts Plain texts.
 */
export function factLine(facts: readonly string[]): string {
  const items = facts.map((fact) =>
    `<span style="white-space:nowrap">${escapeMarkup(fact)}</span>`
  );
  return `<div style="margin:.4em 0;opacity:.8">${items.join(" · ")}</div>`;
}

function tableOf<C>(
  columns: readonly Column[],
  rows: readonly (readonly C[])[],
  cellOf: (cell: C, column: Column, style: string) => string,
): string {
  const style = columns.map(({ align = "left" }) =>
    `padding:.2em .45em;text-align:${align}`
  );
  const head = columns.map(({ title }, index) => {
    const wrap = title.includes(" ") ? ";white-space:normal" : "";
    return `<th scope="col" style="${style[index]}${wrap}">${
      escapeMarkup(title)
    }</th>`;
  });
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      cellOf(cell, columns[index], style[index])
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table style="border-collapse:collapse;font-size:inherit;margin:.4em 0;white-space:nowrap">
<thead style="border-bottom:${line};vertical-align:bottom"><tr>${
    head.join("")
  }</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>`;
}

function cellOf(cell: Cell, { broken }: Column, style: string): string {
  const text = textOf(cell);
  const short = shortened(text, broken === "sentences" ? Infinity : longest);
  const markup = broken === "names"
    ? short.split(/(?<=[./_])(?=[^./_])/).map(escapeMarkup).join("<wbr>")
    : escapeMarkup(short);
  const whole = short === text
    ? ""
    : ` title="${escapeMarkup(shortened(text, longestTitle))}"`;
  return `<td style="${style}${wrapOf(text, broken)}"${whole}>${
    typeof cell === "string"
      ? markup
      : `<strong style="${mark}">${markup}</strong>`
  }</td>`;
}

function wrapOf(text: string, broken: Column["broken"]): string {
  if (broken === "names") return ";white-space:normal;min-width:14em";
  if (broken === "sentences") return ";white-space:normal;min-width:30em";
  return unbroken(text);
}

/** JupyterLab's rule for cells breaks them, whatever the table's says. */
function unbroken(text: string): string {
  return text.includes(" ") ? ";white-space:nowrap" : "";
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}
