/**
 * HTML tables and text blocks that read well on any background: colors come
 * from the page, and nothing is drawn but thin gray lines.
 *
 * @module
 */

import type { Summary } from "../checkpoint/summary/result.ts";
import { columnsOf, totalFacts } from "../checkpoint/summary/text.ts";
import { dtypes } from "../core/dtype.ts";
import { formatCount, formatNumber } from "../core/format.ts";
import { formatShape } from "../core/shape.ts";
import { escapeMarkup, type Renderer } from "../core/show.ts";
import { type Tensor, valuesOf } from "../core/tensor.ts";
import {
  formatName,
  formatRole,
  formatStep,
  type ShownFan,
} from "../init/scaling.ts";
import type { Module } from "../nn/module.ts";
import { type Moments, moments } from "../numerics/moments.ts";
import { filledBy } from "../random/generator.ts";

/** A column of a table. */
export interface Column {
  /** What stands above it; plain text. */
  readonly title: string;
  /** Where its cells stand; numbers stand right. Default: left. */
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
function codeBlock(text: string): string {
  return `<pre style="margin:0;white-space:pre;max-height:32em;overflow:auto;scrollbar-color:rgba(128,128,128,.6) transparent">${
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

/** How tensors look. */
export const tensorRenderer: Renderer<Tensor> = {
  bundle: (tensor) => ({ "text/html": markup(tensor) }),
  html: markup,
};

/**
 * Returns mean, standard deviation and extremes of a tensor's elements.
 *
 * @param tensor The tensor; dtypes other than float64 are read as float32.
 */
function momentsOf(tensor: Tensor): Moments {
  return moments(valuesOf(tensor));
}

function markup(tensor: Tensor): string {
  return `${codeBlock(tensor.toString())}\n${factLine(facts(tensor))}`;
}

function facts(tensor: Tensor): string[] {
  const kind = [
    `shape ${formatShape(tensor.shape)}`,
    tensor.dtype,
    `n = ${formatCount(tensor.numel())}`,
  ];
  const isNumber = ["float", "integer"].includes(dtypes[tensor.dtype].kind);
  if (tensor.numel() < 2 || !isNumber) return kind;
  const { mean, sampleStd, min, max, nonFinite } = momentsOf(tensor);
  return [
    ...kind,
    `mean ${formatNumber(mean)}`,
    `std ${formatNumber(sampleStd)}`,
    `min ${formatNumber(min)}`,
    `max ${formatNumber(max)}`,
    ...nonFinite === 0 ? [] : [`not finite: ${formatCount(nonFinite)}`],
  ];
}

/** How layers and models look. */
export const moduleRenderer: Renderer<Module> = {
  bundle: (module) => ({ "text/html": markupModule(module) }),
  html: markupModule,
};

const columns: readonly Column[] = [
  { title: "parameter" },
  { title: "shape" },
  { title: "n", align: "right" },
  { title: "initializer" },
  { title: "mean", align: "right" },
  { title: "std", align: "right" },
];

function markupModule(module: Module): string {
  const text = codeBlock(module.toString());
  const parameters = module.namedParameters();
  if (parameters.length === 0) return text;
  const count = parameters.reduce((sum, [, each]) => sum + each.numel(), 0);
  const total = factLine([
    `${formatCount(count)} elements in ${
      formatCount(parameters.length)
    } parameters`,
  ]);
  return `${text}\n${table(columns, parameters.map(row))}\n${total}`;
}

function row([name, parameter]: [string, Tensor]): string[] {
  const { mean, sampleStd } = momentsOf(parameter);
  return [
    name,
    formatShape(parameter.shape),
    formatCount(parameter.numel()),
    filledBy(parameter)?.initializer ?? "–",
    formatNumber(mean),
    formatNumber(sampleStd),
  ];
}

/** How summaries look. */
export const summaryRenderer: Renderer<Summary> = {
  bundle: (summary) => ({ "text/html": markupSummary(summary) }),
  html: markupSummary,
};

/** Up to thirteen columns leave room for so many. */
const digits = 3;

function markupSummary(summary: Summary): string {
  const totals = factLine(totalFacts(summary));
  if (summary.rows.length === 0) return totals;
  // The verdict stands beside the name: the table may be wider than its place.
  const [name, ...others] = columnsOf(summary);
  const shown = [name, others.at(-1)!, ...others.slice(0, -1)];
  const rows = summary.rows.map((row) =>
    shown.map(({ title, cell }) => {
      const text = cell(row, digits);
      return title === "verdict" && row.attention ? marked(text) : text;
    })
  );
  return `<div style="overflow-x:auto;font-size:.85em">\n${
    table(shown, rows)
  }\n</div>\n${totals}`;
}

/** How fans look. */
export const fanRenderer: Renderer<ShownFan> = {
  bundle: (fan) => ({ "text/html": markupFan(fan) }),
  html: markupFan,
};

const axisColumns: readonly Column[] = [
  { title: "axis", align: "right" },
  { title: "size", align: "right" },
  { title: "counts" },
];

const stepColumns: readonly Column[] = [
  { title: "result" },
  { title: "product", align: "right" },
];

function markupFan({ derivation }: ShownFan): string {
  const { shape, axes, steps } = derivation;
  const axisRows = axes.map((axis) => [
    String(axis.axis),
    String(axis.size),
    formatRole(axis),
  ]);
  const stepRows = steps.map((step) => [formatName(step), formatStep(step)]);
  return `<div>fan of a weight of shape ${
    escapeMarkup(formatShape(shape))
  }</div>
<div style="display:flex;flex-wrap:wrap;column-gap:3em;align-items:start">
${table(axisColumns, axisRows)}
${table(stepColumns, stepRows)}
</div>`;
}
