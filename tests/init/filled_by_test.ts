import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  calculateGain,
  type Distribution,
  empty,
  expectationOf,
  filledBy,
  Generator,
  init,
  initModel,
  nn,
  type Tensor,
} from "../../mod.ts";

function stdOf(tensor: Tensor): number {
  const { distribution, zeroed } = filledBy(tensor)!;
  return expectationOf(distribution, tensor.shape, zeroed).std;
}

Deno.test("each initializer leaves what it drew from, and its options", () => {
  const weight = empty([33, 16, 3, 3]);
  assertEquals(filledBy(weight), undefined);

  init.uniform(weight, { low: -1, high: 3 });
  assertEquals(filledBy(weight), {
    initializer: "uniform",
    options: { low: -1, high: 3 },
    distribution: { kind: "uniform", low: -1, high: 3 },
  });

  init.normal(weight, { std: 0.02 });
  assertEquals(filledBy(weight), {
    initializer: "normal",
    options: { mean: 0, std: 0.02 },
    distribution: { kind: "normal", mean: 0, std: 0.02 },
  });

  init.kaimingNormal(weight, { mode: "fan_out", nonlinearity: "relu" });
  assertEquals(filledBy(weight), {
    initializer: "kaimingNormal",
    options: { negativeSlope: 0, mode: "fan_out", nonlinearity: "relu" },
    distribution: {
      kind: "normal",
      mean: 0,
      std: calculateGain("relu") / Math.sqrt(297),
    },
  });

  init.xavierUniform(weight, { gain: 2 });
  const { distribution } = filledBy(weight)!;
  assert(distribution.kind === "uniform");
  assert(
    Math.abs(distribution.high - 2 * Math.sqrt(6 / (144 + 297))) < 1e-15,
  );
  assertEquals(distribution.low, -distribution.high);

  init.truncNormal(weight, { std: 0.5, low: -1, high: 1 });
  // The standard deviation of N(0, 1) cut to ±2 is 0.8796256610342398.
  assert(Math.abs(stdOf(weight) - 0.5 * 0.8796256610342398) < 1e-15);

  init.truncNormal(weight, { low: -Infinity, high: 1 });
  assertEquals(filledBy(weight)?.distribution, {
    kind: "truncatedNormal",
    mean: 0,
    std: 1,
    high: 1,
  });

  init.zeros(weight);
  assertEquals(filledBy(weight), {
    initializer: "zeros",
    options: {},
    distribution: { kind: "constant", value: 0 },
  });
});

Deno.test("matrices whose elements depend on each other leave theirs, too", () => {
  const matrix = empty([4, 6]);
  const last = (fill: Tensor): Distribution | undefined =>
    filledBy(fill)?.distribution;
  assertEquals(last(init.sparse(matrix, { sparsity: 0.3 })), {
    kind: "sparse",
    std: 0.01,
    zeros: 2,
  });
  assertEquals(last(init.eye(matrix)), {
    kind: "ones",
    places: [0, 7, 14, 21],
  });
  assertEquals(last(init.dirac(empty([3, 2, 3]))), {
    kind: "ones",
    places: [1, 10],
  });
  assertEquals(last(init.orthogonal(matrix, { gain: -2 })), {
    kind: "orthogonal",
    gain: -2,
  });
});

Deno.test("an orthogonal matrix knows the std of its elements", () => {
  for (const shape of [[24, 6], [6, 4, 3, 2], [16, 16]]) {
    const weight = init.orthogonal(empty(shape), { gain: -3 });
    const squares = weight.toFloat32().reduce((sum, x) => sum + x * x, 0);
    const measured = Math.sqrt(squares / weight.numel());
    assert(Math.abs(measured / stdOf(weight) - 1) < 1e-6, String(shape));
  }
  assertEquals(stdOf(init.orthogonal(empty([0, 0]))), 1);
});

Deno.test("layers know what filled their weights, views do not", () => {
  const conv = new nn.Conv2d(16, 33, 3);
  const { distribution } = filledBy(conv.weight)!;
  assert(distribution.kind === "uniform");
  assert(Math.abs(distribution.high - 1 / 12) < 1e-15);
  assertEquals(filledBy(conv.bias!)?.distribution, {
    kind: "uniform",
    low: -1 / 12,
    high: 1 / 12,
  });
  assertEquals(filledBy(conv.weight.at(0)), undefined);
});

Deno.test("what is remembered of a fill cannot be changed", () => {
  const axes = { in: [0], out: 1 };
  const filled = filledBy(init.lecunNormal(empty([2, 3]), { axes }))!;
  const { options, distribution } = filled;
  const dirac = filledBy(init.dirac(empty([2, 2, 3])))!.distribution;
  assert(dirac.kind === "ones");
  const frozen = [filled, options, distribution, options.axes, dirac.places];
  for (const part of frozen) assert(Object.isFrozen(part));
  assert(!Object.isFrozen(axes) && !Object.isFrozen(axes.in));
});

Deno.test("a fill that throws leaves what was remembered", () => {
  const weight = init.normal(empty([2, 2]));
  try {
    init.uniform(weight, { low: 2, high: 1 });
  } catch { /* tested elsewhere */ }
  assertEquals(filledBy(weight)?.initializer, "normal");
});

Deno.test("a generator's own fill forgets what was remembered", () => {
  const weight = init.normal(empty([2, 2]));
  new Generator(0).fill(weight, { kind: "uniform", low: 0, high: 1 });
  assertEquals(filledBy(weight), undefined);
});

Deno.test("a generator that throws leaves nothing remembered", () => {
  const weight = init.normal(empty([2, 2]));
  const generator = {
    fill() {
      throw new Error("mine");
    },
  };
  assertThrows(() => init.uniform(weight, { generator }), Error, "mine");
  assertEquals(filledBy(weight), undefined);
});

Deno.test("fills that initModel lists are remembered", async () => {
  const model = await initModel(() => {
    const layer = new nn.Linear(40, 30);
    init.normal(layer.weight);
    return layer;
  });
  assertEquals(filledBy(model.weight)?.initializer, "normal");
  assertEquals(filledBy(model.bias!)?.initializer, "uniform");
});

Deno.test("a generator that fills later is refused", () => {
  const generator = { async fill() {} };
  assertThrows(
    () => init.normal(empty([2]), { generator }),
    TypeError,
    "the generator must fill at once, got a Promise",
  );
});

Deno.test("what initializers are cannot be changed", () => {
  assert(Object.isFrozen(init.initializers));
  for (const each of Object.values(init.initializers)) {
    assert(Object.isFrozen(each) && Object.isFrozen(each.options), each.title);
  }
});

Deno.test("asking for a distribution of what is no target is refused", () => {
  const ask = init.normal.distribution as (...given: unknown[]) => unknown;
  for (const target of [null, undefined, [3, 4], new nn.Linear(2, 3), 3]) {
    assertThrows(
      () => ask(target),
      TypeError,
      "Cannot fill with init.normal: the target must be a tensor or { shape, dtype }, got",
    );
  }
  const target = { shape: [3], dtype: "float32" };
  for (const surplus of [[{}, 2], [undefined, 2], [0, 1], ["a"], [null]]) {
    assertThrows(
      () => ask(target, ...surplus),
      TypeError,
      "options must be a plain object",
    );
  }
});

Deno.test("distributions from outside are read by their members", () => {
  const wrong: [unknown, string][] = [
    [{ kind: "normal", mean: 0, std: 1, sdt: 2 }, "got sdt; did you mean std?"],
    [{ kind: "gamma" }, "the kind of the distribution must be one of"],
    [{ kind: "uniform", low: 0 }, "high must be a number, got undefined"],
    [{ kind: "normal", mean: 0, std: -1 }, "std must be at least 0, got -1"],
    [null, "the distribution must be a distribution such as"],
  ];
  for (const [given, message] of wrong) {
    const distribution = given as Distribution;
    for (
      const act of [
        () => new Generator(0).fill(empty([2]), distribution),
        () => expectationOf(distribution, [2]),
      ]
    ) assertThrows(act, Error, message);
  }
  const normal = { kind: "normal", mean: 0, std: 1 } as const;
  const shape = undefined as unknown as number[];
  const message = "shape must be an array of numbers, got undefined";
  assertThrows(() => expectationOf(normal, shape), TypeError, message);
  const flat = { kind: "orthogonal", gain: 1 } as const;
  assertThrows(() => expectationOf(flat, []), RangeError, "the rank must be");
});
