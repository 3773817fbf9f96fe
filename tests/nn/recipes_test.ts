/**
 * The recipes, against PyTorch: each parameter's bytes, and the generator's
 * state at the end.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { kolmogorovSmirnov } from "../../lib/numerics/kolmogorov_smirnov.ts";
import { singularValues } from "../../lib/numerics/singular_values.ts";
import {
  expectationOf,
  filledBy,
  Generator,
  initialize,
  nn,
  type Recipe,
  recipes,
  type Tensor,
  withSeed,
} from "../../mod.ts";
import {
  assertState,
  bytesOf,
  digestOf,
  readGolden,
  type StateDigest,
} from "../golden/golden.ts";
import { build, type Node } from "./recipe_models.ts";

interface RecipeCase {
  readonly recipe: keyof typeof recipes;
  readonly options: object;
  readonly model: Node;
  readonly seed: string;
  readonly parameters: readonly Parameter[];
  readonly state: StateDigest;
}

interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly sha256?: string;
  /** All values, where PyTorch's own rounding is another. */
  readonly bytes?: string;
}

/** How far PyTorch's orthogonal matrices and logarithms are, per recipe. */
const bounds: Readonly<Record<string, number>> = {
  lstm: 1e-5,
  ppo: 1e-5 * Math.SQRT2,
  // A unit in the last place of ln 98.
  chrono: 2 ** -21,
};

const rows = await readGolden<RecipeCase>("recipes.json");

for (const row of rows) {
  const { recipe, options, seed, parameters } = row;
  Deno.test(`recipes.${recipe} of ${Deno.inspect(options)} fills ${parameters.length} parameters as PyTorch does, seed ${seed}`, async () => {
    const model = withSeed(1, () => build(row.model));
    const generator = new Generator(Number(seed));
    const made = (recipes[recipe] as (options: object) => Recipe)(options);
    const { rows: found, idle } = initialize(model, made, { generator });
    const named = model.namedParameters();
    assertEquals(found.map(({ name }) => name), named.map(([name]) => name));
    for (const [i, [name, tensor]] of named.entries()) {
      const { bytes, sha256, shape } = parameters[i];
      assertEquals([name, tensor.shape], [parameters[i].name, shape]);
      if (bytes !== undefined) assertNear(tensor, bytes, bounds[recipe], name);
      else assertEquals((await digestOf(tensor)).sha256, sha256, name);
    }
    await assertState(generator, row.state);
    void idle;
  });
}

function assertNear(tensor: Tensor, hex: string, bound: number, name: string) {
  const bytes = Uint8Array.fromHex(hex);
  const expected = new Float32Array(bytes.buffer);
  assertEquals(tensor.numel(), expected.length, name);
  tensor.toFloat32().forEach((value, i) => {
    const difference = Math.abs(value - expected[i]);
    assert(difference <= bound, `${name}[${i}]: ${value}, ${expected[i]}`);
  });
}
void [kolmogorovSmirnov, singularValues, expectationOf, filledBy, nn, bytesOf];
