/**
 * The lines of facts under a title.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Histogram } from "../statistics/histogram.ts";
import type { Moments } from "../statistics/moments.ts";
import type { Law } from "./density.ts";
import { digitsFor, formatCount, formatNumber, formatShare } from "./format.ts";

/**
 * Returns what a tensor is: shape, dtype, n, and what is odd about it.
 *
 * @param tensor The tensor.
 * @param moments Its moments.
 * @param outside How many values lie outside the bins.
 */
export function tensorFacts(
  tensor: Tensor,
  moments: Moments,
  outside: Histogram["outside"],
): string {
  const facts = [
    formatShape(tensor.shape),
    tensor.dtype,
    `n = ${formatCount(moments.count)}`,
  ];
  if (moments.zeroShare > 0) {
    facts.push(`${formatShare(moments.zeroShare)} zeros`);
  }
  if (outside > 0) facts.push(`${formatCount(outside)} outside the bins`);
  if (moments.nonFinite > 0) {
    facts.push(`${formatCount(moments.nonFinite)} not finite, left out`);
  }
  return facts.join(" · ");
}

/**
 * Returns the moments in one line, the expected std beside the measured.
 *
 * @param moments The moments.
 * @param law What the values were drawn from, if known.
 */
export function momentFacts(moments: Moments, law: Law | null): string {
  const { mean, min, max } = moments;
  const digits = digitsFor(min, max);
  return [
    `mean ${formatNumber(mean, digits)}`,
    stdFact(moments, law),
    `min ${formatNumber(min, digits)}`,
    `max ${formatNumber(max, digits)}`,
  ].join(" · ");
}

/**
 * Returns the measured std, and the expected one where it is known.
 *
 * @param moments The moments.
 * @param law What the values were drawn from, if known.
 */
export function stdFact(moments: Moments, law: Law | null): string {
  const measured = `std ${formatNumber(moments.sampleStd)}`;
  return law === null
    ? measured
    : `${measured} (expected ${formatNumber(law.std)})`;
}
