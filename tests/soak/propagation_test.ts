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

/** Of a script of PyTorch's, seed 0: stream, attention and mlp after blocks. */
const gpt2 = {
  true: [0.0007953, [[1, 0.00647], [4, 0.0278], [12, 0.0904]]],
  false: [0.0007953, [[1, 0.138], [4, 0.725], [12, 2.34]]],
} as const;

Deno.test("GPT-2 small's stream grows 114-fold, and 2900-fold without the factor", () => {
  for (const residualScale of [true, false]) {
    const run = propagate({ block: "gpt2", residualScale });
    const [start, marks] = gpt2[`${residualScale}`];
    assert(Math.abs(run.inputs.meanSquare / start - 1) < 0.01);
    for (const [layer, square] of marks) {
      const own = run.layers[layer - 1].stream.meanSquare;
      assert(Math.abs(own / square - 1) < 0.02, `${layer}: ${own}`);
    }
  }
});

Deno.test("pre-norm and post-norm near the theory as they widen", async () => {
  for (const block of ["preNorm", "postNorm"] as const) {
    for (const [width, room] of [[512, 0.12], [1024, 0.08]] as const) {
      const run = await propagate({ block, width, seed: 1000, seeds: 6 });
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
