/**
 * How layers fill a parameter by default.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import {
  normal,
  ones,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
} from "../init/mod.ts";
import type { AnyGenerator } from "../random/generator.ts";

/** Fills a parameter with its layer's default. */
export type Fill = (parameter: Tensor, generator?: AnyGenerator) => void;

/**
 * Returns the fill from U(−bound, bound).
 *
 * @param bound Half the width, at least 0.
 */
export function uniformWithin(bound: number): Fill {
  return (parameter, generator) =>
    uniform(parameter, { low: 0 - bound, high: bound, generator });
}

/** Fills from N(0, 1). */
export const standardNormal: Fill = (parameter, generator) =>
  normal(parameter, { generator });

/** Fills by Xavier's uniform rule. */
export const uniformByXavier: Fill = (parameter, generator) =>
  xavierUniform(parameter, { generator });

/** Fills by Xavier's normal rule. */
export const normalByXavier: Fill = (parameter, generator) =>
  xavierNormal(parameter, { generator });

/** Fills with zeros. */
export const allZeros: Fill = (parameter) => zeros(parameter);

/** Fills with ones. */
export const allOnes: Fill = (parameter) => ones(parameter);
