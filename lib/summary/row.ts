/**
 * One tensor of a summary: what it is, what is expected and what is measured.
 *
 * @module
 */

import { type Dtype, dtypes } from "../core/dtype.ts";
import type { Tensor } from "../core/tensor.ts";
import { valuesOf } from "../core/values.ts";
import { quantizationOf } from "../core/quantization.ts";
import { theoryOf } from "../init/theory.ts";
import { fan } from "../scaling/fan.ts";
import type { FanLayout } from "../scaling/fan_axes.ts";
import { type Moments, moments } from "../statistics/moments.ts";
import { type Expectation, expectationOf, stdError } from "./expectation.ts";
import type { SummaryRow } from "./result.ts";

/** A tensor that was measured, before it is judged. */
export interface Measured {
  /** Its name. */
  readonly name: string;
  /** The tensor. */
  readonly tensor: Tensor;
  /** The moments of its values. */
  readonly found: Moments;
  /** What is expected of them; null where that is not known. */
  readonly expected: Expectation | null;
}

/**
 * Returns what a tensor's values are and what they are expected to be. One pass
 * over the values.
 *
 * @param name The tensor's name.
 * @param tensor The tensor.
 */
export function measure(name: string, tensor: Tensor): Measured {
  const theory = theoryOf(tensor);
  return {
    name,
    tensor,
    found: moments(valuesOf(tensor)),
    expected: theory === undefined
      ? null
      : expectationOf(theory, tensor.numel()),
  };
}

/**
 * Returns the row of a tensor.
 *
 * @param measured The tensor and what was measured.
 * @param judgement What is to be said of it.
 * @param axes The axes by what they count. Default: PyTorch's.
 */
export function rowOf(
  measured: Measured,
  judgement: Pick<SummaryRow, "verdict" | "attention">,
  axes: FanLayout | undefined,
): SummaryRow {
  const { name, tensor, found, expected } = measured;
  const { shape, dtype } = tensor;
  const { kind } = dtypes[dtype];
  const counts = kind === "float" && shape.length >= 2
    ? fan(shape, { axes })
    : null;
  return {
    name,
    shape,
    dtype,
    elements: tensor.numel(),
    quantized: quantizationOf(tensor)?.dtype ?? null,
    fanIn: counts?.fanIn ?? null,
    fanOut: counts?.fanOut ?? null,
    initialiser: theoryOf(tensor)?.name ?? null,
    expectedMean: expected?.mean ?? null,
    expectedStd: expected?.std ?? null,
    ...numbersOf(found, dtype),
    ...scoresOf(measured),
    ...judgement,
  };
}

/**
 * Returns the moments of a tensor as plain data; null where there is no such
 * number, and for truth values.
 *
 * @param found The moments.
 * @param dtype The tensor's dtype.
 */
export function numbersOf(
  found: Moments,
  dtype: Dtype,
): Pick<
  SummaryRow,
  "mean" | "std" | "min" | "max" | "zeroShare" | "nonFinite"
> {
  const number = (value: number) =>
    dtypes[dtype].kind === "bool" || Number.isNaN(value) ? null : value;
  return {
    mean: number(found.mean),
    std: number(found.sampleStd),
    min: number(found.min),
    max: number(found.max),
    zeroShare: Number.isNaN(found.zeroShare) ? null : found.zeroShare,
    nonFinite: found.nonFinite,
  };
}

/**
 * Returns how many standard errors std and mean are from what is expected.
 *
 * @param measured The tensor and what was measured.
 */
export function scoresOf(
  { found, expected }: Measured,
): Pick<SummaryRow, "z" | "meanZ"> {
  const { count, mean, sampleStd } = found;
  if (!expected?.kurtosis || count === 0) return { z: null, meanZ: null };
  const error = stdError(expected.std, expected.kurtosis, count);
  return {
    z: count < 2 ? null : (sampleStd - expected.std) / error,
    meanZ: (mean - expected.mean) / (expected.std / Math.sqrt(count)),
  };
}
