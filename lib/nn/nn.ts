/**
 * The layers of `torch.nn`, with the first weights that PyTorch gives them.
 *
 * @module
 */

export type { LayerArguments } from "./arguments.ts";
export {
  Conv,
  Conv2d,
  type ConvArguments,
  type ConvOptions,
  type Padding,
  type PaddingMode,
  type PerAxis,
} from "./conv.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export { type LayerOptions, Module, type ParameterSpec } from "./module.ts";
