/**
 * The cases of tests/golden/statistics.json and kolmogorov_smirnov.json with
 * their values.
 *
 * @module
 */

import tests from "../golden/kolmogorov_smirnov.json" with { type: "json" };
import golden from "../golden/statistics.json" with { type: "json" };
import { bell, eighths, outlier, uniform } from "./samples.ts";

type Recipe = (typeof golden.cases)[number]["recipe"];

const kinds = { uniform, bell, outlier, eighths };

/** The cases, each with the values that NumPy was given. */
export const cases = golden.cases.map((one) => ({
  ...one,
  name: JSON.stringify(one.recipe),
  values: valuesOf(one.recipe),
}));

/** The tests, each with the values that SciPy was given. */
export const ksCases = tests.cases.map((one) => ({
  ...one,
  name: JSON.stringify([one.recipe, one.law]),
  values: valuesOf(one.recipe),
}));

function valuesOf(recipe: Recipe): Float64Array {
  if (recipe.values !== undefined) return Float64Array.from(recipe.values);
  const { kind, n, seed, scale, shift } = recipe;
  return kinds[kind as keyof typeof kinds](n!, seed!)
    .map((value) => value * scale! + shift!);
}
