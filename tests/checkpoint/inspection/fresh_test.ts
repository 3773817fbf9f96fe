/**
 * How many fresh layers are recognized, and how many of those with noise.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { inspect } from "../../../lib/checkpoint/mod.ts";
import { dtypes } from "../../../lib/core/dtype.ts";
import { empty, Generator, init, type Tensor } from "../../../mod.ts";
import { Dice } from "../../differential/dice.ts";
import { kinds, type Layer } from "./fresh_layers.ts";

const layerCount = 1000;
const noise = 0.05;

/** Layers by kind, in turn. */
const layers = Array.from({ length: layerCount }, (_, seed) => {
  const names = Object.keys(kinds);
  const kind = names[seed % names.length];
  const layer = kinds[kind](new Dice(BigInt(seed)), new Generator(seed));
  return { kind, layer, seed };
});

Deno.test("at least 99 % of 1,000 fresh layers are recognized", async () => {
  const tally = new Map<string, number[]>();
  let [tensors, flaggedTensors] = [0, 0];
  for (const { kind, layer } of layers) {
    const flagged = await flaggedOf(layer);
    const weights = Object.keys(layer).filter((name) => !isSmall(layer[name]));
    const counts = tally.get(kind) ?? [0, 0];
    counts[0]++;
    if (weights.every((name) => flagged.includes(name))) counts[1]++;
    tally.set(kind, counts);
    tensors += Object.keys(layer).length;
    flaggedTensors += flagged.length;
  }
  const told = [...tally.values()].reduce((sum, [, count]) => sum + count, 0);
  console.log(
    `${told} of ${layerCount} layers, ${flaggedTensors} of ${tensors} tensors told`,
  );
  for (const [kind, [count, found]] of tally) {
    if (found < count) console.log(`${kind}: ${found} of ${count}`);
  }
  assert(told >= 0.99 * layerCount, `${told}`);
});

Deno.test("none of them is called fresh with 5 % noise", async () => {
  const wrong: string[] = [];
  for (const { kind, layer, seed } of layers) {
    const flagged = await flaggedOf(withNoise(layer, seed));
    if (flagged.length > 0) wrong.push(`${kind}, seed ${seed}: ${flagged}`);
  }
  assertEquals(wrong, []);
});

async function flaggedOf(layer: Layer): Promise<string[]> {
  const { findings } = await inspect(layer);
  return findings.filter(({ kind }) => kind === "fresh")
    .map(({ tensor }) => tensor);
}

/** A vector of so few values cannot be recognized, and need not be. */
function isSmall(tensor: Tensor): boolean {
  return tensor.numel() < 24;
}

function withNoise(layer: Layer, seed: number): Layer {
  const generator = new Generator(1_000_000 + seed);
  return Object.fromEntries(
    Object.entries(layer).map(([name, tensor]) => {
      const { dtype, shape, data } = tensor;
      const { encode, decode } = dtypes[dtype];
      const values = Float64Array.from(data as Float32Array, decode);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) /
        values.length;
      const added = init.normal(empty(shape, { dtype: "float64" }), {
        std: noise * Math.sqrt(variance),
        generator,
      });
      const sum = empty(shape, { dtype });
      sum.data.forEach((_, index) =>
        sum.data[index] = Number(
          encode(values[index] + Number(added.data[index])),
        )
      );
      return [name, sum];
    }),
  );
}
