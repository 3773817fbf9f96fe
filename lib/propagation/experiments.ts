/**
 * The experiments of two papers, as options of `propagate`.
 *
 * Both papers train on images; here inputs and the output's gradient are
 * normal, and layers are dense. What the papers say about initialization does
 * not depend on that.
 *
 * @module
 */

import type { PropagateOptions } from "./propagate.ts";

/**
 * Runs of `propagate` by name.
 *
 * @internal
 */
export type Experiment<Name extends string> = Readonly<
  Record<Name, PropagateOptions>
>;

/** Five hidden layers of a thousand units, as in figures 6 and 7. */
const glorot = {
  depth: 5,
  width: 1000,
  batch: 300,
  activation: "tanh",
} as const;

/**
 * Glorot and Bengio's standard and normalized initialization, figures 6 and 7.
 *
 * Standard is U(−1/√n, 1/√n), their equation 1, so that n Var[W] = 1/3
 * (equation 15): in the linear regime each layer scales the variance of
 * signals and of gradients by 1/3. Normalized is their equation 16,
 * `init.xavierUniform`, and scales both by 1 where widths are equal.
 *
 * @see X. Glorot, Y. Bengio (2010), Understanding the difficulty of training
 * deep feedforward neural networks, AISTATS
 *
 * @example
 * ```ts
 * import { glorotBengio2010, propagate } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const linear = { activation: "linear", width: 64, bins: 0 } as const;
 * const run = propagate({ ...glorotBengio2010.standard, ...linear });
 * const [first, second] = run.layers.map(({ activations }) => activations);
 * const ratio = second.expected!.std / first.expected!.std;
 * assertAlmostEquals(ratio ** 2, 1 / 3, 1e-7);
 * ```
 */
export const glorotBengio2010: Experiment<"standard" | "normalized"> = {
  standard: {
    ...glorot,
    // The bound is gain · √(3 / n), and this gain is √(1/3).
    init: { name: "kaimingUniform", negativeSlope: Math.sqrt(5) },
  },
  normalized: { ...glorot, init: "xavierUniform" },
};

/** The paper's networks are convolutional; the width is ours. */
const he = { width: 256, batch: 256, activation: "relu" } as const;
const kaiming = { name: "kaimingNormal", nonlinearity: "relu" } as const;

/**
 * He et al.'s comparison with Xavier through 22 and 30 layers of relu,
 * figures 2 and 3.
 *
 * Theirs keeps ½ n Var[w] = 1 (equation 10). Xavier has n Var[w] = 1, so its std is
 * 1/√2 of theirs in each layer, and 1/√2^L after L layers (section 2.2).
 *
 * @see K. He, X. Zhang, S. Ren, J. Sun (2015), Delving deep into rectifiers,
 * ICCV
 *
 * @example
 * ```ts
 * import { he2015, propagate } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const small = { width: 32, batch: 32, bins: 0 };
 * const [xavier, kaiming] = [he2015.xavier22, he2015.kaiming22]
 *   .map((options) => propagate({ ...options, ...small }).layers[21]);
 * const ratio = xavier.activations.std / kaiming.activations.std;
 * assertAlmostEquals(ratio * Math.SQRT2 ** 22, 1, 1e-5);
 * ```
 */
export const he2015: Experiment<
  "xavier22" | "kaiming22" | "xavier30" | "kaiming30"
> = {
  xavier22: { ...he, depth: 22, init: "xavierNormal" },
  kaiming22: { ...he, depth: 22, init: kaiming },
  xavier30: { ...he, depth: 30, init: "xavierNormal" },
  kaiming30: { ...he, depth: 30, init: kaiming },
};
