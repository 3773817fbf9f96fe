/**
 * The initialisers that can be explored, and which options each takes.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import { kaimingNormal, kaimingUniform } from "../../init/init.ts";
import { normal } from "../../init/init.ts";
import { orthogonal } from "../../init/init.ts";
import { truncNormal } from "../../init/init.ts";
import { uniform } from "../../init/init.ts";
import { xavierNormal, xavierUniform } from "../../init/init.ts";

/** An option of an initialiser. */
export type OptionName =
  | "mode"
  | "nonlinearity"
  | "negativeSlope"
  | "gain"
  | "mean"
  | "std"
  | "low"
  | "high";

/** An initialiser. */
export interface Initialiser {
  /** Fills a tensor. */
  readonly fill: (tensor: Tensor, options: object) => Tensor;
  /** The options it takes. */
  readonly takes: readonly OptionName[];
}

/** The initialisers by their names in `init`. */
export type ExploreInitialiser =
  | "kaimingUniform"
  | "kaimingNormal"
  | "xavierUniform"
  | "xavierNormal"
  | "orthogonal"
  | "truncNormal"
  | "uniform"
  | "normal";

const kaiming = ["mode", "nonlinearity", "negativeSlope"] as const;

/** The initialisers, those that look at the fan first. */
export const initialisers: Readonly<Record<ExploreInitialiser, Initialiser>> = {
  kaimingUniform: { fill: kaimingUniform, takes: kaiming },
  kaimingNormal: { fill: kaimingNormal, takes: kaiming },
  xavierUniform: { fill: xavierUniform, takes: ["gain"] },
  xavierNormal: { fill: xavierNormal, takes: ["gain"] },
  orthogonal: { fill: orthogonal, takes: ["gain"] },
  truncNormal: { fill: truncNormal, takes: ["mean", "std", "low", "high"] },
  uniform: { fill: uniform, takes: ["low", "high"] },
  normal: { fill: normal, takes: ["mean", "std"] },
};

/** The nonlinearity whose gain has a slope. */
const sloped = "leaky_relu";

/**
 * Returns the options that take effect: no slope where the nonlinearity has
 * none.
 *
 * @param settings The initialiser and the nonlinearity.
 */
export function optionsInForce(
  { initialiser, nonlinearity }: {
    readonly initialiser: ExploreInitialiser;
    readonly nonlinearity: string;
  },
): readonly OptionName[] {
  return initialisers[initialiser].takes.filter((name) =>
    name !== "negativeSlope" || nonlinearity === sloped
  );
}
