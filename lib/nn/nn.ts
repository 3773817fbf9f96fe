/**
 * The layers of `torch.nn`, with the first weights that PyTorch gives them.
 *
 * @module
 */

export {
  type Approximate,
  BareActivation,
  ELU,
  type ELUOptions,
  GELU,
  type GELUOptions,
  InplaceActivation,
  type InplaceOptions,
  LeakyReLU,
  type LeakyReLUOptions,
  Mish,
  ReLU,
  SELU,
  Sigmoid,
  SiLU,
  Tanh,
} from "./activations.ts";
export { apply } from "./apply.ts";
export type { LayerArguments, LayerOptions } from "./arguments.ts";
export { ModuleDict, ModuleList, ModuleRow, Sequential } from "./containers.ts";
export {
  Conv,
  Conv2d,
  type ConvArguments,
  type ConvOptions,
  type Padding,
  type PaddingMode,
  type PerAxis,
} from "./conv.ts";
export {
  Dropout,
  Dropout2d,
  DropoutLayer,
  type DropoutOptions,
} from "./dropout.ts";
export { Flatten, type FlattenOptions } from "./flatten.ts";
export type { LoadOptions, LoadResult, StateDict } from "./state_dict.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export type { ParameterSpec } from "./fields.ts";
export type { Fill } from "./fills.ts";
export { Module } from "./module.ts";
export { Identity, Plain } from "./plain.ts";
export {
  AdaptiveAvgPool2d,
  type AdaptivePoolOptions,
  AvgPool2d,
  type AvgPoolOptions,
  MaxPool2d,
  type MaxPoolOptions,
} from "./pooling.ts";
export {
  AxisActivation,
  type AxisOptions,
  LogSoftmax,
  Softmax,
} from "./softmax.ts";
