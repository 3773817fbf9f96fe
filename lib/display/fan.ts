/**
 * A fan in a notebook: what each axis counts, and the products.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import { escapeMarkup, type Renderer } from "../core/show.ts";
import type { ShownFan } from "../scaling/fan.ts";
import { formatName, formatRole, formatStep } from "../scaling/fan_text.ts";
import { type Column, table } from "./table.ts";

/** How fans look. */
export const fanRenderer: Renderer<ShownFan> = {
  bundle: (fan) => ({ "text/html": markup(fan) }),
  html: markup,
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

function markup({ derivation }: ShownFan): string {
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
