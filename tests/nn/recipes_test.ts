/**
 * The recipes, against PyTorch: each parameter's bytes, and the generator's
 * state at the end.
 *
 * @module
 */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { kolmogorovSmirnov } from "../../lib/numerics/kolmogorov_smirnov.ts";
import { singularValues } from "../../lib/numerics/singular_values.ts";
import { uniformCdf } from "../../lib/numerics/special.ts";
import { stdError } from "../../lib/random/distribution.ts";
import {
  empty,
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
    const made = recipeOf(row);
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
    assertEquals(idle, []);
    for (const { name, mean, std } of found) {
      const tensor = model.stateDict()[name];
      if (std === null) continue;
      assertMoments(tensor, { mean: mean!, std }, `${recipe}, ${name}`);
    }
  });
}

Deno.test("every recipe is compared with PyTorch, and says where it is from", () => {
  const compared = new Set<string>(rows.map(({ recipe }) => recipe));
  // Its option is a model, which the golden rows cannot have.
  assertEquals(
    [...compared, "muP"].sort(),
    Object.keys(recipes).sort(),
  );
  for (const row of rows) {
    const { recipe } = row;
    const made = recipeOf(row);
    assertEquals(made.title, recipe);
    assert(/\b(19|20)\d\d\b/.test(made.paper), made.paper);
    assert(/\.py\b|initializ/.test(made.file), made.file);
    assert(Object.isFrozen(made) && made.rules.every(Object.isFrozen));
    assertThrows(
      () => (recipes[recipe] as (options: object) => Recipe)({ lauers: 1 }),
      TypeError,
      `Cannot make recipes.${recipe}: `,
    );
  }
});

Deno.test("0.02, truncated, is three distributions", () => {
  const of = (recipe: Recipe, name: string, layer: nn.Module) => {
    const holder = new nn.Module().addModule(name, layer);
    const generator = new Generator(1);
    const [{ std }] = initialize(holder, recipe, { generator }).rows;
    const [weight] = holder.parameters();
    const far = Math.max(...weight.toFloat32().map(Math.abs));
    return { std: std!, far };
  };
  const linear = () => new nn.Linear(2500, 40, { bias: false });
  const google = of(recipes.bert(), "fc", linear());
  assertAlmostEquals(google.std, 0.0175925, 1e-7);
  assert(google.far <= 0.04);
  // The output of torchtitan's LLaMA: d^−½ = 0.02, cut at 3 std.
  const titan = recipes.llama({ variant: "torchtitan" });
  const output = of(titan, "output", linear());
  assertAlmostEquals(output.std, 0.0197316, 1e-7);
  assert(output.far <= 0.06 && output.far > 0.04);
  const timm = of(recipes.vitTimm(), "fc", linear());
  assertAlmostEquals(timm.std, 0.02, 1e-15);
  assert(timm.far > 0.06);
});

Deno.test("Fixup's exponent is negative: the more blocks, the smaller the branches", () => {
  const block = (count: number) => {
    const holder = new nn.Module();
    for (let i = 1; i <= count; i++) {
      holder.addModule(`conv${i}`, new nn.Conv2d(4, 4, 3, { bias: false }));
    }
    return holder;
  };
  const he = Math.sqrt(2 / 36);
  const factors = [[2, 0.288675], [3, 0.537285]] as const;
  for (const [count, factor] of factors) {
    const { rows } = initialize(block(count), recipes.fixup({ layers: 12 }));
    assertAlmostEquals(rows[0].std! / he, factor, 1e-6);
    assertEquals(rows.at(-1)!.initializer, "zeros");
  }
  const stack = new nn.ModuleList(Array.from({ length: 12 }, () => block(2)));
  const { rows } = initialize(stack, recipes.fixup());
  assertAlmostEquals(rows[0].std! / he, 0.288675, 1e-6);
});

Deno.test("chrono's biases are added once, and the input gate's are the opposite", () => {
  const rnn = new nn.LSTM(3, 50, 2);
  initialize(rnn, recipes.chrono({ longest: 100 }), {
    generator: new Generator(2),
  });
  for (const layer of [0, 1]) {
    const bias = rnn[`bias_ih_l${layer}`]!.toFloat32();
    const other = rnn[`bias_hh_l${layer}`]!.toFloat32();
    assert(other.every((x) => x === 0));
    const [input, forget, cell, output] = [0, 1, 2, 3].map((gate) =>
      Array.from(bias.subarray(50 * gate, 50 * gate + 50))
    );
    assertEquals(input, forget.map((x) => -x));
    assert([...cell, ...output].every((x) => x === 0));
    const times = forget.map(Math.exp);
    assert(times.every((x) => x > 1 - 1e-6 && x < 99 + 1e-4));
    // Doubled, the largest would be far above T.
    const { pValue } = kolmogorovSmirnov(times, uniformCdf(1, 99));
    assert(pValue > 1e-4, `${pValue}`);
    const doubled = times.map((x) => x * x);
    assert(kolmogorovSmirnov(doubled, uniformCdf(1, 99)).pValue < 1e-4);
  }
  assertThrows(
    () => initialize(rnn, recipes.chrono({ longest: 2 })),
    RangeError,
    "longest must be above 2, got 2",
  );
});

Deno.test("an orthogonal matrix of four gates is not orthogonal in each", () => {
  const rnn = new nn.LSTM(8, 64);
  const gates = () =>
    [0, 1, 2, 3].map((gate) => {
      const from = 64 * 64 * gate;
      const data = rnn.weight_hh_l0.toFloat32().slice(from, from + 64 * 64);
      const matrix = { data: Float64Array.from(data), rows: 64, columns: 64 };
      return Array.from(singularValues(matrix));
    });
  const rootMeanSquare = (values: number[]) =>
    Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
  initialize(rnn, recipes.lstm(), { generator: new Generator(1) });
  for (const values of gates()) {
    assertAlmostEquals(rootMeanSquare(values), 0.5, 0.02);
    assert(Math.max(...values) - Math.min(...values) > 0.5);
  }
  initialize(rnn, recipes.lstm({ perGate: true }));
  for (const values of gates()) {
    for (const value of values) assertAlmostEquals(value, 1, 1e-5);
  }
  const { parts } = filledBy(rnn.weight_hh_l0)!;
  assertEquals(parts!.map(({ rows }) => rows), [
    [0, 64],
    [64, 128],
    [128, 192],
    [192, 256],
  ]);
});

Deno.test("of a fused query, key and value DeepNorm scales the values alone", () => {
  const layer = new nn.TransformerEncoderLayer(64, 4);
  const fused = layer.self_attn.in_proj_weight!;
  initialize(layer, recipes.deepNorm({ layers: 12 }), {
    generator: new Generator(1),
  });
  const stds = [0, 1, 2].map((third) => {
    const values = fused.toFloat32().subarray(4096 * third, 4096 * (third + 1));
    return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / 4096);
  });
  // Each third as Xavier's matrix [64, 64]: the fused one would have 0.0884.
  for (const [third, gain] of [1, 1, 0.319472].entries()) {
    const std = gain / 8;
    assert(Math.abs(stds[third] / std - 1) < 4 / Math.sqrt(2 * 4096));
  }
  const note = recipes.deepNorm({ layers: 12 }).note;
  assert(note.endsWith("α = 2.21336"), note);
});

Deno.test("muP's readout starts as in the base model, all else by its own width", () => {
  class Net extends nn.Module {
    embed: nn.Embedding;
    conv: nn.Conv2d;
    hidden: nn.Linear;
    readout: nn.Linear;
    constructor(width: number) {
      super();
      this.embed = new nn.Embedding(30, width);
      this.conv = new nn.Conv2d(3, width, 3);
      this.hidden = new nn.Linear(width, 4 * width);
      this.readout = new nn.Linear(4 * width, 10);
    }
  }
  const base = new Net(16);
  const stdsOf = (width: number, options = {}) => {
    const model = new Net(width);
    const { rows } = initialize(model, recipes.muP({ base, ...options }), {
      generator: new Generator(3),
    });
    for (const [i, { mean, std, name }] of rows.entries()) {
      const tensor = model.parameters()[i];
      assertMoments(tensor, { mean: mean!, std: std! }, name);
    }
    return rows.map(({ std }) => std);
  };
  const conv = 1 / Math.sqrt(27);
  const [half, quarter] = [1 / Math.sqrt(64), 1 / Math.sqrt(16)];
  // The embedding, the convolution and the hidden layer with their biases.
  assertEquals(stdsOf(16), [1, conv, 0, quarter, 0, half, 0]);
  assertEquals(stdsOf(64), [1, conv, 0, 1 / 8, 0, half, 0]);
  assertEquals(stdsOf(64, { gain: 2 }), [
    1,
    2 * conv,
    0,
    1 / 4,
    0,
    2 * half,
    0,
  ]);
  assertEquals(stdsOf(64, { zeroReadout: true })[5], 0);
  assertThrows(
    () => initialize(new nn.Linear(2, 2), recipes.muP({ base })),
    RangeError,
    "Cannot initialize weight: the base model must have it",
  );
  assertThrows(
    () => recipes.muP({ base: 3 as never }),
    TypeError,
    "Cannot make recipes.muP: base must be a model, got 3",
  );
});

Deno.test("recipes in a list are asked in turn", () => {
  class Block extends nn.Module {
    gamma: Tensor = empty([4]);
    proj_out: nn.Linear = new nn.Linear(4, 4);
    fc: nn.Linear = new nn.Linear(4, 4);
  }
  const { rows } = initialize(new Block(), [
    recipes.layerScale({ value: 0.1 }),
    recipes.zeroOutput(),
    recipes.gpt2(),
  ]);
  assertEquals(rows.map(({ rule, mean, std }) => [rule, mean, std]), [
    ["layerScale: gamma", 0.1, 0],
    ["zeroOutput: output", 0, 0],
    ["zeroOutput: output", 0, 0],
    ["gpt2: Linear, Embedding weight", 0, 0.02],
    ["gpt2: Linear bias", 0, 0],
  ]);
});

Deno.test("T5's table of relative places needs the width beside it", () => {
  const alone = new nn.Module().addModule(
    "relative_attention_bias",
    new nn.Embedding(4, 2),
  );
  assertThrows(
    () => initialize(alone, recipes.t5()),
    RangeError,
    "Cannot initialize relative_attention_bias.weight: there must be a query named q beside it",
  );
});

function assertNear(tensor: Tensor, hex: string, bound: number, name: string) {
  const bytes = Uint8Array.fromHex(hex);
  const expected = new Float32Array(bytes.buffer);
  assertEquals(tensor.numel(), expected.length, name);
  tensor.toFloat32().forEach((value, i) => {
    const difference = Math.abs(value - expected[i]);
    assert(difference <= bound, `${name}[${i}]: ${value}, ${expected[i]}`);
  });
}

function recipeOf({ recipe, options }: RecipeCase): Recipe {
  const make = recipes[recipe] as (options?: object) => Recipe;
  return Object.keys(options).length === 0 ? make() : make(options);
}

/** Within four standard errors, and exactly where there is no spread. */
function assertMoments(
  tensor: Tensor,
  { mean, std }: { readonly mean: number; readonly std: number },
  name: string,
): void {
  const values = tensor.toFloat32();
  const filled = filledBy(tensor)!;
  const { distribution, zeroed } = filled;
  const { kurtosis } = expectationOf(distribution, tensor.shape, zeroed);
  if (std === 0) {
    assert(values.every((x) => x === Math.fround(mean)), name);
    return;
  }
  const square = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const measured = Math.sqrt(square / values.length);
  if (kurtosis === null) return assertAlmostEquals(measured, std, 1e-5 * std);
  if (values.length < 100) return;
  const error = stdError(std, kurtosis, values.length);
  assert(Math.abs(measured - std) < 4 * error, `${name}: ${measured}, ${std}`);
}
