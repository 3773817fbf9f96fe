/**
 * Figures for tests: one of each kind, always the same.
 *
 * @module
 */

import { empty } from "../../lib/core/tensor.ts";
import * as init from "../../lib/init/mod.ts";
import type { Figure } from "../../lib/plot/figure.ts";
import * as plot from "../../lib/plot/mod.ts";
import { Generator } from "../../lib/random/torch/generator.ts";

const generator = new Generator(0);
const weight = init.kaimingUniform(empty([33, 16, 3, 3]), { generator });

/** Bars and a line; heat tiles; lines. */
export const figures: readonly [Figure, Figure, Figure] = [
  plot.weights(weight, { title: "Weights" }),
  plot.kernels(weight, { title: "Kernels", out: [0, 6], in: [0, 8] }),
  plot.compare({
    uniform: weight,
    normal: init.xavierNormal(empty([33, 16, 3, 3]), { generator }),
  }),
];
