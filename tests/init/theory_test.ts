import { assert, assertEquals } from "@std/assert";
import {
  calculateGain,
  empty,
  init,
  nn,
  type Tensor,
  theoryOf,
} from "../../mod.ts";

Deno.test("each initializer leaves the distribution that it meant", () => {
  const weight = empty([33, 16, 3, 3]);
  assertEquals(theoryOf(weight), undefined);

  init.uniform(weight, { low: -1, high: 3 });
  assertEquals(theoryOf(weight), {
    name: "uniform",
    options: { low: -1, high: 3 },
    distribution: "uniform",
    mean: 1,
    std: 4 / Math.sqrt(12),
    bound: 2,
  });

  init.normal(weight, { std: 0.02 });
  assertEquals(theoryOf(weight), {
    name: "normal",
    options: { mean: 0, std: 0.02 },
    distribution: "normal",
    mean: 0,
    std: 0.02,
    bound: null,
  });

  init.kaimingNormal(weight, { mode: "fan_out", nonlinearity: "relu" });
  assertEquals(theoryOf(weight)?.std, calculateGain("relu") / Math.sqrt(297));
  assertEquals(theoryOf(weight)?.options, {
    negativeSlope: 0,
    mode: "fan_out",
    nonlinearity: "relu",
  });

  init.xavierUniform(weight, { gain: 2 });
  const bound = theoryOf(weight)?.bound;
  assert(Math.abs(bound! - 2 * Math.sqrt(6 / (144 + 297))) < 1e-15);

  init.truncNormal(weight, { std: 0.5, low: -1, high: 1 });
  const cut = theoryOf(weight)!;
  assertEquals(cut.distribution, "truncatedNormal");
  // The standard deviation of N(0, 1) cut to ±2 is 0.8796256610342398.
  assert(Math.abs(cut.std - 0.5 * 0.8796256610342398) < 1e-15);
  assertEquals(cut.mean, 0);

  init.zeros(weight);
  assertEquals(theoryOf(weight)?.distribution, "constant");
});

Deno.test("an orthogonal matrix knows the std of its elements", () => {
  for (const shape of [[24, 6], [6, 4, 3, 2], [16, 16]]) {
    const weight = init.orthogonal(empty(shape), { gain: -3 });
    const theory = theoryOf(weight)!;
    assertEquals(theory.distribution, "orthogonal");
    assertEquals(theory.options, { gain: -3 });
    assertEquals([theory.mean, theory.bound], [0, null]);
    const squares = weight.toFloat32().reduce((sum, x) => sum + x * x, 0);
    const measured = Math.sqrt(squares / weight.numel());
    assert(Math.abs(measured / theory.std - 1) < 1e-6, String(shape));
  }
  assertEquals(theoryOf(init.orthogonal(empty([0, 0])))?.std, 1);
});

Deno.test("layers know their weights' distribution, views do not", () => {
  const conv = new nn.Conv2d(16, 33, 3);
  assert(Math.abs(theoryOf(conv.weight)!.bound! - 1 / 12) < 1e-15);
  assertEquals(theoryOf(conv.bias!)?.bound, 1 / 12);
  assertEquals(theoryOf(conv.weight.at(0)), undefined);
});

Deno.test("what has no density is forgotten", () => {
  const matrix = empty([4, 4]);
  const fills: (() => Tensor)[] = [
    () => init.sparse(init.normal(matrix), { sparsity: 0.5 }),
    () => init.eye(init.normal(matrix)),
    () => init.dirac(init.normal(empty([4, 4, 1]))),
  ];
  for (const fill of fills) assertEquals(theoryOf(fill()), undefined);
});

Deno.test("a fill that throws leaves the theory as it was", () => {
  const weight = init.normal(empty([2, 2]));
  try {
    init.uniform(weight, { low: 2, high: 1 });
  } catch { /* tested elsewhere */ }
  assertEquals(theoryOf(weight)?.name, "normal");
});
