/**
 * How fan and gain become the numbers of an initializer, as formulas to read.
 * The numbers are those of the distribution that filled the weight.
 *
 * @module
 */

import { formatCount, formatNumber } from "../../core/format.ts";
import { formatShape } from "../../core/shape.ts";
import { escapeMarkup } from "../../core/show.ts";
import type { Tensor } from "../../core/tensor.ts";
import {
  calculateGain,
  formatName,
  formatRole,
  formatStep,
} from "../../init/scaling.ts";
import { type Drawing, page } from "../../plot/page.ts";
import { sampleOf } from "../../plot/sample.ts";
import { renderSvg } from "../../plot/svg/svg.ts";
import { drawWeights } from "../../plot/histogram.ts";
import { expectationOf } from "../../random/distribution.ts";
import { filledBy } from "../../random/generator.ts";
import { type Column, table } from "../tables.ts";
import { codeOf, type Explored, firstValues, layerOf } from "./settings.ts";

/** A number with its formula. */
interface Fact {
  /** What it is. */
  readonly name: string;
  /** The formula, in names and then in numbers; empty where it is given. */
  readonly formula: string;
  /** Its value. */
  readonly value: number;
}

const digits = 6;

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
 * Returns the histogram of the weight as SVG.
 *
 * @param found What was explored.
 * @param width The width in pixels. Default: as other figures.
 */
export function pictureOf(found: Explored, width?: number): string {
  const drawing = drawingOf(found);
  const { title } = drawing.panels[0];
  return renderSvg({ ...drawing, ...page({ ...drawing, width }), title });
}

function drawingOf({ settings, weight }: Explored): Drawing {
  return drawWeights(
    "explore",
    sampleOf("explore", weight, settings.initializer),
    {},
  );
}

/**
 * Returns the counts and the scale in one line.
 *
 * @param found What was explored.
 */
export function summaryOf(found: Explored): string {
  const { fanIn, fanOut } = found.counted;
  const numbers = scaleOf(found).filter(({ name }) => name !== "gain");
  const layer = layerOf(found);
  return [
    `${layer === undefined ? "" : `${layer}: `}weight ${
      formatShape(found.weight.shape)
    }`,
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
    found.settings.initializer,
    drawingOf(found).text,
  ].join("\n");
}

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

/**
 * Returns the numbers of an initializer in the order in which they come about.
 *
 * @param found What was explored.
 */
function scaleOf(found: Explored): Fact[] {
  const { weight, counted, settings } = found;
  const { initializer, gain, std, low, high } = settings;
  const { fanIn, fanOut } = counted;
  const sum = shown(fanIn + fanOut);
  switch (initializer) {
    case "kaimingUniform":
    case "kaimingNormal":
      return kaiming(found);
    case "xavierUniform":
    case "xavierNormal":
      return spread(
        weight,
        `gain · √(2 / (fan in + fan out)) = ${shown(gain)} · √(2 / ${sum})`,
        "√3 · std",
      );
    case "varianceScaling":
    case "lecunUniform":
    case "lecunNormal":
      return varianceScaling(found);
    case "orthogonal":
      return orthogonal(found);
    case "deltaOrthogonal":
      return deltaOrthogonal(found);
    case "uniform":
      return spread(
        weight,
        `(high − low) / √12 = ${shown(high - low)} / √12`,
        "(high − low) / 2",
      );
    case "truncNormal":
      return spread(weight, `after the cut of std ${shown(std)}`);
    case "sparse":
      return spread(weight, `with the zeros, of std ${shown(std)}`);
    default:
      return spread(weight, "");
  }
}

/**
 * Returns a number as the panel shows it: six digits.
 *
 * @param value The number.
 */
function shown(value: number): string {
  return formatNumber(value, digits);
}

function kaiming({ settings, weight, counted }: Explored): Fact[] {
  const { mode, nonlinearity, negativeSlope } = settings;
  const gain = calculateGain(nonlinearity, negativeSlope);
  const [name, fan] = mode === "fan_in"
    ? ["fan in", counted.fanIn]
    : ["fan out", counted.fanOut];
  return [
    { name: "gain", formula: `of ${nonlinearity}`, value: gain },
    ...spread(
      weight,
      `gain / √(${name}) = ${shown(gain)} / √${fan}`,
      "√3 · std",
    ),
  ];
}

/** What is expected: the std, and the bound of a uniform. */
function spread(weight: Tensor, formula: string, bound = ""): Fact[] {
  const { distribution } = filledBy(weight)!;
  const { std } = expectationOf(distribution, weight.shape);
  const facts = [{ name: "std", formula, value: std }];
  if (distribution.kind !== "uniform") return facts;
  const value = (distribution.high - distribution.low) / 2;
  return [...facts, { name: "bound", formula: bound, value }];
}

function varianceScaling({ settings, weight, counted }: Explored): Fact[] {
  const { fanIn, fanOut } = counted;
  const { scale, mode } = settings.initializer === "varianceScaling"
    ? settings
    : { scale: 1, mode: "fan_in" as const };
  const [name, divisor] = {
    fan_in: ["fan in", fanIn],
    fan_out: ["fan out", fanOut],
    fan_avg: ["mean of the fans", (fanIn + fanOut) / 2],
    fan_geo_avg: ["geometric mean of the fans", Math.sqrt(fanIn * fanOut)],
  }[mode] as [string, number];
  return spread(
    weight,
    `√(scale / ${name}) = √(${shown(scale)} / ${shown(divisor)})`,
    "√3 · std",
  );
}

/** The squares of a row, or of a column, sum to the gain's square. */
function orthogonal({ settings, weight }: Explored): Fact[] {
  const rows = weight.shape[0];
  const side = Math.max(rows, weight.numel() / rows);
  const gain = Math.abs(settings.gain);
  return [{
    name: "root mean square",
    formula: `|gain| / √(longer side) = ${shown(gain)} / √${side}`,
    value: gain / Math.sqrt(side),
  }];
}

/** The squares of each column of the matrix in the middle sum to the same. */
function deltaOrthogonal({ settings, weight, counted }: Explored): Fact[] {
  const { receptiveField } = counted;
  const outputs = weight.shape[0];
  const gain = Math.abs(settings.gain);
  return [{
    name: "root mean square",
    formula: `|gain| / √(outputs · receptive field) = ${
      shown(gain)
    } / √(${outputs} · ${receptiveField})`,
    value: gain / Math.sqrt(outputs * receptiveField),
  }];
}

/**
 * Returns a fact in one line: formula, then value.
 *
 * @param fact The fact.
 */
function formatFact({ formula, value }: Fact): string {
  return formula === "" ? shown(value) : `${formula} = ${shown(value)}`;
}
