/**
 * Distributions as values: what is expected of them, which are refused, and
 * that what draws follows them.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { kolmogorovSmirnov } from "../../lib/numerics/kolmogorov_smirnov.ts";
import {
  checkDistribution,
  draws,
  fillFixed,
  scale,
  type Target,
} from "../../lib/random/distribution.ts";
import {
  type Distribution,
  empty,
  expectationOf,
  filledBy,
  Generator,
  init,
  nn,
  type Tensor,
  tensor,
} from "../../mod.ts";
import { readGolden } from "../golden/golden.ts";

/** A value of each kind, and a shape that it fills. */
const kinds: readonly [Distribution, number[]][] = [
  [{ kind: "constant", value: 2.5 }, [3]],
  [{ kind: "uniform", low: -1, high: 2 }, [130, 80]],
  [{ kind: "normal", mean: 0.5, std: 2 }, [130, 80]],
  [{ kind: "truncatedNormal", mean: 0, std: 1, low: -1, high: 2 }, [10_400]],
  [{ kind: "truncatedNormal", mean: 0, std: 1, high: 0.5 }, [10_400]],
  [{ kind: "truncatedNormal", mean: 1, std: 2 }, [10_400]],
  [{ kind: "orthogonal", gain: -3 }, [16, 40]],
  [{ kind: "sparse", std: 0.1, zeros: 3 }, [10, 500]],
  [{ kind: "ones", places: [0, 3, 5] }, [2, 4]],
  [
    { kind: "scaled", of: { kind: "uniform", low: -1, high: 1 }, by: -0.25 },
    [10_400],
  ],
];

interface Known {
  readonly distribution: Distribution;
  readonly mean: number;
  readonly std: number;
  readonly kurtosis: number;
  readonly cdf: readonly (readonly [number, number])[];
}

for (const row of await readGolden<Known>("distributions.json")) {
  const { distribution } = row;
  Deno.test(`moments and shares of ${Deno.inspect(distribution)} are SciPy's`, () => {
    const found = expectationOf(distribution, [5]);
    const near = (actual: number, expected: number, bound = 1e-9) =>
      assert(
        Math.abs(actual - expected) <= bound * Math.max(1, Math.abs(expected)),
        `${actual} is not ${expected}`,
      );
    near(found.mean, row.mean);
    near(found.std, row.std);
    near(found.kurtosis!, row.kurtosis, 1e-7);
    for (const [x, share] of row.cdf) near(found.cdf!(x), share);
    const { low, high } = found;
    if (low > -Infinity) assertEquals([found.cdf!(low - 1)], [0]);
    if (high < Infinity) assertEquals([found.cdf!(high + 1)], [1]);
  });
}

Deno.test("every kind goes through JSON, structuredClone and the generator", () => {
  for (const [distribution, shape] of kinds) {
    assertEquals(JSON.parse(JSON.stringify(distribution)), distribution);
    assertEquals(structuredClone(distribution), distribution);
    const [one, two] = [empty(shape), empty(shape)];
    new Generator(1).fill(one, distribution);
    new Generator(1).fill(two, JSON.parse(JSON.stringify(distribution)));
    assertEquals(one.data, two.data);
    const generator = new Generator(1);
    generator.fill(one, distribution);
    const isDrawn = !generator.getState().every((byte, i) =>
      byte === new Generator(1).getState()[i]
    );
    assertEquals(draws(distribution), isDrawn, distribution.kind);
  }
});

Deno.test("what is drawn has the mean, the std and the ends that are expected", () => {
  for (const [distribution, shape] of kinds) {
    const w = empty(shape, { dtype: "float64" });
    new Generator(7).fill(w, distribution);
    const { mean, std, low, high } = expectationOf(distribution, shape);
    const values = Array.from(w.data);
    const sampleMean = values.reduce((sum, x) => sum + x) / values.length;
    const sampleStd = Math.sqrt(
      values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length,
    );
    const room = 4 * std / Math.sqrt(values.length);
    assert(Math.abs(sampleMean - mean) <= room, distribution.kind);
    assert(Math.abs(sampleStd - std) <= 2 * room, distribution.kind);
    assert(values.every((x) => x >= low && x <= high), distribution.kind);
  }
});

/** The level of one test of Kolmogorov and Smirnov. */
const alpha = 1e-4;

Deno.test("what has a cdf follows it, and another does not", () => {
  const continuous = kinds.filter(([each, shape]) =>
    expectationOf(each, shape).cdf !== null
  );
  assertEquals(continuous.length, 6);
  for (const [distribution, shape] of continuous) {
    const w = empty(shape, { dtype: "float64" });
    new Generator(3).fill(w, distribution);
    const { cdf, std } = expectationOf(distribution, shape);
    const sample = w.data.slice().sort();
    const { pValue } = kolmogorovSmirnov(sample, cdf!);
    assert(pValue > alpha, `${distribution.kind}: p ${pValue}`);
    const shifted = kolmogorovSmirnov(sample, (x) => cdf!(x - std / 10));
    assert(shifted.pValue < alpha, `${distribution.kind}: shifted`);
  }
});

Deno.test("what has no spread, or no independent elements, has no cdf", () => {
  const none = [
    [{ kind: "constant", value: 3 }, [2], 3, 0],
    [{ kind: "uniform", low: 2, high: 2 }, [2], 2, 0],
    [{ kind: "normal", mean: 1, std: 0 }, [2], 1, 0],
    [
      { kind: "truncatedNormal", mean: 0, std: 1, low: 1, high: 1 },
      [2],
      1,
      0,
    ],
    [{ kind: "sparse", std: 1, zeros: 4 }, [4, 3], 0, 0],
    [{ kind: "sparse", std: 2, zeros: 1 }, [4, 3], 0, Math.sqrt(3)],
    [{ kind: "orthogonal", gain: -2 }, [4, 2, 8], 0, 0.5],
    [{ kind: "ones", places: [0, 3] }, [2, 2], 0.5, 0.5],
    [
      { kind: "scaled", of: { kind: "normal", mean: 1, std: 2 }, by: 0 },
      [2],
      0,
      0,
    ],
    [
      { kind: "scaled", of: { kind: "ones", places: [0] }, by: -4 },
      [4],
      -1,
      Math.sqrt(3),
    ],
  ] as const;
  for (const [distribution, shape, mean, std] of none) {
    const found = expectationOf(distribution, shape);
    assertEquals(found.cdf, null);
    assert(Math.abs(found.mean - mean) < 1e-15, distribution.kind);
    assert(Math.abs(found.std - std) < 1e-15, distribution.kind);
  }
  const sparse = expectationOf({ kind: "sparse", std: 1, zeros: 1 }, [4, 2]);
  assertEquals(sparse.kurtosis, 4);
});

Deno.test("an embedding's row of zeros lowers the std that is expected", () => {
  const { weight } = new nn.Embedding(10, 4, { paddingIdx: 2 });
  const { distribution, zeroed } = filledBy(weight)!;
  assertEquals(zeroed, 4);
  const found = expectationOf(distribution, weight.shape, zeroed);
  assertEquals([found.mean, found.std], [0, Math.sqrt(0.9)]);
  const uniform = { kind: "uniform", low: 1, high: 3 } as const;
  const half = expectationOf(uniform, [8], 4);
  assertEquals([half.mean, half.low, half.high], [1, 0, 3]);
  // The mean of squares of U(1, 3) is 13/3.
  assert(Math.abs(half.std ** 2 - (13 / 6 - 1)) < 1e-15);
});

Deno.test("distributions that do not fit are refused before anything is drawn", () => {
  const square: Target = { shape: [3, 3], dtype: "float32" };
  const half: Target = { shape: [3, 3], dtype: "float16" };
  const line: Target = { shape: [3], dtype: "float32" };
  const whole: Target = { shape: [3, 3], dtype: "int32" };
  const cases: [Distribution, Target, ErrorClass, string][] = [
    [{ kind: "constant", value: 1 }, whole, TypeError, "a float dtype"],
    [{ kind: "constant", value: 1e5 }, half, RangeError, "at most 65504"],
    [{ kind: "constant", value: "1" as never }, half, TypeError, "a number"],
    [{ kind: "uniform", low: 2, high: 1 }, square, RangeError, "at most high"],
    [{ kind: "uniform", low: NaN, high: 1 }, square, RangeError, "finite"],
    [{ kind: "uniform", low: 0, high: 1e5 }, half, RangeError, "65504"],
    [{ kind: "normal", mean: 0, std: -1 }, square, RangeError, "at least 0"],
    [{ kind: "normal", mean: Infinity, std: 1 }, square, RangeError, "finite"],
    [
      { kind: "truncatedNormal", mean: 0, std: 0 },
      square,
      RangeError,
      "above 0",
    ],
    [
      { kind: "truncatedNormal", mean: 0, std: 1, low: 9 },
      square,
      RangeError,
      "high must be finite",
    ],
    [
      { kind: "truncatedNormal", mean: 0, std: 1, low: NaN, high: 1 },
      square,
      RangeError,
      "low must not be NaN",
    ],
    [{ kind: "orthogonal", gain: 1 }, line, RangeError, "at least 2, got 1"],
    [{ kind: "orthogonal", gain: NaN }, square, RangeError, "finite"],
    [{ kind: "orthogonal", gain: 1 }, half, TypeError, "float32 or float64"],
    [{ kind: "sparse", std: 1, zeros: 1 }, line, RangeError, "must be 2"],
    [{ kind: "sparse", std: 1, zeros: 4 }, square, RangeError, "in [0, 3]"],
    [{ kind: "sparse", std: 1, zeros: 0.5 }, square, RangeError, "integer"],
    [{ kind: "ones", places: [9] }, square, RangeError, "in [0, 9)"],
    [{ kind: "ones", places: [0.5] }, square, RangeError, "in [0, 9)"],
    [
      { kind: "scaled", of: { kind: "normal", mean: 0, std: -1 }, by: 2 },
      square,
      RangeError,
      "at least 0",
    ],
    [
      { kind: "scaled", of: { kind: "normal", mean: 0, std: 1 }, by: NaN },
      square,
      RangeError,
      "factor must be finite",
    ],
    [{ kind: "cauchy" } as never, square, RangeError, 'got "cauchy"'],
    [null as never, square, TypeError, "a distribution"],
  ];
  for (const [distribution, target, kind, message] of cases) {
    const error = assertThrows(
      () => checkDistribution("try it", distribution, target),
      kind,
      message,
    );
    assert(error.message.startsWith("Cannot try it: "), error.message);
    const w = tensor(new Array(9).fill(1), { dtype: target.dtype })
      .reshape(target === line ? [9] : [3, 3]) as Tensor<"float32">;
    const generator = new Generator(1);
    assertThrows(() => generator.fill(w, distribution), kind);
    assertEquals(new Set(w.toFloat32()), new Set([1]));
    assertEquals(generator.getState(), new Generator(1).getState());
  }
});

type ErrorClass = typeof RangeError | typeof TypeError;

Deno.test("fixed fills need no generator, and round each step", () => {
  for (const dtype of ["float32", "float64", "float16", "bfloat16"] as const) {
    const w = empty([2, 2], { dtype });
    fillFixed(w, { kind: "ones", places: [0, 3] });
    assertEquals(w.toArray(), [[1, 0], [0, 1]]);
    fillFixed(w, { kind: "constant", value: -2 });
    assertEquals(w.toArray(), [[-2, -2], [-2, -2]]);
    fillFixed(w, {
      kind: "scaled",
      of: { kind: "scaled", of: { kind: "ones", places: [1] }, by: 3 },
      by: 0.1,
    });
    const [[, expected]] = tensor([[0, 3 * 0.1]], { dtype: "float64" })
      .to(dtype).toArray() as number[][];
    assertEquals(w.at(0, 1).item(), expected);
    init.constant(w, { value: 0.1 });
    scale(w, 3);
    const tenth = tensor(0.1, { dtype }).item();
    assertEquals(w.at(0, 0).item(), tensor(3 * tenth, { dtype }).item());
  }
  assertThrows(
    () => fillFixed(empty([2]), { kind: "normal", mean: 0, std: 1 }),
    TypeError,
    "the distribution must be fixed, got normal",
  );
});
