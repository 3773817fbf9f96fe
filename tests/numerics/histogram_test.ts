import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import {
  chooseBins,
  histogram,
  middleHalf,
} from "../../lib/numerics/histogram.ts";
import { moments } from "../../lib/numerics/moments.ts";
import { cases } from "./golden.ts";
import { bell, uniform } from "./samples.ts";

Deno.test("counts and densities agree with NumPy on given edges", () => {
  for (const { name, values, edges, counts, densities } of cases) {
    const found = histogram(values, edges);
    assertEquals(found.counts, counts, name);
    assertEquals(found.outside, 0, name);
    found.densities.forEach((density, bin) =>
      assertAlmostEquals(density, densities[bin], 1e-14 * densities[bin])
    );
  }
});

Deno.test("counts agree with NumPy on uneven edges inside the range", () => {
  for (const { name, values, inner, innerCounts } of cases) {
    if (inner === null || innerCounts === null) continue;
    const found = histogram(values, inner);
    assertEquals(found.counts, innerCounts, name);
    assertEquals(found.outside, values.length - sum(innerCounts), name);
    assertEquals(found.count, values.length, name);
  }
});

Deno.test("a value on an edge is in the bin above, one below it is not", () => {
  for (const [low, high] of [[0.1, 0.7], [-0.3, 0.9], [1e6, 1e6 + 1]]) {
    for (let bins = 2; bins <= 100; bins++) {
      const { edges } = chooseBins([[]], { range: [low, high], bins });
      const on = histogram(edges, edges);
      assertEquals(on.counts, [...Array(bins - 1).fill(1), 2]);
      const below = histogram(edges.slice(1).map(nextDown), edges);
      assertEquals(below.counts, Array(bins).fill(1));
    }
  }
});

Deno.test("the middle half agrees with NumPy to two cells", () => {
  for (const { name, values, min, max, interquartile } of cases) {
    if (min === max) continue;
    const { width, count } = middleHalf(values, min, max);
    assertEquals(count, values.length);
    assertAlmostEquals(width, interquartile, 2 * (max - min) / 65_536, name);
  }
});

Deno.test("the middle half leaves out what is outside", () => {
  const values = [NaN, -5, 0, 1, 2, 3, 4, 99, Infinity];
  const { width, count } = middleHalf(values, 0, 4);
  assertEquals(count, 5);
  assertAlmostEquals(width, 2, 4 / 65_536);
});

Deno.test("as many bins as NumPy's fd, from 10 to 100", () => {
  const seen = new Set<number>();
  for (const { name, values, min, max, freedmanDiaconis } of cases) {
    if (min === max) continue;
    const { edges, rule } = chooseBins([values]);
    const expected = Math.min(100, Math.max(10, freedmanDiaconis));
    assertEquals(edges.length - 1, expected, name);
    assertEquals(rule.includes("at least 10"), freedmanDiaconis < 10, name);
    assertEquals(rule.includes("at most 100"), freedmanDiaconis > 100, name);
    seen.add(expected);
  }
  assertEquals([...seen].sort((a, b) => a - b), [10, 18, 24, 44, 100]);
});

Deno.test("the most bins where the quartiles could ask for no fewer", () => {
  // Given a range, the rule goes by the quartiles.
  for (const length of [7_900_000, 8_000_001]) {
    const ends = Float32Array.from({ length }, (_, index) => index % 2);
    const asked = chooseBins([ends], { range: [0, 1] });
    assertEquals(asked.edges.length - 1, 100);
    assertEquals(chooseBins([ends]), asked);
    assertEquals(asked.rule.includes("at most"), length > 8e6);
  }
});

Deno.test("bins are the same where the moments are given", () => {
  const samples = [bell(1000, 1), [NaN, 7], []];
  const found = samples.map(moments);
  assertEquals(chooseBins(samples, { found }), chooseBins(samples));
  assertEquals(chooseBins([[]], { found: [moments([0, 2])], bins: 2 }).edges, [
    0,
    1,
    2,
  ]);
});

Deno.test("bins cover all finite values, whatever they are", () => {
  const awkward = [
    [0.1, 0.7],
    [1e-300, 3e-300],
    [5e-324],
    [1, 1 + Number.EPSILON],
    [-1e308, 1e307],
    [1e-12, 3e-12, NaN],
    [3, 3, 3, Infinity],
    [0, 0],
    [-0],
    [...uniform(1000, 6), 1e9],
    [...bell(999, 7), -Infinity],
    Float32Array.from(bell(5000, 8)),
  ];
  for (const values of awkward) {
    for (const whole of [false, true]) {
      const { edges } = chooseBins([values], { whole });
      const found = histogram(values, edges);
      const finite = Array.from(values).filter(Number.isFinite).length;
      assertEquals(sum(found.counts), finite, String(values).slice(0, 80));
      assertEquals(found.nonFinite, values.length - finite);
      assert(edges.length - 1 <= 100);
      const area = sum(
        found.densities.map((density, bin) =>
          density * (edges[bin + 1] - edges[bin])
        ),
      );
      assertAlmostEquals(area, 1, 1e-9);
    }
  }
});

Deno.test("bins of one value lie about it", () => {
  assertEquals(chooseBins([[0, 0]]), {
    edges: [-0.5, 0.5],
    rule: "a single value",
  });
  assertEquals(chooseBins([[-20]]).edges, [-21, -19]);
});

Deno.test("without a finite value there are no bins", () => {
  for (const samples of [[], [[]], [[NaN, Infinity]]]) {
    const { edges, rule } = chooseBins(samples);
    assertEquals(edges, []);
    assertEquals(rule, "no finite value");
    assertEquals(histogram([], edges).counts, []);
  }
});

Deno.test("symmetric ranges have symmetric edges, exact at the ends", () => {
  for (const bins of [3, 7, 10, 49, 100]) {
    const { edges } = chooseBins([[]], { range: [-0.1, 0.1], bins });
    assertEquals([edges[0], edges.at(-1)], [-0.1, 0.1]);
    assertEquals(edges.map((edge) => 0 - edge).reverse(), edges);
  }
});

Deno.test("bins of whole numbers are whole numbers wide", () => {
  const bool = chooseBins([[0, 1, 1]], { whole: true });
  assertEquals(bool.edges, [-0.5, 0.5, 1.5]);
  assertEquals(bool.rule, "one for each whole number");
  const bytes = chooseBins([[0, 255]], { whole: true });
  assertEquals(bytes.edges.slice(0, 3), [-0.5, 2.5, 5.5]);
  assertEquals(bytes.edges.at(-1), 257.5);
  assertEquals(bytes.rule, "one for 3 whole numbers");
  const huge = chooseBins([[2 ** 60, 2 ** 60]], { whole: true });
  assertEquals(histogram([2 ** 60], huge.edges).counts, [1]);
});

Deno.test("samples share the narrowest bins over all their values", () => {
  const narrow = bell(1000, 1);
  const wide = bell(1000, 2).map((value) => 2 * value);
  const alone = chooseBins([narrow]).edges;
  const shared = chooseBins([narrow, wide]).edges;
  assertEquals(shared[0], Math.min(...narrow, ...wide));
  assertEquals(shared.at(-1), Math.max(...narrow, ...wide));
  const width = (edges: readonly number[]) => edges[1] - edges[0];
  // The same width but for rounding up to a whole number of bins.
  assertAlmostEquals(width(shared), width(alone), 0.05 * width(alone));
});

Deno.test("bad bins and edges throw", () => {
  for (const bins of [0, -1, 1.5, NaN, 10_001]) {
    assertThrows(
      () => chooseBins([[1, 2]], { bins }),
      RangeError,
      `Cannot bin values: bins must be an integer in [1, 10000], got ${bins}`,
    );
  }
  for (const range of [[1, 1], [2, 1], [0, NaN], [0, Infinity]] as const) {
    assertThrows(
      () => chooseBins([[1, 2]], { range }),
      RangeError,
      "Cannot bin values: range must be two finite numbers",
    );
  }
  assertThrows(
    () => chooseBins([[-1.7e308, 1.7e308]]),
    RangeError,
    "Cannot bin values: their range must be finite",
  );
  for (const edges of [[1, 1], [2, 1], [0, NaN, 1]]) {
    assertThrows(
      () => histogram([1], edges),
      RangeError,
      "Cannot count values: the edges must rise",
    );
  }
});

/** The largest float64 below a number that is not 0. */
function nextDown(value: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0] += value > 0 ? -1n : 1n;
  return new Float64Array(bits.buffer)[0];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

Deno.test("whole numbers have bins of their own while there are halves between them", () => {
  for (const last of [2 ** 51, 2 ** 52 - 1]) {
    const values = [0, 1, 2, 3].map((less) => last - less);
    for (const sample of [values, values.map((value) => -value)]) {
      const { edges, rule } = chooseBins([sample], { whole: true });
      assertEquals(rule, "one for each whole number");
      assertEquals(
        edges,
        sample.toSorted((a, b) => a - b).map((x) => x - 0.5)
          .concat(Math.max(...sample) + 0.5),
      );
    }
  }
  for (const first of [2 ** 52, 2 ** 53, 2 ** 54]) {
    const values = [0, 4, 8, 12].map((more) => first + more);
    for (const sample of [values, values.map((value) => -value)]) {
      const { edges } = chooseBins([sample], { whole: true });
      const [low, high] = [Math.min(...sample), Math.max(...sample)];
      assertEquals([edges[0], edges.at(-1)], [low, high]);
      const { counts, outside } = histogram(sample, edges);
      assertEquals([counts.reduce((a, b) => a + b), outside], [4, 0]);
    }
  }
});
