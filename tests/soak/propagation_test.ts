/**
 * Stacks of blocks from fresh seeds against PyTorch's means over its own 20, GPT-2
 * small, and wide residual networks against the theory.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { propagate } from "../../mod.ts";
import type { BlockOptions } from "../../lib/propagation/architecture.ts";
import type { Band } from "../../lib/propagation/bands.ts";
import { readGolden } from "../golden/golden.ts";

interface StackRow {
  readonly options: BlockOptions;
  readonly at: readonly number[];
  readonly mean: Readonly<Record<string, readonly number[]>>;
  readonly error: Readonly<Record<string, readonly number[]>>;
  readonly logMean: Readonly<Record<string, readonly number[]>>;
  readonly logError: Readonly<Record<string, readonly number[]>>;
}

const stacks = await readGolden<StackRow>("blocks.json");

/** A band of a layer by the golden file's name. */
function bandOf(layer: object, name: string): Band {
  const found = layer as Readonly<
    Record<string, { readonly meanSquare: Band; readonly value: Band }>
  >;
  const weight = /^weight(\d)$/.exec(name);
  const one = weight === null
    ? found[name]
    : (found.weightGradients as unknown as typeof found[string][])[
      Number(weight[1]) - 1
    ];
  return one.meanSquare ?? one.value;
}

Deno.test("fresh seeds have PyTorch's means, within their errors", async () => {
  const distances: number[] = [];
  for (const { options, at, mean, error, logMean, logError } of stacks) {
    const run = await propagate({ ...options, seed: 1000, seeds: 20 });
    for (const name of Object.keys(mean)) {
      at.forEach((layer, i) => {
        const band = bandOf(run.layers[layer - 1], name);
        // Where seeds are spread widely, the sample's own error is too small.
        const isWide = logMean[name] !== undefined &&
          error[name][i] > 0.1 * mean[name][i];
        const logs = Math.log(band.geometricMean ?? 1);
        const [own, ownError, theirs, theirError] = isWide
          ? [
            logs,
            band.logStd! / Math.sqrt(20),
            logMean[name][i],
            logError[name][i],
          ]
          : [band.mean, band.error!, mean[name][i], error[name][i]];
        const both = Math.hypot(ownError, theirError);
        // What is 0, and norms, which are 1 but for rounding.
        if (both < 1e-9 * Math.abs(theirs) || both === 0) {
          return assert(Math.abs(own - theirs) <= 1e-4 * Math.abs(theirs));
        }
        distances.push(Math.abs(own - theirs) / both);
      });
    }
  }
  const beyond = distances.filter((distance) => distance > 3).length;
  assert(distances.length > 400, `${distances.length}`);
  assert(beyond <= 0.01 * distances.length, `${beyond} of ${distances.length}`);
  assert(Math.max(...distances) < 5, `${Math.max(...distances)}`);
});

/** PyTorch's stream of seed 0, by block; 0 is the embedding. */
const gpt2 = {
  true: [
    [0, 0.0007962680043733642],
    [1, 0.006435128348590435],
    [4, 0.02779250655096423],
    [12, 0.09050103804980636],
  ],
  false: [
    [0, 0.0007962680043733642],
    [1, 0.1337627637839411],
    [4, 0.7188685276769383],
    [12, 2.276542738731276],
  ],
} as const;

Deno.test("GPT-2 small's stream grows 114-fold, and 2900-fold without the factor", () => {
  for (const residualScale of [true, false]) {
    const { inputs, layers } = propagate({ block: "gpt2", residualScale });
    for (const [layer, square] of gpt2[`${residualScale}`]) {
      const { meanSquare } = layer === 0 ? inputs : layers[layer - 1].stream;
      assert(
        Math.abs(meanSquare / square - 1) < 1e-9,
        `${layer}: ${meanSquare}`,
      );
    }
  }
});

Deno.test("pre-norm and post-norm near the theory as they widen", async () => {
  for (const block of ["preNorm", "postNorm"] as const) {
    for (
      const [width, depth, room] of [[512, 32, 0.12], [1024, 8, 0.08]] as const
    ) {
      const options = { block, width, depth, seed: 1000, seeds: 3 };
      const run = await propagate(options);
      for (const { layer, stream, gradient } of run.layers) {
        for (const { meanSquare, expected } of [stream, gradient]) {
          const off = meanSquare.mean / expected! - 1;
          const noise = 4 * meanSquare.error! / expected!;
          assert(
            Math.abs(off) < room + noise,
            `${block} ${width} ${layer}: ${off}`,
          );
        }
      }
    }
  }
  assertEquals(stacks.length, 19);
});
