import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type Distribution,
  empty,
  Generator,
  init,
  plot,
  type Tensor,
  tensor,
} from "../../mod.ts";

/** So many samples of so many values each. */
const samples = 2000;
const size = 40;

/**
 * Of 2,000 samples 1,857 to 1,940 have a value of one rank inside a band that
 * holds 95 %: at either end a share below 2e-5 of all sets of samples does not.
 */
const [fewest, most] = [1857, 1940];

const fills: Readonly<Record<string, (all: Tensor) => Tensor>> = {
  normal: (all) =>
    init.normal(all, { mean: 3, std: 2, generator: new Generator(11) }),
  uniform: (all) =>
    init.uniform(all, { low: -1, high: 5, generator: new Generator(12) }),
  truncNormal: (all) =>
    init.truncNormal(all, {
      std: 1,
      low: -0.5,
      high: 2,
      generator: new Generator(13),
    }),
};

Deno.test("95 % of 2,000 fresh samples have the value of each rank in the band", () => {
  for (const [name, fill] of Object.entries(fills)) {
    for (const [rank, inside] of coverage(fill).entries()) {
      assert(inside >= fewest && inside <= most, `${name} ${rank}: ${inside}`);
    }
  }
});

Deno.test("samples of another spread, place or size leave the band", () => {
  const scaled = (factor: number, shift: number) => (all: Tensor) => {
    const data = fills.normal(all).data as Float32Array;
    data.forEach((x, i) => data[i] = 3 + factor * (x - 3) + shift);
    return all;
  };
  for (const [factor, shift] of [[1.1, 0], [0.9, 0], [1, 0.2]]) {
    const counts = coverage(scaled(factor, shift));
    assert(counts.some((inside) => inside < fewest || inside > most));
  }
  const counts = coverage(fills.normal, size + 4);
  assert(counts.some((inside) => inside < fewest || inside > most));
});

Deno.test("one value lies where the middle 95 % of its distribution are", () => {
  const [one] = bandOf(tensor([0.25]), { kind: "uniform", low: 0, high: 1 });
  assertAlmostEquals(one.low, 0.025, 1e-5);
  assertAlmostEquals(one.high, 0.975, 1e-5);
  // The smaller of two is below x with a chance of 1 − (1 − x)².
  const [smaller] = bandOf(tensor([0.25, 0.5]), {
    kind: "uniform",
    low: 0,
    high: 1,
  });
  assertAlmostEquals(smaller.low, 1 - Math.sqrt(0.975), 1e-5);
  assertAlmostEquals(smaller.high, 1 - Math.sqrt(0.025), 1e-5);
});

Deno.test("the band of many values is narrow, and no longer than of few", () => {
  const weight = init.normal(empty([1000, 1000]), {
    generator: new Generator(14),
  });
  const band = bandOf(weight, { kind: "normal", mean: 0, std: 1 });
  assert(band.length > 60 && band.length <= 120, String(band.length));
  const middle = band[band.length >> 1];
  // In the middle, 1.96 standard errors of a median: 1.2533 / sqrt(n).
  assertAlmostEquals(middle.high - middle.low, 2 * 1.96 * 1.2533e-3, 5e-5);
});

/** How many samples have the value of each rank in the band. */
function coverage(fill: (all: Tensor) => Tensor, values = size): number[] {
  const all = fill(empty([samples, size]));
  const law = fill(empty([values]));
  const band = bandOf(law);
  const numbers = all.toFloat32();
  const counts = new Array<number>(size).fill(0);
  for (let sample = 0; sample < samples; sample++) {
    numbers.slice(sample * size, (sample + 1) * size).sort()
      .forEach((value, rank) => {
        const { low, high } = band[rank];
        if (value >= low && value <= high) counts[rank]++;
      });
  }
  assertEquals(counts.length, size);
  return counts;
}

/** The band that the figure draws: its area's two edges. */
function bandOf(weight: Tensor, theory?: Distribution) {
  const [{ x, y }] = JSON.parse(
    JSON.stringify(plot.quantiles(weight, { theory })),
  ).data as { x: number[]; y: number[] }[];
  const { length } = x;
  return Array.from({ length: length / 2 }, (_, i) => {
    assertEquals(x[i], x[length - 1 - i]);
    return { low: y[i], high: y[length - 1 - i] };
  });
}
