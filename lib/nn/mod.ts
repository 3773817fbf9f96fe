/**
 * The layers of `torch.nn`, with PyTorch's default weights.
 *
 * @module
 */

export { MultiheadAttention } from "./attention.ts";
export { ModuleDict, ModuleList, Sequential } from "./containers.ts";
export {
  Conv1d,
  Conv2d,
  Conv3d,
  type ConvOptions,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
} from "./conv.ts";
export { Embedding, EmbeddingBag, type EmbeddingOptions } from "./embedding.ts";
export type { Given, LayerOptions } from "./layer.ts";
export { Bilinear, Linear, PReLU } from "./linear.ts";
export {
  AdaptiveLogSoftmaxWithLoss,
  LinearCrossEntropyLoss,
} from "./losses.ts";
export { Module, type StateDict } from "./module.ts";
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  GroupNorm,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  LayerNorm,
  type NormOptions,
  RMSNorm,
} from "./norm.ts";
export {
  GRU,
  GRUCell,
  LSTM,
  LSTMCell,
  type RecurrentOptions,
  RNN,
  RNNCell,
} from "./recurrent.ts";
export {
  Transformer,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
  type TransformerOptions,
} from "./transformer.ts";
export {
  AdaptiveAvgPool2d,
  AvgPool2d,
  Dropout,
  Dropout2d,
  ELU,
  Flatten,
  GELU,
  Identity,
  type LayerClass,
  LeakyReLU,
  LogSoftmax,
  MaxPool2d,
  Mish,
  ReLU,
  SELU,
  Sigmoid,
  SiLU,
  Softmax,
  Tanh,
} from "./weightless.ts";
