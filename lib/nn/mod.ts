/**
 * The layers of `torch.nn`, with PyTorch's default weights.
 *
 * @example
 * ```ts
 * import { manualSeed } from "@fanin/fanin";
 * import { Linear, ReLU, Sequential } from "@fanin/fanin/nn";
 * import { assertEquals } from "@std/assert";
 *
 * manualSeed(0);
 * const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
 * assertEquals(Object.keys(model.stateDict()), [
 *   "0.weight",
 *   "0.bias",
 *   "2.weight",
 *   "2.bias",
 * ]);
 * const weight = model.stateDict()["0.weight"];
 * assertEquals(weight.at(0, 0).item(), -0.003743410110473633);
 * ```
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
