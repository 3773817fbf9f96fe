/**
 * fanin initializes neural-network weights bit for bit as PyTorch does on a
 * CPU, computes their fan-in and fan-out, and shows them in notebooks.
 *
 * @module
 */

import "./lib/notebook/mod.ts";
import "./lib/numerics/kernels/offer.ts";

export {
  empty,
  type Nested,
  Tensor,
  tensor,
  type TensorOptions,
} from "./lib/core/tensor.ts";
export type {
  DataOf,
  Dtype,
  DtypeArrays,
  DtypeOf,
  FloatDtype,
  OpaqueDtype,
  TypedArray,
} from "./lib/core/dtype.ts";
export type {
  Checkpoint,
  ElementRange,
  Named,
  Over,
  ParameterOwner,
  Quantization,
  Source,
  TensorInfo,
  Weights,
} from "./lib/core/source.ts";
export type { Shape } from "./lib/core/shape.ts";
export {
  type HtmlOptions,
  type MimeBundle,
  type PngOptions,
  type RendererName,
  Showable,
  type ShowOptions,
} from "./lib/core/show.ts";
export { display, type DisplayOptions } from "./lib/notebook/display.ts";
export { explore, Explorer } from "./lib/notebook/explorer/explorer.ts";
export type {
  ExploreInitializer,
  ExploreOptions,
  ExploreSettings,
} from "./lib/notebook/explorer/settings.ts";
export { currentRenderer, useRenderer } from "./lib/notebook/renderer.ts";
export * as init from "./lib/init/mod.ts";
export type { FanMode } from "./lib/init/mod.ts";
export {
  type Constant,
  type Distribution,
  type Expectation,
  expectationOf,
  type Normal,
  type Ones,
  type Orthogonal,
  type Scaled,
  type Sparse,
  type Target,
  type TruncatedNormal,
  type Uniform,
} from "./lib/random/distribution.ts";
export {
  currentKernel,
  type KernelName,
  useKernel,
} from "./lib/numerics/kernels/kernel.ts";
export { initModel, type InitModelOptions } from "./lib/parallel/init_model.ts";
export { startWorkers, type Workers } from "./lib/parallel/workers.ts";
export * as nn from "./lib/nn/mod.ts";
export * as plot from "./lib/plot/mod.ts";
export type {
  Summary,
  SummaryRow,
  Verdict,
} from "./lib/checkpoint/summary/result.ts";
export {
  summary,
  type SummaryOptions,
} from "./lib/checkpoint/summary/summary.ts";
export {
  type Experiment,
  glorotBengio2010,
  he2015,
} from "./lib/propagation/experiments.ts";
export type { Activation } from "./lib/propagation/activations.ts";
export type { Filler, WeightFiller } from "./lib/propagation/filling.ts";
export {
  type Progress,
  propagate,
  type PropagateOptions,
  type Propagation,
  type PropagationLayer,
  type Signal,
  type SignalExpectation,
} from "./lib/propagation/propagate.ts";
export type { Histogram } from "./lib/numerics/histogram.ts";
export {
  defaultGenerator,
  manualSeed,
} from "./lib/random/default_generator.ts";
export { Generator } from "./lib/random/torch/generator.ts";
export {
  type AnyGenerator,
  type Filled,
  filledBy,
  type SeekableGenerator,
} from "./lib/random/generator.ts";
export {
  calculateGain,
  type Connections,
  type Fan,
  fan,
  type FanAxis,
  type FanDerivation,
  type FanDivisor,
  type FanLayout,
  type FanOptions,
  type FanRole,
  type FanStep,
  type Nonlinearity,
  type ShownFan,
} from "./lib/init/scaling.ts";
