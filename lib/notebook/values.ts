/**
 * Renders tensors, layers, summaries and fans in a notebook: their text, and
 * tables of facts about them.
 *
 * @module
 */

import type { Summary } from "../checkpoint/summary/result.ts";
import { totalFacts } from "../checkpoint/summary/text.ts";
import { columnsOf } from "../checkpoint/summary/view.ts";
import { dtypes } from "../core/dtype.ts";
import { formatCount, formatNumber, plural } from "../core/format.ts";
import { formatShape } from "../core/shape.ts";
import { escapeMarkup, type Renderer } from "../core/show.ts";
import { hasMemory, type Tensor, valuesOf } from "../core/tensor.ts";
import {
  formatName,
  formatRole,
  formatStep,
  type ShownFan,
} from "../init/scaling.ts";
import type { Module } from "../nn/module.ts";
import {
  type Initialization,
  initializationCells,
  initializationFacts,
  initializationTitles,
} from "../nn/recipes/result.ts";
import { type Moments, moments } from "../numerics/moments.ts";
import { filledBy } from "../random/generator.ts";
import {
  codeBlock,
  type Column,
  factLine,
  foldedTable,
  marked,
  table,
} from "./tables.ts";

/** The renderer of tensors. */
export const tensorRenderer: Renderer<Tensor> = {
  bundle: (tensor) => ({ "text/html": tensorMarkup(tensor) }),
  html: tensorMarkup,
};

/**
 * Returns mean, standard deviation and extremes of a tensor's elements.
 *
 * @param tensor The tensor; dtypes other than float64 are read as float32.
 */
function momentsOf(tensor: Tensor): Moments {
  return moments(valuesOf(tensor));
}

function tensorMarkup(tensor: Tensor): string {
  return `${codeBlock(tensor.toString())}\n${factLine(facts(tensor))}`;
}

function facts(tensor: Tensor): string[] {
  const kind = [
    `shape ${formatShape(tensor.shape)}`,
    tensor.dtype,
    `n = ${formatCount(tensor.numel())}`,
  ];
  if (tensor.numel() < 2 || !isMeasured(tensor)) return kind;
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

/** Whether there are moments: there are none of truth values, nor of pairs. */
function isMeasured(tensor: Tensor): boolean {
  const { kind } = dtypes[tensor.dtype];
  return ["float", "integer"].includes(kind) && hasMemory(tensor);
}

/** The renderer of layers and models. */
export const moduleRenderer: Renderer<Module> = {
  bundle: (module) => ({ "text/html": moduleMarkup(module) }),
  html: moduleMarkup,
};

const columns: readonly Column[] = [
  { title: "parameter", broken: "names" },
  { title: "shape" },
  { title: "n", align: "right" },
  { title: "initializer" },
  { title: "mean", align: "right" },
  { title: "std", align: "right" },
];

function moduleMarkup(module: Module): string {
  const text = codeBlock(module.toString());
  const parameters = module.namedParameters();
  if (parameters.length === 0) return text;
  const count = parameters.reduce((sum, [, each]) => sum + each.numel(), 0);
  const total = factLine([
    `${plural(count, "element")} in ${plural(parameters.length, "parameter")}`,
  ]);
  return `${text}\n${foldedTable(columns, parameters.map(row))}\n${total}`;
}

function row([name, parameter]: [string, Tensor]): string[] {
  const found = isMeasured(parameter) ? momentsOf(parameter) : undefined;
  return [
    name,
    formatShape(parameter.shape),
    formatCount(parameter.numel()),
    filledBy(parameter)?.initializer ?? "–",
    found === undefined ? "–" : formatNumber(found.mean),
    found === undefined ? "–" : formatNumber(found.sampleStd),
  ];
}

/** The renderer of summaries. */
export const summaryRenderer: Renderer<Summary> = {
  bundle: (summary) => ({ "text/html": summaryMarkup(summary) }),
  html: summaryMarkup,
};

/** The room that up to thirteen columns leave. */
const digits = 3;

function summaryMarkup(summary: Summary): string {
  const totals = factLine(totalFacts(summary));
  if (summary.rows.length === 0) return totals;
  const [name, ...others] = columnsOf(summary, "verdict");
  const columns = [{ ...name, broken: "names" as const }, ...others];
  const markable = others.find(({ title }) => title === "verdict") ?? name;
  const rows = summary.rows.map((row) =>
    columns.map(({ title, cell }) => {
      const text = cell(row, digits);
      return title === markable.title && row.attention ? marked(text) : text;
    })
  );
  return `<div style="overflow-x:auto;font-size:.85em">\n${
    foldedTable(columns, rows)
  }\n</div>\n${totals}`;
}

/** The renderer of what `initialize` returns. */
export const initializationRenderer: Renderer<Initialization> = {
  bundle: (found) => ({ "text/html": initializationMarkup(found) }),
  html: initializationMarkup,
};

function initializationMarkup(found: Initialization): string {
  const columns = initializationTitles.map((title): Column => ({
    title,
    align: ["mean", "std"].includes(title) ? "right" : "left",
  }));
  const cells = initializationCells(found).map(([name, ...rest]) => [
    name.replace(/^ +/, (space) => "\u2003".repeat(space.length)),
    ...rest,
  ]);
  const facts = initializationFacts(found)
    .map((fact) => `<div>${escapeMarkup(fact)}</div>`);
  return `<div style="overflow-x:auto;font-size:.85em">
${table(columns, cells)}
</div>
<div style="margin:.4em 0;opacity:.8">${facts.join("\n")}</div>`;
}

/** The renderer of fans. */
export const fanRenderer: Renderer<ShownFan> = {
  bundle: (fan) => ({ "text/html": fanMarkup(fan) }),
  html: fanMarkup,
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

function fanMarkup({ derivation }: ShownFan): string {
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
