/**
 * What was explored, as text for a console and as HTML for a page. The still
 * picture's output and the live panel show the same HTML.
 *
 * @module
 */

import { formatShape } from "../../core/shape.ts";
import { escapeMarkup } from "../../core/show.ts";
import { formatCount } from "../../plot/format.ts";
import { weights } from "../../plot/weights.ts";
import { formatName, formatRole, formatStep } from "../../scaling/fan_text.ts";
import { type Column, table } from "../table.ts";
import { codeOf, type Explored, firstValues } from "./explored.ts";
import { formatFact, scaleOf, shown } from "./scale.ts";

/**
 * Returns the counts and the scale in one line.
 *
 * @param found What was explored.
 */
export function summaryOf(found: Explored): string {
  const { fanIn, fanOut } = found.counted;
  const numbers = scaleOf(found).filter(({ name }) => name !== "gain");
  return [
    `weight ${formatShape(found.weight.shape)}`,
    `fan in ${fanIn}`,
    `fan out ${fanOut}`,
    ...numbers.map(({ name, value }) => `${name} ${shown(value)}`),
  ].join(" · ");
}

/**
 * Returns what was explored as text, with a histogram in characters.
 *
 * @param found What was explored.
 */
export function textOf(found: Explored): string {
  const { counted, connected } = found;
  const same = String(counted) === String(connected);
  const facts = scaleOf(found).map((fact) =>
    `  ${fact.name.padEnd(15)} = ${formatFact(fact)}`
  );
  return [
    codeOf(found),
    String(counted),
    ...same ? [] : [`by connections, ${connected}`],
    ...facts,
    `first values: ${firstValues(found).join(", ")}`,
    String(weights(found.weight)),
  ].join("\n");
}

const axisColumns: readonly Column[] = [
  { title: "axis", align: "right" },
  { title: "size", align: "right" },
  { title: "counts" },
];

const fanColumns: readonly Column[] = [
  { title: "count" },
  { title: "PyTorch", align: "right" },
  { title: "connections", align: "right" },
];

const scaleColumns: readonly Column[] = [
  { title: "scale" },
  { title: "formula" },
];

/**
 * Returns the derivation, the scale, the call and the first values as HTML.
 *
 * @param found What was explored.
 */
export function markupOf(found: Explored): string {
  const { counted, connected } = found;
  const axes = connected.derivation.axes.map((axis) => [
    String(axis.axis),
    String(axis.size),
    formatRole(axis),
  ]);
  const fans = counted.derivation.steps.map((step, index) => {
    const connection = connected.derivation.steps[index];
    return [formatName(connection), formatStep(step), formatStep(connection)];
  });
  const scale = scaleOf(found).map((fact) => [fact.name, formatFact(fact)]);
  const tables = [
    table(axisColumns, axes),
    table(fanColumns, fans),
    table(scaleColumns, scale),
  ].map((html) => `<div style="overflow-x:auto">${html}</div>`);
  return `<div style="display:flex;flex-wrap:wrap;column-gap:2.5em;align-items:start">
${tables.join("\n")}
</div>
<div style="margin:.6em 0;overflow-wrap:anywhere"><code>${
    escapeMarkup(codeOf(found))
  }</code></div>
<div style="margin:.6em 0;font-variant-numeric:tabular-nums">first of ${
    formatCount(found.weight.numel())
  } values: ${
    firstValues(found).map((value) =>
      `<span style="white-space:nowrap">${escapeMarkup(value)}</span>`
    ).join(", ")
  }</div>`;
}
