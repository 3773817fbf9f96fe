/**
 * fanin initialises neural-network weights bit for bit as PyTorch does on a
 * CPU, computes their fan-in and fan-out, and shows them in notebooks.
 *
 * @module
 */

import "./lib/display/renderers.ts";
import "./lib/kernels/offer.ts";

export { empty, tensor, type TensorOptions } from "./lib/core/create.ts";
export type {
  DataOf,
  Dtype,
  DtypeArrays,
  OpaqueDtype,
} from "./lib/core/dtype.ts";
export type { Quantization } from "./lib/core/quantization.ts";
export type { Shape } from "./lib/core/shape.ts";
export {
  type HtmlOptions,
  type MimeBundle,
  type PngOptions,
  type RendererName,
  Showable,
  type ShowOptions,
} from "./lib/core/show.ts";
export { type Nested, Tensor } from "./lib/core/tensor.ts";
export { display, type DisplayOptions } from "./lib/display/display.ts";
export { explore, Explorer } from "./lib/display/explorer/explorer.ts";
export type { ExploreInitialiser } from "./lib/display/explorer/initialisers.ts";
export type {
  ExploreOptions,
  ExploreSettings,
} from "./lib/display/explorer/settings.ts";
export { currentRenderer, useRenderer } from "./lib/display/renderer_choice.ts";
export * as init from "./lib/init/init.ts";
export type { FanMode } from "./lib/init/init.ts";
export type { TruncatedNormal } from "./lib/random/distribution.ts";
export { type Theory, theoryOf } from "./lib/init/theory.ts";
export {
  currentKernel,
  type KernelName,
  useKernel,
} from "./lib/kernels/kernel.ts";
export type { TwisterState } from "./lib/kernels/fill.ts";
export { initModel, type InitModelOptions } from "./lib/parallel/init_model.ts";
export { startWorkers, type Workers } from "./lib/parallel/workers.ts";
export * as nn from "./lib/nn/nn.ts";
export * as plot from "./lib/plot/plot.ts";
export type { ParameterOwner } from "./lib/plot/source.ts";
export type { Summary, SummaryRow, Verdict } from "./lib/summary/result.ts";
export {
  type ShownSummary,
  summary,
  type SummaryOptions,
} from "./lib/summary/summary.ts";
export {
  type Experiment,
  glorotBengio2010,
  he2015,
} from "./lib/propagation/experiments.ts";
export type { Activation } from "./lib/propagation/activations.ts";
export type { Filler, WeightFiller } from "./lib/propagation/filling.ts";
export type { Progress, PropagateOptions } from "./lib/propagation/options.ts";
export { propagate } from "./lib/propagation/propagate.ts";
export type {
  Propagation,
  PropagationLayer,
} from "./lib/propagation/result.ts";
export type { Expectation, Signal } from "./lib/propagation/signal.ts";
export type { Histogram } from "./lib/statistics/histogram.ts";
export {
  defaultGenerator,
  manualSeed,
} from "./lib/random/default_generator.ts";
export { Generator } from "./lib/random/torch/generator.ts";
export {
  type Constant,
  type Distribution,
  expectationOf,
  type Normal,
  type Ones,
  type Orthogonal,
  type Scaled,
  type Sparse,
  type Target,
  type Uniform,
} from "./lib/random/distribution.ts";
export {
  type AnyGenerator,
  type Filled,
  filledBy,
  type SeekableGenerator,
} from "./lib/random/generator.ts";
export type {
  Fan,
  FanAxis,
  FanDerivation,
  FanDivisor,
  FanRole,
  FanStep,
} from "./lib/scaling/derivation.ts";
export { fan, type ShownFan } from "./lib/scaling/fan.ts";
export type { FanLayout, FanOptions } from "./lib/scaling/fan_axes.ts";
export { calculateGain, type Nonlinearity } from "./lib/scaling/gain.ts";
