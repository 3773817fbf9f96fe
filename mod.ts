/**
 * fanin initializes neural-network weights bit for bit as PyTorch does on a
 * CPU, computes their fan-in and fan-out, shows them in notebooks, and looks into
 * checkpoints.
 *
 * @example
 * ```ts
 * import { fan, init, manualSeed, nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * manualSeed(0);
 * const conv = new nn.Conv2d(16, 33, 3, { stride: 2 });
 * assertEquals(fan(conv).fanIn, 144);
 * init.kaimingNormal(conv.weight, { mode: "fan_out", nonlinearity: "relu" });
 * assertEquals(conv.weight.at(0, 0, 0, 0).item(), -0.1317705661058426);
 * ```
 *
 * @module
 */

import "./lib/notebook/mod.ts";
import "./lib/numerics/kernels/offer.ts";

export * as init from "./lib/init/mod.ts";
export * as nn from "./lib/nn/mod.ts";
export * as plot from "./lib/plot/mod.ts";
export * as recipes from "./lib/nn/recipes/mod.ts";

export { inspect } from "./lib/checkpoint/inspection/inspect.ts";
export { openCheckpoint } from "./lib/checkpoint/open.ts";
export type { Summary } from "./lib/checkpoint/summary/result.ts";
export {
  summary,
  type SummaryOptions,
} from "./lib/checkpoint/summary/summary.ts";
export type { DataOf, Dtype, FloatDtype } from "./lib/core/dtype.ts";
export type { Shape } from "./lib/core/shape.ts";
export type {
  HtmlOptions,
  PngOptions,
  Showable,
  ShowOptions,
} from "./lib/core/show.ts";
export {
  empty,
  type Nested,
  Tensor,
  tensor,
  type TensorOptions,
} from "./lib/core/tensor.ts";
export {
  calculateGain,
  type Fan,
  fan,
  type FanOptions,
  type Nonlinearity,
  type ShownFan,
} from "./lib/init/scaling.ts";
export { initialize } from "./lib/nn/recipes/initialize.ts";
export type { InitRule, Recipe } from "./lib/nn/recipes/rule.ts";
export { display } from "./lib/notebook/display.ts";
export { explore, type Explorer } from "./lib/notebook/explorer/explorer.ts";
export type { ExploreOptions } from "./lib/notebook/explorer/settings.ts";
export { currentRenderer, useRenderer } from "./lib/notebook/renderer.ts";
export { currentKernel, useKernel } from "./lib/numerics/kernels/kernel.ts";
export { initModel, type InitModelOptions } from "./lib/parallel/init_model.ts";
export { startWorkers, type Workers } from "./lib/parallel/workers.ts";
export { checkStart } from "./lib/propagation/check_start.ts";
export { coordinateCheck } from "./lib/propagation/coordinate_check.ts";
export { criticality } from "./lib/propagation/criticality.ts";
export { glorotBengio2010, he2015 } from "./lib/propagation/experiments.ts";
export { lsuv } from "./lib/propagation/lsuv.ts";
export {
  propagate,
  type PropagateOptions,
  type Propagation,
} from "./lib/propagation/propagate.ts";
export {
  defaultGenerator,
  manualSeed,
  withSeed,
} from "./lib/random/default_generator.ts";
export {
  type Distribution,
  type Expectation,
  expectationOf,
} from "./lib/random/distribution.ts";
export {
  type AnyGenerator,
  type Filled,
  filledBy,
  type SeekableGenerator,
} from "./lib/random/generator.ts";
export { Generator } from "./lib/random/torch/generator.ts";
