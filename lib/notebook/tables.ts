/**
 * HTML tables and text blocks that read well on any background: colors come
 * from the page, and nothing is drawn but thin gray lines.
 *
 * @module
 */

import { escapeMarkup } from "../core/show.ts";

/** A column of a table. */
export interface Column {
  /** Its title; plain text. */
  readonly title: string;
  /** Its alignment; right for numbers. Default: left. */
  readonly align?: "left" | "right";
}

/** A cell: plain text, which may ask for attention. */
type Cell = string | { readonly text: string };

const line = "1px solid rgba(128,128,128,.4)";

const mark =
  "padding:0 .4em;border:1px solid;border-radius:.3em;background:rgba(213,94,0,.25)";

/**
 * Returns a table.
 *
 * @param columns Titles and alignments.
 * @param rows The cells of each row.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string {
  const style = columns.map(({ align = "left" }) =>
    `padding:.2em .6em;text-align:${align}`
  );
  const head = columns.map(({ title }, index) =>
    `<th scope="col" style="${style[index]}">${escapeMarkup(title)}</th>`
  );
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      `<td style="${style[index]}${unbroken(cell)}">${cellMarkup(cell)}</td>`
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table style="border-collapse:collapse;margin:.4em 0;white-space:nowrap">
<thead style="border-bottom:${line}"><tr>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>`;
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

/** JupyterLab's rule for cells breaks them, whatever the table's says. */
function unbroken(cell: Cell): string {
  const text = typeof cell === "string" ? cell : cell.text;
  return text.includes(" ") ? ";white-space:nowrap" : "";
}

function cellMarkup(cell: Cell): string {
  return typeof cell === "string"
    ? escapeMarkup(cell)
    : `<strong style="${mark}">${escapeMarkup(cell.text)}</strong>`;
}
