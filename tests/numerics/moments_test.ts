import { assert, assertEquals } from "@std/assert";
import { moments } from "../../lib/numerics/moments.ts";
import { cases } from "./golden.ts";

Deno.test("moments agree with NumPy", () => {
  assertEquals(cases.length, 30);
  for (const one of cases) {
    const found = moments(one.values);
    assertEquals(found.count, one.values.length);
    assertEquals(found.nonFinite, 0);
    assertEquals([found.min, found.max], [one.min, one.max], one.name);
    assertEquals(found.zeroShare, one.zeros / one.values.length);
    // Sums in another order: 4752 additions may differ by that many half ulps
    // of the largest value, in practice by far less.
    const size = Math.max(Math.abs(one.min), Math.abs(one.max));
    assertNear(found.mean, one.mean, 1e-14 * size, one.name);
    if (one.sampleStd === null) assertEquals(found.sampleStd, NaN);
    else assertNear(found.sampleStd, one.sampleStd, 1e-13 * one.sampleStd);
  }
});

Deno.test("moments leave out what is not finite, and count it", () => {
  const found = moments([NaN, 1, Infinity, 3, -Infinity]);
  assertEquals(found, {
    count: 2,
    nonFinite: 3,
    mean: 2,
    sampleStd: Math.SQRT2,
    min: 1,
    max: 3,
    zeroShare: 0,
  });
});

Deno.test("moments of nothing are NaN", () => {
  for (const values of [[], [NaN]]) {
    const { count, mean, sampleStd, min, max, zeroShare } = moments(values);
    assertEquals(count, 0);
    assertEquals([mean, sampleStd, min, max, zeroShare], Array(5).fill(NaN));
  }
});

Deno.test("moments read float32 as it is stored", () => {
  assertEquals(moments(Float32Array.of(0.1)).mean, Math.fround(0.1));
});

Deno.test("equal values are their mean, with no deviation", () => {
  for (const value of [0.1, -1e-300, 1e308, 5e-324]) {
    const found = moments(new Float64Array(3000).fill(value));
    assertEquals([found.mean, found.sampleStd], [value, 0]);
    assertEquals([found.min, found.max], [value, value]);
  }
});

Deno.test("a large mean does not cost a small deviation its digits", () => {
  const n = 10_000;
  for (const mean of [1e8, -1e12]) {
    const values = Float64Array.from(
      { length: n },
      (_, i) => mean + (i % 2) / 2,
    );
    const found = moments(values);
    assertEquals(found.mean, mean + 0.25);
    const expected = 0.25 * Math.sqrt(n / (n - 1));
    assertNear(found.sampleStd, expected, 1e-14);
  }
});

Deno.test("blocks are added by their means and their numbers", () => {
  // 1,024 zeros, 1,024 ones and 500 twos.
  const values = Float32Array.from(
    { length: 2548 },
    (_, i) => Math.floor(i / 1024),
  );
  const found = moments(values);
  const mean = 2024 / 2548;
  const squares = 1024 + 4 * 500 - 2548 * mean ** 2;
  assertNear(found.mean, mean, 1e-15);
  assertNear(found.sampleStd, Math.sqrt(squares / 2547), 1e-15);
  assertEquals(found.zeroShare, 1024 / 2548);
});

Deno.test("moments near the ends of float64 are those of scaled values", () => {
  const values = [0.3, -0.7, 0.11, 0.93, 0.5, 0];
  const expected = moments(values);
  for (const exponent of [1023, 600, 490, 470, -470, -490, -600, -960]) {
    const scale = 2 ** exponent;
    const found = moments(Float64Array.from(values, (x) => x * scale));
    assertNear(found.mean / scale, expected.mean, 1e-15, `${exponent}`);
    assertNear(found.sampleStd / scale, expected.sampleStd, 1e-15);
    assertEquals(found.max, 0.93 * scale);
  }
  // These are whole multiples of the smallest number.
  const tiny = moments([5e-324, 1.5e-323, 2.5e-323]);
  assertEquals([tiny.mean, tiny.sampleStd], [1.5e-323, 1e-323]);
  const { MAX_VALUE } = Number;
  const large = moments([MAX_VALUE, -MAX_VALUE, 0]);
  assertEquals([large.mean, large.sampleStd], [0, MAX_VALUE]);
  assertEquals(moments([MAX_VALUE, MAX_VALUE]).mean, MAX_VALUE);
});

Deno.test("extremes are never -0", () => {
  const { min, max, zeroShare } = moments([-0, -0]);
  assertEquals([min, max, zeroShare].map((x) => Object.is(x, -0)), [
    false,
    false,
    false,
  ]);
  assertEquals([min, max, zeroShare], [0, 0, 1]);
});

function assertNear(
  actual: number,
  expected: number,
  tolerance: number,
  message = "",
): void {
  assert(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected} ${message}`,
  );
}
