import { assert, assertLess } from "@std/assert";
import {
  empty,
  type FanOptions,
  Generator,
  init,
  plot,
  type Tensor,
} from "../../mod.ts";
import { bundleOf } from "../browser/outputs.ts";

/** What a figure of one tensor may have, in bytes, without plotly.js. */
const most = 60_000;

/** Weights as layers have them, and what their shape does not say. */
const weights: readonly (readonly [number[], Omit<FanOptions, "stride">])[] = [
  [[1, 1], {}],
  [[4096, 1024], {}],
  [[2304, 768], { fused: 3 }],
  [[64, 32, 1], {}],
  [[64, 64, 3], {}],
  [[64, 64, 9], {}],
  [[64, 4, 5], { groups: 16 }],
  [[64, 32, 4], { transposed: true }],
  [[33, 16, 3, 3], {}],
  [[512, 512, 3, 3], {}],
  [[64, 64, 1, 1], {}],
  [[9, 12, 2, 2], {}],
  [[4, 10, 6, 2], {}],
  [[64, 3, 4, 4], {}],
  [[64, 3, 5, 5], {}],
  [[64, 3, 7, 7], {}],
  [[4, 4, 7, 7], {}],
  [[768, 3, 16, 16], {}],
  [[64, 32, 11, 11], {}],
  [[64, 1, 3, 3], { groups: 64 }],
  [[256, 8, 3, 3], { groups: 32 }],
  [[100, 4, 7, 7], { groups: 2 }],
  [[64, 32, 2, 2], { transposed: true }],
  [[64, 8, 4, 4], { transposed: true, groups: 4 }],
  [[64, 32, 3, 3, 3], {}],
  [[4, 4, 3, 3, 3], {}],
  [[100, 4, 3, 1, 4], {}],
  [[64, 4, 4, 4, 4], { groups: 2 }],
  [[64, 3, 1, 7, 7], {}],
  [[64, 32, 2, 2, 2], { transposed: true }],
];

/** The figures of one tensor. */
const kinds: Readonly<
  Record<
    string,
    (weight: Tensor, options: Omit<FanOptions, "stride">) => plot.Figure
  >
> = {
  fan: ({ shape }, options) => plot.fan(shape, options),
  weights: (weight) => plot.weights(weight),
  quantiles: (weight) => plot.quantiles(weight),
  kernels: (weight) => plot.kernels(weight),
  layers: (weight) => plot.layers({ weight }),
  compare: (weight) => plot.compare({ weight }),
};

for (const [kind, make] of Object.entries(kinds)) {
  Deno.test(`a bundle of plot.${kind} is below 60 kB`, async () => {
    for (const [shape, options] of weights) {
      const weight = init.normal(empty(shape), { generator: new Generator(0) });
      await assertSmall(make(weight, options), `${kind} of ${shape}`);
    }
  });
}

Deno.test("a bundle of plot.spectrum is below 60 kB", async () => {
  for (const fill of [init.kaimingNormal, init.orthogonal]) {
    const weight = fill(empty([256, 64, 2, 2]), {
      generator: new Generator(0),
    });
    await assertSmall(plot.spectrum(weight), fill.name);
  }
});

async function assertSmall(figure: plot.Figure, name: string): Promise<void> {
  const bundle = await bundleOf(figure);
  const { length } = new TextEncoder().encode(JSON.stringify(bundle));
  assert(bundle["text/html"] !== undefined);
  assertLess(length, most, name);
}
