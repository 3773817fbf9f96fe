/**
 * What compiles and what does not: `deno check` is the test. The functions are
 * never called.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Generator, nn, type Tensor, tensor } from "../../mod.ts";

const sizes = [3, 5];
const generator = new Generator(1);
const layer = new nn.Linear(1, 1);
const some: { readonly bias?: boolean } = {};

/** Every form that PyTorch's arguments may take. */
export function compiles() {
  const { weight, bias } = new nn.Linear(3, 2);
  const both: [Tensor, Tensor | null] = [weight, bias];
  new nn.Linear(3, 2, false);
  new nn.Linear(3, 2, some);
  new nn.Linear(3, { outFeatures: 2 });
  new nn.Linear({ inFeatures: 3, outFeatures: 2, dtype: "float64" });
  new nn.Linear(3, 2, true, { dtype: "bfloat16", generator });
  new nn.Linear(3, 2, { ...some, bias: undefined });
  new nn.Bilinear(1, 2, { outFeatures: 3 });
  new nn.PReLU();
  new nn.PReLU(3, { init: 0.1 });
  new nn.Conv1d(1, 2, 3);
  new nn.Conv2d(3, 8, sizes, 2, "same");
  new nn.Conv2d(3, 8, { kernelSize: [3, 5], stride: 2 });
  new nn.Conv2d(16, 33, 3, 2, 1, { dilation: 2 });
  new nn.Conv2d(3, 8, 3, 1, 0, 1, 1, true, "reflect", { dtype: "float16" });
  new nn.ConvTranspose2d(3, 8, 3, { outputPadding: 1, stride: 2 });
  new nn.BatchNorm2d(3, { bias: false });
  new nn.InstanceNorm1d({ numFeatures: 3, affine: true });
  new nn.GroupNorm(2, { numChannels: 4 });
  new nn.LayerNorm(sizes);
  new nn.RMSNorm(3, null, false);
  new nn.LSTM(5, 7, 2);
  new nn.LSTM(5, 7, { numLayers: 2 });
  new nn.LSTM({ inputSize: 5, hiddenSize: 7 });
  new nn.RNN(5, 7, 1, "relu", { bidirectional: true });
  new nn.GRUCell(5, { hiddenSize: 7 });
  new nn.Embedding(3, 4, null, { maxNorm: 1 });
  new nn.EmbeddingBag(3, 4, { mode: "sum", paddingIdx: 0 });
  new nn.MultiheadAttention(8, 2, 0.1, { kdim: 4 });
  new nn.Transformer();
  new nn.Transformer(16, 4, { numEncoderLayers: 1, activation: layer });
  new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 3 });
  new nn.TransformerEncoder(layer, 2, { norm: layer });
  new nn.AdaptiveLogSoftmaxWithLoss(5, 30, [4, 9]);
  new nn.LinearCrossEntropyLoss(5, 3, { weight: tensor([1, 2, 3]) });
  new nn.ReLU();
  new nn.ReLU(true);
  new nn.Tanh({ dtype: "float64" });
  const stride: number | readonly number[] = new nn.MaxPool2d(3).stride;
  const gelu: nn.GELU = new nn.GELU("tanh");
  const approximate: "none" | "tanh" = gelu.approximate;
  const counted: Tensor<"int64"> | null =
    new nn.BatchNorm1d(2).num_batches_tracked;
  const options: nn.ConvOptions = {
    inChannels: 1,
    outChannels: 2,
    kernelSize: 3,
  };
  new nn.Conv2d(options);
  class Leaky extends nn.LeakyReLU {}
  const slope: number = new Leaky(0.1).negativeSlope;
  layer.loadStateDict(new Map([["weight", weight]]), { strict: false });
  const copy: nn.Linear = layer.clone(new nn.Linear(1, 1));
  return { both, stride, approximate, counted, slope, copy };
}

/** What is needed is missing, or of another type, or unknown, or given twice. */
export function doesNotCompile() {
  // @ts-expect-error: inFeatures and outFeatures are needed
  new nn.Linear();
  // @ts-expect-error: outFeatures is needed
  new nn.Linear(3);
  // @ts-expect-error: outFeatures is needed
  new nn.Linear(3, { bias: false });
  // @ts-expect-error: a number
  new nn.Linear("3", 2);
  // @ts-expect-error: PyTorch's spelling
  new nn.Linear({ in_features: 3, out_features: 2 });
  // @ts-expect-error: PyTorch's spelling
  new nn.Linear(3, 2, { in_features: 3 });
  // @ts-expect-error: given twice
  new nn.Linear(3, 2, { inFeatures: 3 });
  // @ts-expect-error: too many
  new nn.Linear(3, 2, true, false);
  // @ts-expect-error: no dtype
  new nn.Linear(3, 2, { dtype: "float31" });
  // @ts-expect-error: no generator
  new nn.Linear(3, 2, { generator: 3 });
  // @ts-expect-error: outFeatures is needed
  new nn.Bilinear(1, 2);
  // @ts-expect-error: outChannels and kernelSize are needed
  new nn.Conv2d(16);
  // @ts-expect-error: kernelSize is needed
  new nn.Conv2d(16, 33);
  // @ts-expect-error: kernelSize is needed
  new nn.Conv2d(16, 33, { stride: 2 });
  // @ts-expect-error: a number or a list of them
  new nn.Conv2d(16, 33, "3");
  // @ts-expect-error: only zeros
  new nn.ConvTranspose1d(16, 33, 3, { paddingMode: "reflect" });
  // @ts-expect-error: hiddenSize is needed
  new nn.LSTM(3);
  // @ts-expect-error: hiddenSize is needed
  new nn.LSTM({ inputSize: 3 });
  // @ts-expect-error: a number
  new nn.LSTM(3, 4, { dropout: "0.5" });
  // @ts-expect-error: no projection
  new nn.GRU(3, 4, { projSize: 2 });
  // @ts-expect-error: hiddenSize is needed
  new nn.RNNCell(3);
  // @ts-expect-error: numFeatures is needed
  new nn.BatchNorm2d();
  // @ts-expect-error: a number
  new nn.BatchNorm2d(3, { eps: "1e-5" });
  // @ts-expect-error: numChannels is needed
  new nn.GroupNorm(2);
  // @ts-expect-error: normalizedShape is needed
  new nn.LayerNorm();
  // @ts-expect-error: normalizedShape is needed
  new nn.RMSNorm({ eps: 1 });
  // @ts-expect-error: embeddingDim is needed
  new nn.Embedding(3);
  // @ts-expect-error: none of PyTorch's modes
  new nn.EmbeddingBag(3, 4, { mode: "min" });
  // @ts-expect-error: numHeads is needed
  new nn.MultiheadAttention(8);
  // @ts-expect-error: nhead is needed
  new nn.TransformerEncoderLayer(8);
  // @ts-expect-error: numLayers is needed
  new nn.TransformerEncoder(layer);
  // @ts-expect-error: the layer's
  new nn.TransformerDecoder(layer, 2, { dtype: "float64" });
  // @ts-expect-error: cutoffs are needed
  new nn.AdaptiveLogSoftmaxWithLoss(5, 30);
  // @ts-expect-error: numClasses is needed
  new nn.LinearCrossEntropyLoss(5);
  // @ts-expect-error: a number
  new nn.LeakyReLU("0.1");
  // @ts-expect-error: no argument
  new nn.Tanh(1);
  // @ts-expect-error: none of the two
  new nn.GELU("erf");
  // @ts-expect-error: kernelSize is needed
  new nn.MaxPool2d();
  // @ts-expect-error: outputSize is needed
  new nn.AdaptiveAvgPool2d();
  // @ts-expect-error: a promise
  layer.loadStateDict(Promise.resolve(layer.stateDict()));
}

Deno.test("what needs arguments has no shorter form", () => {
  const lists: nn.Given<
    [first: "first", second: "second"],
    { first: number; second?: string }
  >[] = [[1], [1, "x"], [{ first: 1 }], [1, { second: "x" }]];
  assertEquals(lists.length, 4);
});
