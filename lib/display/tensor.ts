/**
 * A tensor in a notebook: its text and a line of facts about its values.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { formatShape } from "../core/shape.ts";
import type { Renderer } from "../core/show.ts";
import type { Tensor } from "../core/tensor.ts";
import { valuesOf } from "../core/values.ts";
import { formatCount, formatNumber } from "../plot/format.ts";
import { type Moments, moments } from "../statistics/moments.ts";
import { codeBlock, factLine } from "./table.ts";

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
export function momentsOf(tensor: Tensor): Moments {
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
