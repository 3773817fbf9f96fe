/**
 * What an initialiser does to a tensor, as plain data: for those who do it in
 * their own way, part by part.
 *
 * @module
 */

import type { FloatDtype } from "../core/dtype.ts";
import { metaTensor } from "../core/meta.ts";
import {
  listedSteps,
  perform,
  record,
  type Step,
  takeOff,
} from "../core/recording.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { Fill, type Law } from "../distributions/fill.ts";
import type { TruncatedNormal } from "../distributions/truncated_normal.ts";

/** What is done to a tensor; all numbers are checked and scaled. */
export type Recipe =
  | Law
  | ({ readonly kind: "truncatedNormal" } & TruncatedNormal)
  | Sparse
  | { readonly kind: "orthogonal"; readonly gain: number }
  | { readonly kind: "constant"; readonly value: number }
  | Ones;

/** Normals around 0, of which some become 0. */
export interface Sparse {
  readonly kind: "sparse";
  /** The standard deviation. */
  readonly std: number;
  /** How many elements of each column become 0. */
  readonly zeros: number;
}

/** Zeros, and ones in some places. */
export interface Ones {
  readonly kind: "ones";
  /** The places in row-major order, ascending. */
  readonly places: readonly number[];
}

/** A step that tells what it does. */
interface RecipeStep extends Step {
  readonly recipe: Recipe;
}

/**
 * Does what a recipe says, or lists it.
 *
 * @param recipe The recipe.
 * @param tensor The tensor.
 * @param run Does it.
 */
export function performRecipe(
  recipe: Recipe,
  tensor: Tensor,
  run: () => void,
): void {
  const draws = recipe.kind !== "constant" && recipe.kind !== "ones";
  const step: RecipeStep = { tensors: [tensor], draws, recipe, run };
  perform(step);
}

/**
 * Returns what an initialiser would do to a tensor; undefined where it would
 * leave it as it is. Nothing is drawn, and no memory taken for the tensor.
 *
 * @param shape Sizes along the axes.
 * @param dtype The element type.
 * @param initialise Calls the initialiser, once.
 * @throws What the initialiser throws.
 *
 * @example
 * ```ts
 * import { recipeOf } from "./recipe.ts";
 * import { xavierNormal } from "./xavier.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(recipeOf([60_000, 140_000], "float32", xavierNormal), {
 *   kind: "normal",
 *   mean: 0,
 *   std: Math.sqrt(2 / 200_000),
 * });
 * ```
 */
export function recipeOf(
  shape: Shape,
  dtype: FloatDtype,
  initialise: (tensor: Tensor<FloatDtype>) => void,
): Recipe | undefined {
  record(() => initialise(metaTensor(shape, dtype)));
  const [step = undefined] = listedSteps();
  takeOff(Infinity);
  return step instanceof Fill ? step.law : (step as RecipeStep)?.recipe;
}
