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
  [{ kind: "deltaOrthogonal", gain: -3 }, [40, 16, 3, 3]],
  [{ kind: "repeated", values: [0.5, -2], places: [0, 3, 6] }, [2, 4]],
  [{ kind: "chrono", longest: 100 }, [10_400]],
  [
    {
      kind: "parts",
      parts: [
        { rows: 40, of: { kind: "normal", mean: 2, std: 0.5 } },
        { rows: 60, of: { kind: "uniform", low: -1, high: 1 } },
        { rows: 30, of: { kind: "constant", value: 3 } },
      ],
    },
    [130, 80],
  ],
  [
    {
      kind: "parts",
      parts: [
        { rows: 1, of: { kind: "constant", value: 1 } },
        { rows: 2, of: { kind: "ones", places: [1] } },
      ],
    },
    [3, 2],
  ],
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
    [{ kind: "deltaOrthogonal", gain: -2 }, [4, 2, 2], 0, 2 / Math.sqrt(8)],
    [{ kind: "repeated", values: [1, 3], places: [0, 4] }, [8], 1, 1.5 ** 0.5],
    [
      {
        kind: "parts",
        parts: [
          { rows: 1, of: { kind: "constant", value: 2 } },
          { rows: 1, of: { kind: "normal", mean: 0, std: 3 } },
        ],
      },
      [2, 5],
      1,
      Math.sqrt(9 / 2 + 1),
    ],
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

Deno.test("biases of gates have the moments of ln U(1, T − 1), half of them independent", () => {
  const { std, kurtosis, low, high } = expectationOf(
    { kind: "chrono", longest: 100 },
    [20],
  );
  // By the midpoints of a million intervals.
  const count = 1e6;
  let [square, fourth] = [0, 0];
  for (let i = 0; i < count; i++) {
    const logarithm = Math.log(1 + 98 * (i + 0.5) / count);
    square += logarithm ** 2 / count;
    fourth += logarithm ** 4 / count;
  }
  assert(Math.abs(std - Math.sqrt(square)) < 1e-9);
  assert(Math.abs((kurtosis! + 1) / 2 - fourth / square ** 2) < 1e-9);
  assertEquals([low, high], [-Math.log(99), Math.log(99)]);
});

Deno.test("the std of parts varies as their kurtosis says", () => {
  const distribution: Distribution = {
    kind: "parts",
    parts: [
      { rows: 30, of: { kind: "constant", value: 1 } },
      { rows: 50, of: { kind: "normal", mean: 3, std: 1 } },
      { rows: 20, of: { kind: "uniform", low: -2, high: 1 } },
    ],
  };
  const shape = [100, 2];
  const { mean, std, kurtosis } = expectationOf(distribution, shape);
  const stds = Array.from({ length: 2000 }, (_, seed) => {
    const w = empty(shape, { dtype: "float64" });
    new Generator(seed).fill(w, distribution);
    const squares = w.data.map((x) => (x - mean) ** 2);
    return Math.sqrt(squares.reduce((sum, x) => sum + x) / 200);
  });
  const spread = Math.sqrt(
    stds.reduce((sum, x) => sum + (x - std) ** 2, 0) / stds.length,
  );
  // 2,000 stds know their spread to 1.6 %.
  const expected = std * Math.sqrt((kurtosis! - 1) / (4 * 200));
  assert(Math.abs(spread / expected - 1) < 0.07, `${spread / expected}`);
});

Deno.test("parts draw as tensors of their own, one after the other", () => {
  const normal = { kind: "normal", mean: 1, std: 2 } as const;
  const matrix = { kind: "orthogonal", gain: 2 } as const;
  const whole = empty([9, 4]);
  const one = new Generator(5);
  const parts = [{ rows: 3, of: normal }, { rows: 6, of: matrix }];
  one.fill(whole, { kind: "parts", parts });
  const two = new Generator(5);
  const apart = [empty([3, 4]), empty([6, 4])];
  two.fill(apart[0], normal);
  two.fill(apart[1], matrix);
  const values = apart.flatMap(({ data }) => Array.from(data));
  assertEquals(Array.from(whole.data), values);
  assertEquals(one.getState(), two.getState());
  const words = (dtype: "float32" | "float64", count: number) =>
    one.wordsOf({ kind: "parts", parts }, dtype, count);
  assertEquals(words("float32", 9 * 16), 3 * 16 + 6 * 16);
  assertEquals(words("float64", 9 * 16), 2 * 9 * 16);
  assertEquals(words("float32", 9), undefined);
  const chrono = { kind: "chrono", longest: 9 } as const;
  assertEquals(one.wordsOf(chrono, "float32", 10), 5);
  assertEquals(one.wordsOf(chrono, "float64", 10), 10);
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
      { kind: "deltaOrthogonal", gain: 1 },
      square,
      RangeError,
      "must be in [3, 5], got 2",
    ],
    [
      { kind: "repeated", values: [1, 2], places: [8] },
      square,
      RangeError,
      "in [0, 8)",
    ],
    [
      { kind: "repeated", values: [1e5], places: [0] },
      half,
      RangeError,
      "at most 65504",
    ],
    [{ kind: "chrono", longest: 2 }, line, RangeError, "above 2"],
    [{ kind: "chrono", longest: 9 }, square, RangeError, "rank must be 1"],
    [{ kind: "chrono", longest: 9 }, line, RangeError, "two gates"],
    [
      {
        kind: "parts",
        parts: [{ rows: 2, of: { kind: "constant", value: 0 } }],
      },
      square,
      RangeError,
      "must have 3 rows together, got 2",
    ],
    [
      {
        kind: "parts",
        parts: [{ rows: 3, of: { kind: "normal", mean: 0, std: -1 } }],
      },
      square,
      RangeError,
      "at least 0",
    ],
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
