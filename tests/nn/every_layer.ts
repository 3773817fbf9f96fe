/**
 * One of every layer, and what they print; run by itself it prints that.
 *
 * @module
 */

import { nn } from "../../mod.ts";

const linear = new nn.Linear(4, 4);
const encoderLayer = new nn.TransformerEncoderLayer(4, 2, 3);

/** A layer of each class, by the name of the class. */
export const everyLayer: Readonly<Record<string, nn.Module>> = {
  AdaptiveAvgPool2d: new nn.AdaptiveAvgPool2d(1),
  AdaptiveLogSoftmaxWithLoss: new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [2]),
  AvgPool2d: new nn.AvgPool2d(2),
  BatchNorm1d: new nn.BatchNorm1d(2),
  BatchNorm2d: new nn.BatchNorm2d(2),
  BatchNorm3d: new nn.BatchNorm3d(2),
  Bilinear: new nn.Bilinear(1, 2, 3),
  Conv1d: new nn.Conv1d(1, 2, 3),
  Conv2d: new nn.Conv2d(1, 2, 3),
  Conv3d: new nn.Conv3d(1, 2, 3),
  ConvTranspose1d: new nn.ConvTranspose1d(1, 2, 3),
  ConvTranspose2d: new nn.ConvTranspose2d(1, 2, 3),
  ConvTranspose3d: new nn.ConvTranspose3d(1, 2, 3),
  Dropout: new nn.Dropout(),
  Dropout2d: new nn.Dropout2d(),
  ELU: new nn.ELU(),
  Embedding: new nn.Embedding(3, 2),
  EmbeddingBag: new nn.EmbeddingBag(3, 2),
  Flatten: new nn.Flatten(),
  GELU: new nn.GELU(),
  GroupNorm: new nn.GroupNorm(1, 2),
  GRU: new nn.GRU(2, 3),
  GRUCell: new nn.GRUCell(2, 3),
  Identity: new nn.Identity(),
  InstanceNorm1d: new nn.InstanceNorm1d(2),
  InstanceNorm2d: new nn.InstanceNorm2d(2),
  InstanceNorm3d: new nn.InstanceNorm3d(2),
  LayerNorm: new nn.LayerNorm(2),
  LeakyReLU: new nn.LeakyReLU(),
  Linear: linear,
  LinearCrossEntropyLoss: new nn.LinearCrossEntropyLoss(4, 2),
  LogSoftmax: new nn.LogSoftmax(),
  LSTM: new nn.LSTM(2, 3),
  LSTMCell: new nn.LSTMCell(2, 3),
  MaxPool2d: new nn.MaxPool2d(2),
  Mish: new nn.Mish(),
  Module: new nn.Module(),
  ModuleDict: new nn.ModuleDict({ linear }),
  ModuleList: new nn.ModuleList([linear, linear]),
  MultiheadAttention: new nn.MultiheadAttention(4, 2),
  PReLU: new nn.PReLU(),
  ReLU: new nn.ReLU(),
  RMSNorm: new nn.RMSNorm(2),
  RNN: new nn.RNN(2, 3),
  RNNCell: new nn.RNNCell(2, 3),
  SELU: new nn.SELU(),
  Sequential: new nn.Sequential(linear, new nn.ReLU()),
  Sigmoid: new nn.Sigmoid(),
  SiLU: new nn.SiLU(),
  Softmax: new nn.Softmax(),
  Tanh: new nn.Tanh(),
  Transformer: new nn.Transformer(4, 2, 1, 1, 3),
  TransformerDecoder: new nn.TransformerDecoder(
    new nn.TransformerDecoderLayer(4, 2, 3),
    2,
  ),
  TransformerDecoderLayer: new nn.TransformerDecoderLayer(4, 2, 3),
  TransformerEncoder: new nn.TransformerEncoder(encoderLayer, 2),
  TransformerEncoderLayer: encoderLayer,
};

/** Returns the texts of all layers, of a model, and of an error of each class. */
export function printout(): string {
  class Net extends nn.Module {
    static override readonly title = "Net";
    fc = linear;
  }
  const texts = [new Net(), ...Object.values(everyLayer)].map(String);
  for (const layer of Object.keys(everyLayer)) {
    const Layer = nn[layer as keyof typeof nn] as unknown as new (
      ...given: unknown[]
    ) => nn.Module;
    try {
      texts.push(String(new Layer({ none: 1 })));
    } catch (error) {
      texts.push((error as Error).message);
    }
  }
  const copies = [new nn.Sequential(linear).clone(), linear.clone()];
  return [...texts, ...copies.map(String)].join("\n");
}

if (import.meta.main) console.log(printout());
