import { assert, assertEquals } from "@std/assert";
import { propagate } from "../../mod.ts";
import {
  type Activation,
  activations,
  curveOf,
} from "../../lib/propagation/activations.ts";
import { activationMoments } from "../../lib/propagation/mean_field.ts";
import type { PropagationLayer } from "../../lib/propagation/propagate.ts";
import { readGolden } from "../golden/golden.ts";

type Quantity =
  | "preactivations"
  | "activations"
  | "gradients"
  | "weightGradients";
type Statistic = "mean" | "std" | "min" | "max" | "zeroShare";

interface StackRow {
  readonly activation: Activation;
  readonly init: string;
  readonly widths: readonly number[];
  readonly batch: number;
  readonly biasStd: number;
  readonly seed: number;
  readonly layers: readonly Record<Quantity, Record<Statistic, number>>[];
}

const stacks = await readGolden<StackRow>("propagation.json");

for (const { layers, widths, ...options } of stacks) {
  const { activation, init, biasStd } = options;
  const name = `${activation}, ${init}, bias ${biasStd}`;
  Deno.test(`${name}: signals and gradients are autograd's`, () => {
    const run = propagate({ ...options, width: widths, negativeSlope: 0.2 });
    assertEquals(run.layers.length, layers.length);
    layers.forEach((expected, index) =>
      assertLayer(run.layers[index], expected)
    );
  });
}

function assertLayer(
  found: PropagationLayer,
  expected: StackRow["layers"][number],
): void {
  for (const [quantity, statistics] of Object.entries(expected)) {
    for (const [statistic, value] of Object.entries(statistics)) {
      const own = found[quantity as Quantity][statistic as Statistic];
      const scale = Math.max(Math.abs(value), statistics.std);
      assert(
        Math.abs(own - value) <= 1e-10 * scale,
        `layer ${found.layer}, ${statistic} of ${quantity}: ${own}, not ${value}`,
      );
    }
  }
}

Deno.test("every activation has a golden stack", () => {
  assertEquals(
    [...new Set(stacks.map(({ activation }) => activation))],
    [...activations],
  );
});

interface MomentsRow {
  readonly activation: Activation;
  readonly variance: number;
  readonly mean: number;
  readonly square: number;
  readonly slopeSquare: number;
}

const theory = await readGolden<MomentsRow>("mean_field.json");

Deno.test("moments of activations are within 1e-12 of mpmath's", () => {
  assertEquals(theory.length, 5 * activations.length);
  for (const { activation, variance, ...expected } of theory) {
    const found = activationMoments(curveOf(activation, 0.1), variance);
    for (const [name, value] of Object.entries(expected)) {
      const own = found[name as keyof typeof expected];
      // A mean near 0 is a difference of two halves.
      const scale = name === "mean" ? Math.sqrt(expected.square) : value;
      assert(
        Math.abs(own - value) <= 1e-12 * Math.abs(scale),
        `${activation} at ${variance}, ${name}: ${own}, not ${value}`,
      );
    }
  }
});
