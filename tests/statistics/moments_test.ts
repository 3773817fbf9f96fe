import { assert, assertEquals } from "@std/assert";
import { moments } from "../../lib/statistics/moments.ts";
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
