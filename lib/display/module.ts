/**
 * A layer or model in a notebook: PyTorch's text, and a table of its parameters.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import type { Renderer } from "../core/show.ts";
import type { Tensor } from "../core/tensor.ts";
import { theoryOf } from "../init/theory.ts";
import type { Module } from "../nn/module.ts";
import { formatCount, formatNumber } from "../plot/format.ts";
import { codeBlock, type Column, factLine, table } from "./table.ts";
import { momentsOf } from "./tensor.ts";

/** How layers and models look. */
export const moduleRenderer: Renderer<Module> = {
  bundle: (module) => ({ "text/html": markup(module) }),
  html: markup,
};

const columns: readonly Column[] = [
  { title: "parameter" },
  { title: "shape" },
  { title: "n", align: "right" },
  { title: "initialiser" },
  { title: "mean", align: "right" },
  { title: "std", align: "right" },
];

function markup(module: Module): string {
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
    theoryOf(parameter)?.name ?? "–",
    formatNumber(mean),
    formatNumber(sampleStd),
  ];
}
