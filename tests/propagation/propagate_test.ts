import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  type AnyGenerator,
  Generator,
  init,
  propagate,
  type PropagateOptions,
} from "../../mod.ts";

const small = { depth: 3, width: 16, batch: 8 };

/** FIELD's gains by quadrature: forward E[φ²]^−½, backward E[φ′²]^−½. */
const gains: [PropagateOptions["activation"], number, number][] = [
  ["relu", 1.41421, 1.41421],
  ["gelu", 1.53353, 1.48111],
  ["silu", 1.67653, 1.62332],
  ["tanh", 1.59254, 1.46741],
  ["sigmoid", 1.84623, 4.72265],
  ["selu", 1, 0.96603],
];

Deno.test("expected values have the known gains", () => {
  for (const [activation, forward, backward] of gains) {
    const one = { depth: 1, width: 4, batch: 2, bins: 0 };
    const init = { name: "xavierNormal" } as const;
    const [layer] = propagate({ ...one, activation, init }).layers;
    const { mean, std } = layer.activations.expected!;
    assertAlmostEquals(Math.hypot(mean, std) ** -1, forward, 5e-6);
    assertAlmostEquals(1 / layer.gradients.expected!.std, backward, 5e-6);
  }
});

Deno.test("what is measured nears what is expected as layers widen", () => {
  const quantities = [
    ...["preactivations", "activations", "gradients", "weightGradients"],
  ] as ("preactivations" | "gradients")[];
  for (const [activation] of gains) {
    const run = propagate({
      ...{ activation, depth: 3, width: [400, 500, 300, 600], bins: 0 },
      biasStd: 0.3,
      batch: 64,
    });
    for (const layer of run.layers) {
      for (const quantity of quantities) {
        const { std, expected } = layer[quantity];
        const off = std / expected!.std - 1;
        const text = `${activation} ${layer.layer} ${quantity}: ${off}`;
        assert(Math.abs(off) < 0.12, text);
      }
    }
  }
});

Deno.test("the same seed gives the same, another seed another", () => {
  const run = propagate({ ...small, seed: 3 });
  assertEquals(propagate({ ...small, seed: 3 }), run);
  assertEquals(propagate({ ...small, seed: 3n }).layers, run.layers);
  assertNotEquals(propagate({ ...small, seed: 4 }).layers, run.layers);
  assertEquals(JSON.parse(JSON.stringify(run)), run);
});

Deno.test("an initializer is a name, a name with options, or a function", () => {
  const stds = (given: PropagateOptions["init"]) =>
    propagate({ ...small, init: given }).layers.map((layer) =>
      layer.preactivations.std
    );
  const named = stds("kaimingNormal");
  assertEquals(stds({ name: "kaimingNormal" }), named);
  assertEquals(
    stds((weight, generator) => void init.kaimingNormal(weight, { generator })),
    named,
  );
  assertEquals(stds(undefined), named);
  assertNotEquals(stds({ name: "kaimingNormal", mode: "fan_out" }), []);
  assertNotEquals(stds("xavierNormal"), named);
});

Deno.test("what is not random with mean 0 is not expected to be", () => {
  const expected = (given: PropagateOptions["init"]) =>
    propagate({ ...small, width: 64, init: given }).layers[0].preactivations
      .expected;
  assertEquals(expected("ones"), null);
  assertEquals(expected("eye"), null);
  assertEquals(expected({ name: "uniform", low: 0, high: 1 }), null);
  assertEquals(expected({ name: "normal", std: 0.25 }), { mean: 0, std: 2 });
  // Each row of an orthogonal matrix has length 1.
  assertAlmostEquals(expected("orthogonal")!.std, 1, 0.01);
  assertEquals(expected("zeros"), { mean: 0, std: 0 });
});

Deno.test("widths may differ, and each mode keeps one way's size", () => {
  const width = [64, 512, 64, 512, 64, 512, 64];
  const ratio = (mode: "fan_in" | "fan_out") => {
    const init = { name: "kaimingNormal", nonlinearity: "relu", mode } as const;
    const { layers } = propagate({ width, init, bins: 0, batch: 32 });
    assertEquals(layers.map(({ fanIn }) => fanIn), width.slice(0, -1));
    assertEquals(layers.map(({ fanOut }) => fanOut), width.slice(1));
    const [first, last] = [layers[1], layers[5]];
    return [
      last.preactivations.expected!.std / first.preactivations.expected!.std,
      layers[0].gradients.expected!.std / layers[4].gradients.expected!.std,
    ];
  };
  assertAlmostEquals(ratio("fan_in")[0], 1, 1e-9);
  assertAlmostEquals(ratio("fan_out")[1], 1, 1e-9);
});

Deno.test("histograms hold the values, but for far tails", () => {
  const { layers } = propagate({ ...small, bins: 12 });
  for (const { activations, weightGradients } of layers) {
    for (const { histogram, count } of [activations, weightGradients]) {
      const { counts, outside, edges } = histogram!;
      assertEquals(edges.length, 13);
      assertEquals(counts.reduce((a, b) => a + b) + outside, count);
      assert(outside < count / 50);
    }
  }
  const dead = propagate({ ...small, init: "zeros" }).layers[0];
  assertEquals(dead.activations.histogram, null);
  assertEquals(dead.activations.zeroShare, 1);
  assertEquals(
    propagate({ ...small, bins: 0 }).layers[0].gradients.histogram,
    null,
  );
});

Deno.test("progress comes layer by layer, there and back", () => {
  const told: string[] = [];
  propagate({
    ...small,
    onProgress: ({ pass, layer, done, total }) =>
      told.push(`${pass} ${layer} ${done}/${total}`),
  });
  assertEquals(told, [
    ...["forward 1 1/6", "forward 2 2/6", "forward 3 3/6"],
    ...["backward 3 4/6", "backward 2 5/6", "backward 1 6/6"],
  ]);
});

Deno.test("a run prints as a table", () => {
  const text = String(propagate(small));
  const [head, ...rows] = text.split("\n");
  assertEquals(
    head,
    "3 relu layers of 16 · kaimingNormal, nonlinearity: relu · batch 8 · seed 0",
  );
  assertEquals(rows.length, 5);
  assertMatch(rows[4], /^The mean over seeds is kept by few large runs/);
  assertMatch(rows[1], /^ +1 +\d\.\d+ \(0\.826\) +\d\.\d+ \(0\.707\)$/);
});

Deno.test("bad options throw before anything is drawn", () => {
  const cases: [object, typeof TypeError, string][] = [
    [{ depht: 3 }, TypeError, "got depht"],
    [{ depth: 0 }, RangeError, "depth must be an integer of at least 1"],
    [{ width: 2.5 }, RangeError, "width must be an integer"],
    [{ width: "9" }, TypeError, "width must be a number"],
    [{ width: [4] }, RangeError, "width must be one number or a list of 2"],
    [{ width: [4, 0] }, RangeError, "each width must be"],
    [{ depth: 3, width: [4, 4] }, RangeError, "a list of 4, the inputs' first"],
    [{ batch: 1 }, RangeError, "batch must be an integer of at least 2"],
    [{ bins: -1 }, RangeError, "bins must be"],
    [{ biasStd: -1 }, RangeError, "biasStd must be at least 0"],
    [{ negativeSlope: NaN }, RangeError, "negativeSlope must be finite"],
    [
      { activation: "misch" },
      RangeError,
      'got "misch"; did you mean mish?',
    ],
    [{ init: "norml" }, RangeError, "did you mean normal?"],
    [{ init: "dirac" }, RangeError, "the rank must be in [3, 5], got 2"],
    [{ init: "constant" }, TypeError, "value must be a number"],
    [{ init: init.constant }, TypeError, "value must be a number"],
    [{ init: 5 }, TypeError, "init must be an initializer, its name"],
    [{ init: null }, TypeError, "init must be an initializer, its name"],
    [{ init: { std: 1 } }, TypeError, "init must be an initializer, its name"],
    [{ init: new Map([["name", "normal"]]) }, TypeError, "got Map(1)"],
    [{ init: { name: "normal", sdt: 1 } }, TypeError, "got sdt"],
    [{ init: { name: "ones", value: 1 } }, TypeError, "got value"],
    [{ init: { name: "normal", std: -1 } }, RangeError, "std must be at least"],
    [
      { init: { name: "normal", generator: new Generator() } },
      TypeError,
      "generator must be an option of the run",
    ],
    [{ init: { kind: "normal", mean: 0, std: -1 } }, RangeError, "std must be"],
    [{ init: { kind: "normal", std: 1 } }, TypeError, "mean must be a number"],
    [{ init: { kind: "cauchy" } }, RangeError, "cauchy"],
    [{ init: { kind: "constant", value: 0, std: 1 } }, TypeError, "std"],
    [{ generator: 1 }, TypeError, "generator must be a Generator"],
    [{ onProgress: 1 }, TypeError, "onProgress must be a function"],
    [{ seed: 0.5 }, RangeError, "seed must be a safe integer"],
  ];
  for (const [options, kind, message] of cases) {
    assertThrows(() => propagate(options), kind, message);
    if ("seed" in options || "generator" in options) continue;
    const generator = new Generator(1);
    assertThrows(() => propagate({ ...options, generator }), kind, message);
    assertEquals(generator.getState(), new Generator(1).getState(), message);
  }
  const generator = new Generator(0);
  assertThrows(
    () => propagate({ seed: 0, generator }),
    TypeError,
    "seed must be left out when generator is given",
  );
  const repeats = { fill() {}, repeats: true } as const;
  assertThrows(
    () => propagate({ generator: repeats }),
    TypeError,
    "generator must give new numbers at each fill",
  );
});

Deno.test("an initializer, its names and its distribution fill with the same bytes", () => {
  const run = (given: PropagateOptions["init"]) =>
    propagate({ ...small, init: given }).layers;
  const layers = run("xavierNormal");
  for (
    const given of [
      "xavier_normal",
      "xavier_normal_",
      init.xavierNormal,
      { name: "xavierNormal" },
      { name: "xavierNormal", gain: 1 },
      { kind: "normal", mean: 0, std: 1 / 4 },
    ] as const
  ) {
    assertEquals(run(given), layers);
  }
  const uniform = { kind: "uniform", low: 0, high: 1 } as const;
  assertEquals(run(uniform)[0].activations.expected, null);
  assertEquals(
    propagate({ ...small, init: uniform }).init,
    "uniform, low: 0, high: 1",
  );
});

Deno.test("a run says what filled its weights", () => {
  const uniform = { kind: "uniform", low: -1, high: 1 } as const;
  const cases: [PropagateOptions["init"], string][] = [
    [uniform, "uniform, low: -1, high: 1"],
    [
      { kind: "scaled", by: 0.2, of: uniform },
      "uniform × 0.2, low: -1, high: 1",
    ],
  ];
  for (const [given, label] of cases) {
    assertEquals(propagate({ ...small, init: given }).init, label);
  }
  const inline = propagate({
    ...small,
    init: (w, generator) => init.normal(w, { generator }),
  });
  assertEquals(inline.init, "a function");
});

Deno.test("a generator takes the place of a seed", () => {
  const plain = propagate({ ...small, seed: 5 });
  const generator = new Generator(5);
  const run = propagate({ ...small, generator });
  assertEquals([run.layers, run.seed], [plain.layers, null]);
  assertEquals(String(run), String(plain).replace(" · seed 5", ""));
  assertNotEquals(propagate({ ...small, generator }).layers, run.layers);
  // All that another framework's generator must have is its fill.
  let fills = 0;
  const halves: AnyGenerator = {
    fill({ data }) {
      data.fill(0.5);
      fills++;
    },
  };
  const { layers } = propagate({ ...small, generator: halves, biasStd: 1 });
  assertEquals(fills, 2 + 2 * small.depth);
  // 16 inputs of 0.5 times 0.5, and a bias of 0.5.
  assertEquals(layers[0].preactivations.mean, 4.5);
});

Deno.test("options that an initializer lacks do not compile", () => {
  const never: PropagateOptions[] = [
    // @ts-expect-error: `sdt` is no option of normal.
    { init: { name: "normal", sdt: 1 } },
    // @ts-expect-error: a word for a number.
    { init: { name: "normal", std: "1" } },
    // @ts-expect-error: constant must have a value.
    { init: { name: "constant" } },
    // @ts-expect-error: no name of an initializer.
    { init: { name: "norml" } },
  ];
  for (const options of never) assertThrows(() => propagate(options), Error);
});

Deno.test("a function that fills later is refused", async () => {
  const init = async () => {};
  await assertRejects(
    async () => await propagate({ depth: 2, width: 4, init }),
    TypeError,
    "init must fill at once, got a Promise",
  );
});
