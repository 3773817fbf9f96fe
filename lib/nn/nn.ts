/**
 * The layers of `torch.nn`, with the first weights that PyTorch gives them.
 *
 * @module
 */

export { apply } from "./apply.ts";
export type { LayerArguments, LayerOptions } from "./arguments.ts";
export { ModuleDict, ModuleList, ModuleRow, Sequential } from "./containers.ts";
export { Conv, Conv1d, Conv2d, Conv3d } from "./conv.ts";
export type {
  ConvArguments,
  ConvOptions,
  ConvTransposeArguments,
  ConvTransposeOptions,
  Padding,
  PaddingMode,
  PerAxis,
} from "./conv_arguments.ts";
export {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
} from "./conv_transpose.ts";
export type { LoadOptions, LoadResult, StateDict } from "./state_dict.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export type { ParameterSpec } from "./fields.ts";
export type { Fill } from "./fills.ts";
export { Module } from "./module.ts";
export { GRU, LSTM, RNN, RNNBase } from "./recurrent.ts";
export type {
  GRUArguments,
  LSTMArguments,
  LSTMOptions,
  RecurrentNonlinearity,
  RecurrentOptions,
  RNNArguments,
  RNNOptions,
} from "./recurrent_arguments.ts";
export {
  type CellArguments,
  type CellOptions,
  GRUCell,
  LSTMCell,
  RNNCell,
  RNNCellBase,
  type RNNCellOptions,
} from "./recurrent_cells.ts";
