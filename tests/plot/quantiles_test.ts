import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  empty,
  Generator,
  init,
  nn,
  plot,
  type Tensor,
  tensor,
} from "../../mod.ts";
import { thinnedRanks } from "../../lib/plot/quantiles.ts";

interface Trace {
  x: number[];
  y: number[];
  name: string;
  customdata: number[];
}

function traces(figure: plot.Figure): [Trace, Trace, Trace] {
  return JSON.parse(JSON.stringify(figure)).data;
}

function drawn(fill: (weight: Tensor) => Tensor): Tensor {
  return fill(empty([64, 32, 3, 3]));
}

const generator = () => new Generator(0);

Deno.test("values drawn from the theory lie on the line, others leave it", () => {
  const fills: Record<string, [(weight: Tensor) => Tensor, number]> = {
    uniform: [(w) => init.xavierUniform(w, { generator: generator() }), 0.03],
    normal: [(w) => init.kaimingNormal(w, { generator: generator() }), 0.5],
    cut: [(w) => init.truncNormal(w, { generator: generator() }), 0.05],
    tail: [
      (w) => init.truncNormal(w, { low: 1.5, high: 9, generator: generator() }),
      1,
    ],
  };
  for (const [name, [fill, furthest]] of Object.entries(fills)) {
    const weight = drawn(fill);
    const [, points] = traces(plot.quantiles(weight));
    const std = weight.toFloat32().reduce((sum, x) => sum + x * x, 0) ** 0.5 /
      Math.sqrt(weight.numel());
    points.x.forEach((x, i) =>
      assertLess(Math.abs(points.y[i] - x), furthest * std, name)
    );
  }
  // A uniform against the normal of its own moments: short tails.
  const [, points] = traces(
    plot.quantiles(drawn(fills.uniform[0]), { theory: null }),
  );
  assertLess(points.x[0] * 0.6, points.y[0]);
});

Deno.test("each point is a value and the quantile at its share", () => {
  const weight = init.normal(empty([5000]), {
    mean: 3,
    std: 2,
    generator: generator(),
  });
  const [, points, line] = traces(plot.quantiles(weight));
  const sorted = [...weight.toFloat32()].sort((a, b) => a - b);
  assertEquals(points.customdata.length, points.x.length);
  points.customdata.forEach((share, i) => {
    const rank = Math.round(share * 5000 - 0.5);
    assertAlmostEquals(points.y[i], sorted[rank], 1e-4);
  });
  const at = (share: number) => {
    const gaps = points.customdata.map((one) => Math.abs(one - share));
    return gaps.indexOf(Math.min(...gaps));
  };
  // Φ(−1) and Φ(1), to the nearest of the points.
  assertAlmostEquals(points.x[at(0.158655)], 1, 0.05);
  assertAlmostEquals(points.x[at(0.841345)], 5, 0.05);
  assertAlmostEquals(points.x[0], 3 - 2 * 3.7190164854556804, 1e-4);
  assertEquals(points.y[0], Number(sorted[0].toFixed(4)));
  assertEquals(line.x, line.y);
  assertEquals(line.name, "normal: N(3, 2²)");
});

Deno.test("many values are thinned, both extremes among them", () => {
  for (const n of [1, 2, 399, 400, 401, 5000, 25_000_000]) {
    const ranks = thinnedRanks(n, 400);
    assertEquals([ranks[0], ranks.at(-1)], [0, n - 1]);
    assertEquals(ranks.toSorted((a, b) => a - b), ranks);
    assertEquals(new Set(ranks).size, ranks.length);
    assert(ranks.every((rank) => Number.isInteger(rank)));
    assert(ranks.length <= 400 && ranks.length >= Math.min(n, 200), `${n}`);
  }
  // Both tails alike, with few points as with many.
  for (const points of [10, 11, 400]) {
    const both = thinnedRanks(5001, points);
    assertEquals([both[0], both.at(-1)], [0, 5000]);
    const mirrored = both.map((rank) => 5000 - rank).reverse();
    both.forEach((rank, i) => assert(Math.abs(rank - mirrored[i]) <= 1));
  }
  // The six lowest are all there, and no gap in the middle is wide.
  const ranks = thinnedRanks(1_000_000, 400);
  assertEquals(ranks.slice(0, 6), [0, 1, 2, 3, 4, 5]);
  const gaps = ranks.slice(1).map((rank, i) => rank - ranks[i]);
  assertLess(Math.max(...gaps), 1_000_000 / 180);
});

Deno.test("without a theory the normal of the same moments is named", () => {
  const figure = plot.quantiles(tensor([1, 2, 3, NaN]));
  assertEquals(
    String(figure).split("\n")[0],
    "Tensor · quantiles against the normal of the same mean and std",
  );
  const [, points, line] = traces(figure);
  assertEquals(line.name, "normal of the same mean and std: N(2, 1²)");
  assertEquals(points.y, [1, 2, 3]);
  assertAlmostEquals(points.x[2], 2.9674215661017, 1e-5);
  const known = plot.quantiles(new nn.Linear(9, 5));
  assertStringIncludes(String(known), "bias=True) · weight · quantiles\n");
});

Deno.test("the text has the extremes and the quartiles", () => {
  const figure = plot.quantiles(
    tensor(Array.from({ length: 100 }, (_, i) => i)),
    { theory: { kind: "uniform", low: 0, high: 200 } },
  );
  const lines = String(figure).split("\n").map((line) => line.trim());
  assertEquals(lines[2], "0.005      0         1");
  assert(lines.includes("0.245     24        49"));
  assert(lines.includes("0.995     99       199"));
  assertStringIncludes(
    String(figure),
    "all values are drawn · furthest from the line: 1.7 std, at share 0.995",
  );
});

Deno.test("what has no quantiles to compare throws", () => {
  const weight = tensor([1, 2, 3]);
  const cases: [() => plot.Figure, typeof TypeError, string][] = [
    [
      () => plot.quantiles(init.ones(empty([8]))),
      RangeError,
      "Cannot plot quantiles: the distribution must have a std above 0, got 0 by ones",
    ],
    [() => plot.quantiles(tensor([2])), RangeError, "got NaN by normal of the"],
    [() => plot.quantiles(empty([0])), RangeError, "there must be a finite"],
    [() => plot.quantiles(weight, { points: 9 }), RangeError, "at least 10"],
    [
      () => plot.quantiles(weight, { points: 5001 }),
      RangeError,
      "points must be in [10, 5000], got 5001",
    ],
    [
      () => plot.quantiles(weight, { bins: 5 } as plot.QuantilesOptions),
      TypeError,
      "options must be among",
    ],
    [
      () => plot.quantiles(null as unknown as Tensor),
      TypeError,
      "weights must be a tensor, numbers, a layer or model",
    ],
  ];
  for (const [make, kind, message] of cases) {
    assertThrows(make, kind, message);
  }
});
