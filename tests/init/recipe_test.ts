import { assertEquals, assertThrows } from "@std/assert";
import { recipeOf } from "../../lib/init/recipe.ts";
import { Generator, init } from "../../mod.ts";

Deno.test("a recipe is what an initialiser would do, at any size", () => {
  const shape = [2 ** 20, 2 ** 20];
  const recipe = (initialise: Parameters<typeof recipeOf>[2]) =>
    recipeOf(shape, "float32", initialise);
  assertEquals(recipe((t) => init.normal(t, { std: 3 })), {
    kind: "normal",
    mean: 0,
    std: 3,
  });
  const bound = Math.sqrt(3) * Math.sqrt(2 / 2 ** 21);
  assertEquals(recipe((t) => init.xavierUniform(t)), {
    kind: "uniform",
    low: -bound,
    high: bound,
  });
  assertEquals(recipe((t) => init.truncNormal(t, { high: 1 })), {
    kind: "truncatedNormal",
    mean: 0,
    std: 1,
    low: -2,
    high: 1,
  });
  assertEquals(recipe((t) => init.sparse(t, { sparsity: 0.25 })), {
    kind: "sparse",
    std: 0.01,
    zeros: 2 ** 18,
  });
  assertEquals(recipe((t) => init.orthogonal(t, { gain: 2 })), {
    kind: "orthogonal",
    gain: 2,
  });
  assertEquals(recipe((t) => init.ones(t)), { kind: "constant", value: 1 });
});

Deno.test("the ones of eye and dirac are places in row-major order", () => {
  assertEquals(recipeOf([2, 3], "float16", init.eye), {
    kind: "ones",
    places: [0, 4],
  });
  assertEquals(recipeOf([2, 2, 3], "float32", (t) => init.dirac(t)), {
    kind: "ones",
    places: [1, 10],
  });
});

Deno.test("an initialiser that does nothing has no recipe", () => {
  assertEquals(recipeOf([0, 3], "float32", init.kaimingNormal), undefined);
});

Deno.test("a recipe draws nothing, and leaves no step behind", () => {
  const generator = new Generator(1);
  recipeOf([7], "float32", (t) => init.normal(t, { generator }));
  assertEquals(generator.getState(), new Generator(1).getState());
});

Deno.test("what an initialiser refuses has no recipe", () => {
  assertThrows(
    () => recipeOf([3], "float32", init.xavierNormal),
    RangeError,
    "the rank must be at least 2",
  );
  // Nothing lasts after that.
  assertEquals(recipeOf([3], "float32", init.zeros)?.kind, "constant");
});
