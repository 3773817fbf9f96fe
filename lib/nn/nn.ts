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
export {
  AdaptiveLogSoftmaxWithLoss,
  type AdaptiveLogSoftmaxWithLossOptions,
} from "./adaptive_log_softmax.ts";
export { apply } from "./apply.ts";
export type { LayerArguments, LayerOptions } from "./arguments.ts";
export {
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from "./attention.ts";
export { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./batch_norm.ts";
export { Bilinear, type BilinearOptions } from "./bilinear.ts";
export {
  ChannelNorm,
  type ChannelNormArguments,
  type ChannelNormOptions,
} from "./channel_norm.ts";
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
export { Embedding } from "./embedding.ts";
export {
  Dropout,
  Dropout2d,
  DropoutLayer,
  type DropoutOptions,
} from "./dropout.ts";
export {
  type BagMode,
  EmbeddingBag,
  type EmbeddingBagOptions,
} from "./embedding_bag.ts";
export { type EmbeddingOptions, EmbeddingTable } from "./embedding_table.ts";
export type { ParameterSpec } from "./fields.ts";
export type { Fill } from "./fills.ts";
export { Flatten, type FlattenOptions } from "./flatten.ts";
export { GroupNorm, type GroupNormOptions } from "./group_norm.ts";
export {
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
} from "./instance_norm.ts";
export { LayerNorm, type LayerNormOptions } from "./layer_norm.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export {
  LinearCrossEntropyLoss,
  type LinearCrossEntropyLossOptions,
  type Reduction,
} from "./linear_cross_entropy.ts";
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
export { PReLU, type PReLUOptions } from "./prelu.ts";
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
export { RMSNorm, type RMSNormOptions } from "./rms_norm.ts";
export {
  AxisActivation,
  type AxisOptions,
  LogSoftmax,
  Softmax,
} from "./softmax.ts";
export type { LoadOptions, LoadResult, StateDict } from "./state_dict.ts";
export { Transformer, type TransformerOptions } from "./transformer.ts";
export {
  type Activation,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  TransformerLayer,
  type TransformerLayerArguments,
  type TransformerLayerOptions,
} from "./transformer_layers.ts";
export {
  TransformerDecoder,
  type TransformerDecoderOptions,
  TransformerEncoder,
  type TransformerEncoderOptions,
  TransformerStack,
} from "./transformer_stacks.ts";
