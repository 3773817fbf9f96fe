/**
 * The initializers' values against the distributions that they are said to
 * have, by statistics: with literal seeds, so that a result never changes.
 *
 * @module
 */

import { assert, assertAlmostEquals } from "@std/assert";
import { kolmogorovSmirnov } from "../../lib/numerics/kolmogorov_smirnov.ts";
import { moments, type Values } from "../../lib/numerics/moments.ts";
import { erfc, normalCdf, uniformCdf } from "../../lib/numerics/special.ts";
import {
  type Distribution,
  empty,
  expectationOf,
  filledBy,
  Generator,
  init,
  type Tensor,
} from "../../mod.ts";

/**
 * The level of one test. A right distribution fails it for this share of all
 * seeds: with 81 tests, fewer than one choice of seeds in 100 fails any. A
 * wrong distribution must fail at this level, too.
 */
const alpha = 1e-4;

type FloatTensor = Tensor<"float32" | "float64">;

/** A shape with its fans, written out, and at least 10⁴ elements. */
interface Site {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "float64";
  readonly fanIn: number;
  readonly fanOut: number;
}

/** An initializer with the std that its values should have. */
interface Row {
  readonly name: string;
  /** The seed of the first site; the others have the next ones. */
  readonly seed: number;
  readonly fill: (tensor: FloatTensor, generator: Generator) => Tensor;
  readonly std: (fans: Site) => number;
  /** A std that a mistake would give. */
  readonly wrongStd?: (fans: Site) => number;
}

const sites: readonly Site[] = [
  { shape: [100, 205], dtype: "float32", fanIn: 205, fanOut: 100 },
  { shape: [64, 32, 3, 3], dtype: "float64", fanIn: 288, fanOut: 576 },
  { shape: [40, 100, 5], dtype: "float32", fanIn: 500, fanOut: 200 },
];

const rows: readonly Row[] = [
  {
    name: "uniform",
    seed: 10,
    fill: (w, generator) =>
      init.uniform(w, { low: -0.3, high: 0.7, generator }),
    std: () => 1 / Math.sqrt(12),
  },
  {
    name: "normal",
    seed: 20,
    fill: (w, generator) => init.normal(w, { mean: 2, std: 0.5, generator }),
    std: () => 0.5,
  },
  {
    name: "truncNormal by normals",
    seed: 30,
    fill: (w, generator) => init.truncNormal(w, { generator }),
    std: () => 0.87962566103423975,
    wrongStd: () => 1,
  },
  {
    name: "truncNormal by uniforms",
    seed: 40,
    fill: (w, generator) => init.truncNormal(w, { low: 1, high: 3, generator }),
    std: () => 0.41647677597210874,
    wrongStd: () => 1,
  },
  {
    name: "xavierUniform",
    seed: 50,
    fill: (w, generator) => init.xavierUniform(w, { gain: 5 / 3, generator }),
    std: ({ fanIn, fanOut }) => 5 / 3 * Math.sqrt(2 / (fanIn + fanOut)),
    wrongStd: ({ fanIn }) => 5 / 3 / Math.sqrt(fanIn),
  },
  {
    name: "xavierNormal",
    seed: 60,
    fill: (w, generator) => init.xavierNormal(w, { generator }),
    std: ({ fanIn, fanOut }) => Math.sqrt(2 / (fanIn + fanOut)),
    wrongStd: ({ fanIn }) => Math.sqrt(1 / fanIn),
  },
  {
    name: "kaimingUniform",
    seed: 70,
    fill: (w, generator) =>
      init.kaimingUniform(w, { nonlinearity: "relu", generator }),
    std: ({ fanIn }) => Math.sqrt(2 / fanIn),
    wrongStd: ({ fanOut }) => Math.sqrt(2 / fanOut),
  },
  {
    name: "kaimingNormal",
    seed: 80,
    fill: (w, generator) =>
      init.kaimingNormal(w, { mode: "fan_out", generator }),
    std: ({ fanOut }) => Math.sqrt(2 / fanOut),
    wrongStd: ({ fanIn }) => Math.sqrt(2 / fanIn),
  },
  {
    name: "sparse without its zeros",
    seed: 90,
    fill: (w, generator) =>
      init.sparse(w.reshape([w.size(0), -1]), {
        sparsity: 0.1,
        std: 0.05,
        generator,
      }),
    std: () => 0.05,
  },
];

for (const row of rows) {
  Deno.test(`${row.name} has its distribution and no other`, () => {
    for (const site of sites) {
      const { sample, distribution } = draw(row, site);
      const { std, cdf } = expectationOf(distribution, site.shape);
      const label = `${row.name} of [${site.shape}]`;
      assertAlmostEquals(std, row.std(site), 1e-14, label);
      assert(sample.length >= 10_000, label);
      const { pValue } = kolmogorovSmirnov(sample, cdf!);
      assert(pValue >= alpha, `${label}: p = ${pValue}`);
      const wrong = mistakes(distribution, row, site);
      for (const [mistake, cdf] of Object.entries(wrong)) {
        const { pValue } = kolmogorovSmirnov(sample, cdf);
        assert(pValue < alpha, `${label} passes as ${mistake}: p = ${pValue}`);
      }
    }
  });

  Deno.test(`${row.name} has its mean and its variance`, () => {
    for (const site of sites) {
      const { sample, distribution } = draw(row, site);
      const { mean, std } = expectationOf(distribution, site.shape);
      const squares = sample.map((x) => (x - mean) ** 2);
      const label = `${row.name} of [${site.shape}]`;
      assert(meanTest(sample, mean) >= alpha, `mean of ${label}`);
      assert(meanTest(squares, std ** 2) >= alpha, `variance of ${label}`);
      // 5 % of std beside, and 5 % too wide or narrow.
      for (const factor of [0.95, 1.05]) {
        const shifted = mean + (factor - 1) * std;
        assert(meanTest(sample, shifted) < alpha, `shifted mean of ${label}`);
        const variance = (factor * std) ** 2;
        assert(meanTest(squares, variance) < alpha, `wrong std of ${label}`);
      }
    }
  });
}

/** Fills a new tensor, and tells what its values should be. */
function draw(row: Row, site: Site): {
  sample: Float32Array | Float64Array;
  distribution: Distribution;
} {
  const tensor = empty(site.shape, { dtype: site.dtype });
  const seed = row.seed + sites.indexOf(site);
  const filled = row.fill(tensor, new Generator(seed));
  const { distribution } = filledBy(filled)!;
  if (distribution.kind !== "sparse") {
    return { sample: tensor.data, distribution };
  }
  const { std } = distribution;
  return {
    sample: tensor.data.filter((x) => x !== 0),
    distribution: { kind: "normal", mean: 0, std },
  };
}

/** The cdfs of distributions that are near, by what they are. */
function mistakes(distribution: Distribution, row: Row, site: Site) {
  const { kind } = distribution;
  const { mean, std, cdf } = expectationOf(distribution, site.shape);
  const wrongStd = row.wrongStd?.(site);
  const bound = Math.sqrt(3) * std;
  const other = kind === "normal"
    ? uniformCdf(mean - bound, mean + bound)
    : normalCdf(mean, std);
  // Wider or narrower about the mean.
  const scaled = (factor: number) => (x: number) =>
    cdf!(mean + (x - mean) / factor);
  return {
    "another of its moments": other,
    "one of 0.9 std": scaled(0.9),
    "one of 1.1 std": scaled(1.1),
    ...wrongStd && { "one of the wrong std": scaled(wrongStd / std) },
    ...kind === "truncatedNormal" && {
      "one that is not cut": normalCdf(distribution.mean, distribution.std),
    },
  };
}

/** The p-value of a mean, two-sided, by the normal limit. */
function meanTest(values: Values, expected: number): number {
  const { count, mean, sampleStd } = moments(values);
  const z = (mean - expected) / (sampleStd / Math.sqrt(count));
  return erfc(Math.abs(z) / Math.SQRT2);
}
