import { assert, assertEquals } from "@std/assert";
import {
  calculateGain,
  type Distribution,
  empty,
  expectationOf,
  filledBy,
  init,
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
  const filled = filledBy(init.normal(empty([2])))!;
  for (const part of [filled, filled.options]) assert(Object.isFrozen(part));
});

Deno.test("a fill that throws leaves what was remembered", () => {
  const weight = init.normal(empty([2, 2]));
  try {
    init.uniform(weight, { low: 2, high: 1 });
  } catch { /* tested elsewhere */ }
  assertEquals(filledBy(weight)?.initializer, "normal");
});
