/**
 * How many trained layers are wrongly called fresh.
 *
 * @module
 */

import { assert } from "@std/assert";
import { inspect } from "../../../lib/checkpoint/mod.ts";
import { formatNumber } from "../../../lib/core/format.ts";
import type { Tensor } from "../../../mod.ts";
import { Dice } from "../../differential/dice.ts";
import { drawTraining, train } from "./training.ts";

const networks = 120;

const trained = Array.from({ length: networks }, (_, seed) => {
  const training = drawTraining(new Dice(BigInt(seed)));
  return { seed, training, tensors: train(training, seed) };
});

for (const dtype of ["float32", "bfloat16", "float16"] as const) {
  Deno.test(`at most 1 % of trained layers in ${dtype} are called fresh`, async () => {
    let count = 0;
    const wrong: string[] = [];
    for (const { seed, training, tensors } of trained) {
      const cast: Record<string, Tensor> = Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) =>
          [name, tensor.to(dtype)] as const
        ),
      );
      const { findings } = await inspect(cast);
      count += Object.keys(cast).length;
      for (const { kind, tensor, message } of findings) {
        if (kind !== "fresh") continue;
        const { optimizer, rate, steps } = training;
        wrong.push(
          `network ${seed}, ${tensor}, ${steps} steps of ${optimizer} at ${
            formatNumber(rate)
          }: ${message}`,
        );
      }
    }
    console.log(`${wrong.length} of ${count} tensors told to be fresh`);
    if (wrong.length > 0) console.log(wrong.join("\n"));
    assert(count >= 6 * networks && wrong.length <= 0.01 * count);
  });
}
