/**
 * How often fresh weights ask for attention, and how often wrong ones do not.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  empty,
  Generator,
  init,
  nn,
  summary,
  type Tensor,
} from "../../../mod.ts";
import { warningsOf } from "../../core/warnings.ts";
import { floatDtypes } from "../../differential/cases.ts";
import { Dice } from "../../differential/dice.ts";
import { defined, layers } from "../../differential/layers.ts";
import { makeLayer } from "../../golden/layers.js";

const seeds = 200;

Deno.test("over 200 seeds fresh layers of every kind raise as few alarms as α says", () => {
  // Of 200 with a chance of 0.01 each, 8 or more come once in 900 times.
  assertCount(alarms(0.01, everyLayer), 0, 7);
  // Of 200 with a chance of 0.2 each, 59 or more come once in 1,000 times.
  assertCount(alarms(0.2, everyLayer), 1, 58);
});

Deno.test("over 200 seeds the share of alarms is α where tensors are large", () => {
  // Std and mean of 12 tensors stray each for itself: the chance is
  // 1 − (1 − 0.2 / 24)^24 = 0.182. Of 200, 21 to 54 come 998 times in 1,000.
  assertCount(alarms(0.2, largeTensors), 21, 54);
});

Deno.test("over 200 seeds sparse matrices raise as few alarms as α says", () => {
  // Of 200 with a chance of 0.2 each, 59 or more come once in 1,000 times.
  assertCount(alarms(0.2, sparseMatrices), 0, 58);
});

Deno.test("weights scaled by 1.1 ask for attention, whatever drew them", () => {
  for (let seed = 0; seed < 20; seed++) {
    const tensors = Object.entries(largeTensors(seed));
    for (const [name, tensor] of tensors) {
      scale(tensor, 1.1);
      const { rows } = summary(Object.fromEntries(tensors));
      const marked = rows.filter((row) => row.attention);
      assertEquals(marked.map((row) => [row.name, row.verdict]), [
        [name, "wide"],
      ]);
      scale(tensor, 1 / 1.1);
    }
  }
});

Deno.test("a million bfloat16 uniforms are as expected, though rounded", () => {
  // What rounds to the upper end becomes the lower one, as in PyTorch, which
  // moves the mean by many standard errors.
  const w = empty([1000, 1000], { dtype: "bfloat16" });
  init.xavierUniform(w, { generator: new Generator(0) });
  const [row] = summary({ w }).rows;
  assert(Math.abs(row.meanZ!) > 2.9, String(row.meanZ));
  assertEquals(row.verdict, "as expected");
});

/** How many of 200 summaries of fresh tensors have one that is marked. */
function alarms(
  alpha: number,
  make: (seed: number) => Record<string, Tensor>,
): number {
  const all = Array.from(
    { length: seeds },
    (_, seed) => summary(make(seed), { alpha }),
  );
  return all.filter(({ rows }) => rows.some((row) => row.attention)).length;
}

/** One layer of each kind, its arguments and dtype by dice. */
function everyLayer(seed: number): Record<string, Tensor> {
  const dice = new Dice(BigInt(seed));
  const generator = new Generator(seed);
  const tensors: Record<string, Tensor> = {};
  // Layers without elements warn.
  warningsOf(() => {
    for (const [name, draw] of Object.entries(layers)) {
      const dtype = dice.pick(floatDtypes);
      const value = { nn: name, args: [], options: defined(draw(dice)) };
      const layer: nn.Module = makeLayer(nn, value, { dtype, generator });
      for (const [key, tensor] of Object.entries(layer.stateDict())) {
        tensors[`${name}.${key}`] = tensor;
      }
    }
  });
  return tensors;
}

/** Small and larger ones, of few zeros and of many. */
function sparseMatrices(seed: number): Record<string, Tensor> {
  const generator = new Generator(seed);
  return Object.fromEntries(
    [[10, 2], [10, 5], [20, 30]].flatMap((shape) =>
      [0.1, 0.5, 0.8].map((sparsity) => [
        `${shape} ${sparsity}`,
        init.sparse(empty(shape), { sparsity, generator }),
      ])
    ),
  );
}

/** 2,500 elements of each distribution and dtype. */
function largeTensors(seed: number): Record<string, Tensor> {
  const generator = new Generator(seed);
  return Object.fromEntries(
    floatDtypes.flatMap((dtype) => {
      const shape = [50, 50];
      const cut = { low: -1, high: 2, generator };
      return [
        [
          `${dtype} uniform`,
          init.uniform(empty(shape, { dtype }), { generator }),
        ],
        [
          `${dtype} normal`,
          init.normal(empty(shape, { dtype }), { generator }),
        ],
        [`${dtype} cut`, init.truncNormal(empty(shape, { dtype }), cut)],
      ];
    }),
  );
}

function scale(tensor: Tensor, factor: number): void {
  const values = tensor.to("float64");
  const scaled = empty(tensor.shape, { dtype: "float64" });
  scaled.data.set(values.data.map((x) => factor * x));
  tensor.data.set(scaled.to(tensor.dtype).data as never);
}

function assertCount(count: number, least: number, most: number): void {
  assert(
    least <= count && count <= most,
    `${count} of ${seeds} is not in [${least}, ${most}]`,
  );
}
