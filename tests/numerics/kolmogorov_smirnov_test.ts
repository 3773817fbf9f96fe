import { assert, assertEquals, assertThrows } from "@std/assert";
import { kolmogorovSmirnov } from "../../lib/numerics/kolmogorov_smirnov.ts";
import {
  normalCdf,
  truncatedNormalCdf,
  uniformCdf,
} from "../../lib/numerics/special.ts";
import { ksCases } from "./golden.ts";
import { uniform } from "./samples.ts";

Deno.test("Kolmogorov–Smirnov agrees with SciPy", () => {
  assertEquals(ksCases.length, 71);
  for (const { name, values, law, statistic, p } of ksCases) {
    const n = values.length;
    const found = kolmogorovSmirnov(values, cdfOf(law));
    assertNear(found.statistic, statistic, 1e-14, `D of ${name}`);
    assertNear(found.pValue, p, n <= 1000 ? 1e-12 : 0.03 / n, `p of ${name}`);
    const bound = 2 * Math.exp(-2 * n * statistic ** 2) * (1 + 1e-9);
    assert(found.pValue <= Math.min(1, bound), name);
    assert(found.pValue > 0 || p === 0, name);
  }
});

Deno.test("the corrected limit continues where the exact p-value ends", () => {
  for (const d of [0.02, 0.025, 0.03, 0.04, 0.05, 0.06]) {
    const [before, last, first] = [999, 1000, 1001].map((n) => pValueAt(n, d));
    assertNear(first - last, last - before, 0.03 / 1001, `p of ${d}`);
  }
});

Deno.test("the smallest distance there is has a p-value of 1", () => {
  for (const n of [1, 2, 5, 100, 1000, 1001, 5000, 100_000]) {
    const pValue = pValueAt(n, 0.5 / n);
    assert(pValue <= 1 && pValue > 1 - 1e-12, `n = ${n}: ${pValue}`);
  }
});

Deno.test("values that are all outside have a p-value of 0, and none below", () => {
  for (let n = 1; n <= 30; n++) {
    const far = new Float64Array(n).fill(2);
    const { statistic, pValue } = kolmogorovSmirnov(far, uniformCdf(0, 1));
    assertEquals(statistic, 1);
    assert(pValue >= 0 && pValue < 1e-12, `n = ${n}: ${pValue}`);
  }
});

Deno.test("the order of the values and what holds them do not matter", () => {
  const values = uniform(50, 1);
  const cdf = uniformCdf(0, 1.2);
  const expected = kolmogorovSmirnov(values, cdf);
  const before = [...values];
  assertEquals(kolmogorovSmirnov([...values].reverse(), cdf), expected);
  assertEquals([...values], before);
});

Deno.test("infinite values are tested like others", () => {
  const cdf = normalCdf(0, 1);
  const found = kolmogorovSmirnov([Infinity, -Infinity, 0, 0], cdf);
  assertEquals(found.statistic, 0.25);
});

Deno.test("what cannot be tested throws", () => {
  assertThrows(
    () => kolmogorovSmirnov([], normalCdf(0, 1)),
    RangeError,
    "Cannot test a sample: its size must be at least 1, got 0",
  );
  const one = () => 1;
  for (
    const [x, cdf] of [[NaN, one], [2, (x: number) => x], [1, () => NaN], [
      1,
      () => -0.1,
    ]] as const
  ) {
    assertThrows(
      () => kolmogorovSmirnov([x], cdf),
      RangeError,
      `Cannot test a sample: each value must have a cdf in [0, 1], got ${x} with ${
        cdf(x)
      }`,
    );
  }
});

/** The p-value of n values whose distance is d, at least half of 1 / n. */
function pValueAt(n: number, d: number): number {
  const middles = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const { statistic, pValue } = kolmogorovSmirnov(
    middles,
    uniformCdf(0.5 / n - d, 1 + 0.5 / n - d),
  );
  assertNear(statistic, d, 1e-14);
  return pValue;
}

type Law = (typeof ksCases)[number]["law"];

function cdfOf({ kind, mean, std, low, high }: Law): (x: number) => number {
  if (kind === "uniform") return uniformCdf(low!, high!);
  if (kind === "normal") return normalCdf(mean!, std!);
  return truncatedNormalCdf({ mean: mean!, std: std!, low: low!, high: high! });
}

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
