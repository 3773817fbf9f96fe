/**
 * The layers of `torch.nn`, with the first weights that PyTorch gives them.
 *
 * @module
 */

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
export type { LoadOptions, LoadResult, StateDict } from "./state_dict.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export type { ParameterSpec } from "./fields.ts";
export type { Fill } from "./fills.ts";
export { Module } from "./module.ts";
