import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  betaQuantile,
  erf,
  erfc,
  normalCdf,
  normalQuantile,
  normalShare,
  truncatedKurtosis,
  truncatedMoments,
  truncatedNormalCdf,
  truncatedNormalQuantile,
  uniformCdf,
  uniformQuantile,
} from "../../lib/numerics/special.ts";

interface Golden {
  readonly erf: { x: number; erf: number; erfc?: number }[];
  readonly cut: {
    lower: number;
    upper: number;
    share: number;
    mean: number;
    std: number;
  }[];
  readonly quantile: { share: number; z: number }[];
  readonly cutQuantile: {
    lower: number;
    upper: number;
    share: number;
    z: number;
  }[];
  readonly betaQuantile: { a: number; b: number; share: number; x: number }[];
}

const url = new URL("../golden/special_functions.json", import.meta.url);
const golden: Golden = JSON.parse(await Deno.readTextFile(url));

Deno.test("erf is within 1e-15, erfc within 1e-13 relatively", () => {
  for (const row of golden.erf) {
    const error = Math.abs(erf(row.x) - row.erf);
    assert(error <= 1e-15, `erf(${row.x}) is off by ${error}`);
    if (row.erfc === undefined) continue;
    const relative = Math.abs(erfc(row.x) / row.erfc - 1);
    assert(relative < 1e-13, `erfc(${row.x}) is off by ${relative}`);
  }
  assertEquals([erf(Infinity), erf(-Infinity), erfc(Infinity)], [1, -1, 0]);
});

Deno.test("shares and moments of cut normals are those of a quadrature", () => {
  for (const { lower, upper, share, mean, std } of golden.cut) {
    const moments = truncatedMoments(lower, upper);
    const label = `[${lower}, ${upper}]`;
    assert(Math.abs(normalShare(lower, upper) / share - 1) < 1e-12, label);
    assert(Math.abs(moments.mean - mean) < 1e-11, label);
    assert(Math.abs(moments.std - std) < 1e-11, label);
  }
});

Deno.test("a normal that is not cut keeps its moments", () => {
  assertEquals(truncatedMoments(-Infinity, Infinity), { mean: 0, std: 1 });
});

Deno.test("the kurtosis of cut normals is that of closed forms", () => {
  const half = 3 + 8 * (Math.PI - 3) / (Math.PI - 2) ** 2;
  const cases = [
    { lower: -Infinity, upper: Infinity, kurtosis: 3 },
    { lower: 0, upper: Infinity, kurtosis: half },
    { lower: -Infinity, upper: 0, kurtosis: half },
    // By SciPy 1.17.1: truncnorm.stats(lower, upper, moments="k") + 3.
    { lower: -2, upper: 2, kurtosis: 2.3655367171296495 },
    { lower: -1, upper: 3, kurtosis: 2.794179348647254 },
    // So narrow that it is a uniform, and so far out that it is exponential.
    { lower: -1e-200, upper: 1e-200, kurtosis: 9 / 5 },
    { lower: 3, upper: 3 + 1e-9, kurtosis: 9 / 5 },
    { lower: 1e8, upper: Infinity, kurtosis: 9 },
  ];
  for (const { lower, upper, kurtosis } of cases) {
    const error = Math.abs(truncatedKurtosis(lower, upper) - kurtosis);
    assert(error < 1e-5, `[${lower}, ${upper}] is off by ${error}`);
  }
});

Deno.test("normal quantiles are within 1e-14, in the tails relatively", () => {
  assertEquals(golden.quantile.length, 22);
  for (const { share, z } of golden.quantile) {
    const error = Math.abs(normalQuantile(0, 1)(share) - z);
    assert(error <= 1e-14 * Math.max(1, -z), `${share} is off by ${error}`);
  }
  assertEquals([0, 0.5, 1].map(normalQuantile(3, 2)), [-Infinity, 3, Infinity]);
});

Deno.test("quantiles of cut normals are within 1e-13 std", () => {
  assertEquals(golden.cutQuantile.length, 42);
  for (const { lower, upper, share, z } of golden.cutQuantile) {
    const law = { mean: 5, std: 2, low: 5 + 2 * lower, high: 5 + 2 * upper };
    const found = (truncatedNormalQuantile(law)(share) - 5) / 2;
    const error = Math.abs(found - z);
    const label = `${share} of [${lower}, ${upper}]`;
    assert(
      error <= 1e-13 * Math.max(1, Math.abs(z)),
      `${label} is off by ${error}`,
    );
  }
});

Deno.test("quantiles of Beta distributions are within 1e-11 relatively", () => {
  assertEquals(golden.betaQuantile.length, 36);
  for (const { a, b, share, x } of golden.betaQuantile) {
    const error = Math.abs(betaQuantile(a, b)(share) / x - 1);
    assert(error < 1e-11, `${share} of (${a}, ${b}) is off by ${error}`);
  }
  // Where a + b is large, the mean and the std of the normal that it nears.
  const x = betaQuantile(6e6, 19e6)(0.975);
  const std = Math.sqrt(0.24 * 0.76 / 25e6);
  assertAlmostEquals((x - 0.24) / std, 1.96, 1e-3);
});

Deno.test("quantiles and cumulative shares are inverse", () => {
  const law = { mean: 1, std: 2, low: 0, high: 6 };
  const pairs = [
    [uniformQuantile(-2, 7), uniformCdf(-2, 7)],
    [normalQuantile(-2, 7), normalCdf(-2, 7)],
    [truncatedNormalQuantile(law), truncatedNormalCdf(law)],
  ];
  for (const [quantile, cdf] of pairs) {
    for (const share of [1e-9, 0.01, 0.3, 0.5, 0.77, 0.999]) {
      assertAlmostEquals(cdf(quantile(share)), share, 1e-14);
    }
  }
});
