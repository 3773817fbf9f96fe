/**
 * The two ways in which initialisers draw: check everything, fill, remember.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { perform } from "../core/recording.ts";
import { Fill } from "../distributions/fill.ts";
import { checkNormal } from "../distributions/normal.ts";
import { checkUniform } from "../distributions/uniform.ts";
import type { Generator } from "../random/generator.ts";
import { uniformStd } from "../scaling/spread.ts";
import { checkFillable, generatorOf } from "./target.ts";
import { setTheory } from "./theory.ts";

/** The initialiser on whose behalf is drawn. */
export interface Drawer {
  /** Its name in `init`. */
  readonly name: string;
  /** Its options that took effect. */
  readonly options: Readonly<Record<string, number | string>>;
  /** Where the words come from; undefined for the default generator. */
  readonly generator: Generator | undefined;
}

/**
 * Returns how an initialiser is named in an error's sentence.
 *
 * @param name The name in `init`.
 */
export function actionOf(name: string): string {
  return `fill with init.${name}`;
}

/**
 * Fills a tensor from the uniform on [low, high).
 *
 * @param tensor The tensor.
 * @param low The lower end.
 * @param high The upper end.
 * @param drawer Who draws.
 * @returns The tensor.
 */
export function drawUniform<T extends Tensor>(
  tensor: T,
  low: number,
  high: number,
  { name, options, generator }: Drawer,
): T {
  const action = actionOf(name);
  checkFillable(action, tensor);
  checkUniform(action, low, high, tensor.dtype);
  const source = generatorOf(action, generator);
  perform(new Fill(tensor, { kind: "uniform", low, high }, source));
  setTheory(tensor, {
    name,
    options,
    distribution: "uniform",
    mean: (low + high) / 2,
    std: uniformStd(low, high),
    bound: (high - low) / 2,
  });
  return tensor;
}

/**
 * Fills a tensor from the normal with a mean and a standard deviation.
 *
 * @param tensor The tensor.
 * @param mean The mean.
 * @param std The standard deviation.
 * @param drawer Who draws.
 * @returns The tensor.
 */
export function drawNormal<T extends Tensor>(
  tensor: T,
  mean: number,
  std: number,
  { name, options, generator }: Drawer,
): T {
  const action = actionOf(name);
  checkFillable(action, tensor);
  checkNormal(action, mean, std);
  const source = generatorOf(action, generator);
  perform(new Fill(tensor, { kind: "normal", mean, std }, source));
  setTheory(tensor, {
    name,
    options,
    distribution: "normal",
    mean,
    std,
    bound: null,
  });
  return tensor;
}
