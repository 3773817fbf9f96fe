import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Generator, propagate } from "../../mod.ts";
import {
  type ArchitectureLayer,
  type ArchitectureOptions,
  architecturePlan,
  passBlocks,
} from "../../lib/propagation/architecture.ts";
import { bandOf } from "../../lib/propagation/bands.ts";
import type { BlockTheory } from "../../lib/propagation/blocks/block.ts";
import { blocks } from "../../lib/propagation/blocks/mod.ts";
import { readGolden } from "../golden/golden.ts";
import { assertNear } from "./near.ts";

interface GradientRow {
  readonly options: ArchitectureOptions;
  readonly numbers: Readonly<Record<string, readonly number[]>>;
  readonly inputGradient: readonly number[];
}

interface StackRow {
  readonly options: ArchitectureOptions;
  readonly at: readonly number[];
  readonly first: Readonly<Record<string, readonly number[]>>;
  readonly mean: Readonly<Record<string, readonly number[]>>;
  readonly error: Readonly<Record<string, readonly number[]>>;
}

const small = await readGolden<GradientRow>("block_gradients.json");
const stacks = await readGolden<StackRow>("blocks.json");

/** Returns a layer's number by the golden files' name. */
function numberOf(layer: ArchitectureLayer, name: string): number {
  const weight = /^weight(\d)$/.exec(name);
  if (weight !== null) {
    return layer.weightGradients![Number(weight[1]) - 1].meanSquare;
  }
  const found = layer[name as "stream" | "tokenCosine"]!;
  return "value" in found ? found.value : found.meanSquare;
}

function expectedOf(
  { stream, gradient, others, weightGradients }: BlockTheory,
  name: string,
): number | undefined {
  const weight = /^weight(\d)$/.exec(name);
  return weight === null
    ? { stream, gradient, ...others }[name]
    : weightGradients?.[Number(weight[1]) - 1];
}

for (const [row, { options, numbers, inputGradient }] of small.entries()) {
  const { block, ...rest } = options;
  Deno.test(`${row}, ${block}: signals and gradients are autograd's`, () => {
    const found = passBlocks(architecturePlan("propagate", options as never));
    const { data } = found.inputGradient;
    const size = Math.max(...inputGradient.map(Math.abs));
    assertEquals(data.length, inputGradient.length);
    data.forEach((value, i) => {
      const error = Math.abs(value - inputGradient[i]);
      assert(error <= 1e-10 * size, `${i}: ${value}, ${inputGradient[i]}`);
    });
    for (const [name, values] of Object.entries(numbers)) {
      found.layers.forEach((layer, i) =>
        assertNear(numberOf(layer, name), values[i], 1e-10, `${name} ${i + 1}`)
      );
    }
    assertEquals(rest.depth, found.layers.length);
  });
}

for (const [row, { options, at, first }] of stacks.entries()) {
  const { block, depth, width: _, batch: __, ...rest } = options;
  const name = `${row}, ${block} ${JSON.stringify(rest)}`;
  Deno.test(`${name}: seed 0 is PyTorch's, block by block`, () => {
    const { layers } = propagate(options);
    for (const [name, values] of Object.entries(first)) {
      at.forEach((layer, i) =>
        assertNear(
          numberOf(layers[layer - 1], name),
          values[i],
          1e-9,
          `${name} ${layer}`,
        )
      );
    }
    assertEquals(layers.length, depth);
  });
}

Deno.test("every block has a golden stack, which has its defaults", () => {
  const names = new Set(stacks.map(({ options }) => options.block));
  // gpt2 is the transformer's pass; its own numbers are in tests/soak.
  assertEquals([...names, "gpt2"].sort(), Object.keys(blocks).sort());
  const isIn = (defaults: object, given: object) =>
    Object.entries(defaults).every(([key, value]) =>
      given[key as never] === value
    );
  for (const { options } of stacks) {
    const { depth, width, batch } = blocks[options.block].table;
    const defaults = {
      depth: depth.fallback,
      width: width.fallback,
      batch: batch.fallback,
    };
    assert(isIn(defaults, options), options.block);
  }
});

/**
 * PyTorch's means over 20 seeds against the theory: what is exact in expectation
 * at any width, or nearly so, within 4 standard errors; and a factor of 1.1 is
 * noticed.
 */
Deno.test("the theory is what PyTorch measured, and no other factor", () => {
  const wide = new Set(["residual", "fixup", "conv", "resnet", "transformer"]);
  let [compared, noticed] = [0, 0];
  for (const { options, at, mean, error } of stacks) {
    if (!wide.has(options.block)) continue;
    const { theory } = architecturePlan("propagate", options as never);
    for (const [name, values] of Object.entries(mean)) {
      at.forEach((layer, i) => {
        const expected = expectedOf(theory[layer - 1], name);
        // The largest value carries the mean where seeds are spread widely.
        const isWide = error[name][i] > 0.1 * values[i];
        if (expected === undefined || isWide) return;
        const off = Math.abs(values[i] - expected);
        // Finite width: 3 % at width 64, and ε in the norms.
        const room = 4 * error[name][i] + 0.03 * expected;
        const text = `${options.block} ${name} ${layer}: ${values[i]}`;
        assert(off <= room, `${text} ± ${error[name][i]}, not ${expected}`);
        compared++;
        if (Math.abs(values[i] - 1.3 * expected) > room) noticed++;
      });
    }
  }
  assert(compared > 200, `${compared}`);
  assert(noticed > 0.8 * compared, `${noticed} of ${compared}`);
});

Deno.test("zeros at the border lose what the tridiagonal matrix says", () => {
  const expected = (padding: "zeros" | "circular") =>
    architecturePlan("propagate", { block: "conv", depth: 200, padding }).theory
      .map(({ stream }) => stream!);
  const zeros = expected("zeros");
  [[1, 0.9184], [2, 0.8659], [4, 0.7874], [8, 0.6779], [16, 0.5336]].forEach(
    ([layer, value]) => assertAlmostEquals(zeros[layer - 1], value, 5e-5),
  );
  const late = ((1 + 2 * Math.cos(Math.PI / 17)) / 3) ** 2;
  assertAlmostEquals(zeros[199] / zeros[198], late, 1e-9);
  expected("circular").forEach((value) => assertAlmostEquals(value, 1, 1e-13));
});

Deno.test("SkipInit and Fixup leave stream and gradient as they are", () => {
  for (
    const options of [
      { block: "residual", branchScale: 0 },
      { block: "fixup" },
    ] as const
  ) {
    const { layers } = propagate({ ...options, depth: 4, width: 8 });
    const squares = layers.map(({ stream }) => stream.meanSquare);
    assertEquals(new Set(squares).size, 1);
    assertEquals(
      new Set(layers.map(({ gradient }) => gradient.meanSquare)).size,
      1,
    );
    assertEquals(layers[0].weightGradients![0].meanSquare, 0);
  }
});

Deno.test("a stream's mean square is that of its channels' means and variances", () => {
  const { layers } = propagate({
    block: "resnet",
    depth: 2,
    width: 4,
    size: 4,
  });
  for (const { stream, branch } of layers) {
    for (const { meanSquare, ...one } of [stream, branch!]) {
      const sum = one.channelMeanSquare + one.channelVariance;
      assertNear(sum, meanSquare, 1e-14, "sum");
      assert(one.channelMeanSquare > 0 && one.channelVariance > 0);
    }
  }
});

Deno.test("seeds give the runs of each seed, as bands", async () => {
  const options = { block: "preNorm", depth: 3, width: 8 } as const;
  const told: string[] = [];
  const run = await propagate({
    ...options,
    seed: 5,
    seeds: 4,
    onProgress: ({ seed, done, total }) =>
      told.push(`${seed} ${done}/${total}`),
  });
  assertEquals(told, ["5 1/4", "6 2/4", "7 3/4", "8 4/4"]);
  assertEquals([run.seeds, run.block, run.depth], [[5, 8], "preNorm", 3]);
  const single = [5, 6, 7, 8].map((seed) => propagate({ ...options, seed }));
  run.layers.forEach(({ layer, stream, branch, gradient, weightGradients }) => {
    const of = (name: string) =>
      single.map(({ layers }) => numberOf(layers[layer - 1], name));
    assertEquals(stream.meanSquare, bandOf(of("stream")));
    assertEquals(branch!.meanSquare, bandOf(of("branch")));
    assertEquals(gradient.meanSquare, bandOf(of("gradient")));
    assertEquals(weightGradients![1].meanSquare, bandOf(of("weight2")));
    assertEquals(stream.expected, 1 + layer);
  });
  assertMatch(String(run), /seeds 5 to 8\nmean squares: mean \| median/);
  const big = await propagate({ ...options, seed: 5n, seeds: 2 });
  assertEquals(big.seeds, [5n, 6n]);
  assertEquals(
    big.layers[2].stream.meanSquare.values,
    run.layers[2].stream.meanSquare.values.slice(0, 2),
  );
  const dense = await propagate({ depth: 2, width: 8, batch: 4, seeds: 3 });
  const { activations } = dense.layers[1];
  assertNear(activations.expected!, 1, 1e-12, "relu");
  assertEquals(
    activations.meanSquare.values[2],
    propagate({ depth: 2, width: 8, batch: 4, seed: 2 }).layers[1].activations
      .meanSquare,
  );
  assertEquals(JSON.parse(JSON.stringify(dense)), dense);
});

Deno.test("a band has mean, median, geometric mean and spread", () => {
  const band = bandOf([1, 4, 16, 64, 256]);
  assertEquals([band.mean, band.median], [68.2, 16]);
  assertAlmostEquals(band.geometricMean!, 16, 1e-12);
  assertAlmostEquals(band.logStd!, Math.log(4) * Math.sqrt(2.5), 1e-12);
  assertAlmostEquals(band.low, 2.2, 1e-12);
  assertAlmostEquals(band.high, 179.2, 1e-12);
  assertAlmostEquals(band.error!, 48.2953, 1e-4);
  const zero = bandOf([0, 0]);
  assertEquals([zero.geometricMean, zero.logStd, zero.mean], [null, null, 0]);
  const one = bandOf([3]);
  assertEquals([one.mean, one.error, one.logStd, one.low], [3, null, null, 3]);
});

Deno.test("a signal stops between seeds", async () => {
  const controller = new AbortController();
  let done = 0;
  await assertRejects(
    () =>
      propagate({
        ...{ block: "fixup", depth: 2, width: 4, seeds: 50 },
        signal: controller.signal,
        onProgress() {
          if (++done === 3) controller.abort(new RangeError("enough"));
        },
      }),
    RangeError,
    "enough",
  );
  assertEquals(done, 3);
});

Deno.test("a generator takes the place of a seed, and progress is told", () => {
  const options = { block: "postNorm", depth: 2, width: 4 } as const;
  const plain = propagate({ ...options, seed: 3 });
  const told: string[] = [];
  const run = propagate({
    ...options,
    generator: new Generator(3),
    onProgress: ({ pass, layer, done, total }) =>
      told.push(`${pass} ${layer} ${done}/${total}`),
  });
  assertEquals([run.layers, run.seed], [plain.layers, null]);
  assertEquals(told, [
    ...["forward 1 1/4", "forward 2 2/4", "backward 2 3/4", "backward 1 4/4"],
  ]);
  const [head, what, ...rows] = String(plain).split("\n");
  assertEquals(head, "2 postNorm blocks of 4 · batch 16 · seed 3");
  assertEquals([what, rows.length], ["mean squares (expected)", 3]);
  assertEquals(JSON.parse(JSON.stringify(plain)), plain);
});

Deno.test("bad options of blocks throw", async () => {
  const cases: [object, typeof TypeError, string][] = [
    [{ block: "resnt" }, RangeError, "did you mean resnet?"],
    [{ block: "residual", heads: 2 }, TypeError, "got heads"],
    [{ block: "residual", activation: "tanh" }, TypeError, "got activation"],
    [{ block: "residual", branchScale: NaN }, RangeError, "must be finite"],
    [{ block: "transformer", heads: 3 }, RangeError, "a multiple of heads"],
    [{ block: "transformer", tokens: 1 }, RangeError, "at least 2"],
    [{ block: "transformer", norm: "mid" }, RangeError, "pre, post, deepNorm"],
    [
      { block: "transformer", norm: "deepNorm", std: 0.02 },
      RangeError,
      "std must be left out with deepNorm",
    ],
    [{ block: "conv", padding: "same" }, RangeError, "zeros, circular"],
    [{ block: "resnet", version: 3 }, RangeError, "must be one of 1, 2"],
    [{ block: "fixup", depth: 0 }, RangeError, "depth must be"],
    [{ block: "fixup", signal: 1 }, TypeError, "signal must come with seeds"],
    [
      { signal: new AbortController().signal },
      TypeError,
      "must come with seeds",
    ],
  ];
  for (const [options, kind, message] of cases) {
    assertThrows(() => propagate(options), kind, message);
  }
  const later: [object, typeof TypeError, string][] = [
    [{ seeds: 0 }, RangeError, "seeds must be an integer of at least 1"],
    [{ seeds: 3, generator: new Generator() }, TypeError, "generator must be"],
    [{ seeds: 3, depht: 3 }, TypeError, "got depht"],
    [{ seeds: 3, signal: 1 }, TypeError, "signal must be an AbortSignal"],
    [{ seeds: 3, onProgress: 1 }, TypeError, "onProgress must be a function"],
    [{ seeds: 3, block: "fixup", tokens: 3 }, TypeError, "got tokens"],
  ];
  for (const [options, kind, message] of later) {
    await assertRejects(async () => await propagate(options), kind, message);
  }
});

Deno.test("one deep relu run lies below the mean, as logStd says", async () => {
  const { layers } = await propagate({
    ...{ depth: 32, width: 48, batch: 2, seeds: 60 },
  });
  const { activations, logStd } = layers[31];
  // 5 · depth / width.
  assertNear(logStd! ** 2, 5 * 32 / 48, 1e-9, "logStd²");
  const { geometricMean, logStd: measured } = activations.meanSquare;
  // 60 seeds know a standard deviation within 10 %; the batch takes some away.
  assertNear(measured!, logStd!, 0.3, "measured");
  assertNear(
    Math.log(geometricMean!),
    -(logStd! ** 2) / 2,
    0.35,
    "geometric mean",
  );
  const run = propagate({ depth: 32, width: 48, batch: 2 });
  assertMatch(String(run), /The mean over seeds is kept by few large runs/);
  const gelu = propagate({
    ...{ depth: 32, width: 48, batch: 2, activation: "gelu" },
    init: { name: "kaimingNormal", nonlinearity: "relu" },
  });
  assertMatch(String(gelu), /The theory is no guide: the map is unstable/);
  assert(gelu.layers[31].amplification! > 8);
  const tanh = propagate({
    depth: 32,
    width: 48,
    batch: 2,
    activation: "tanh",
  });
  assertEquals(/theory is no guide|few large/.test(String(tanh)), false);
  // v / n / (1 − χ∥²) for tanh with 5/3 at width 64.
  const wide = propagate({
    depth: 32,
    width: 64,
    batch: 2,
    activation: "tanh",
  });
  assertAlmostEquals(wide.layers[31].logStd! ** 2, 0.0111, 5e-5);
});
