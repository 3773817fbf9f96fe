/**
 * How cases of `nn` are drawn: one row a layer, its arguments by name in
 * PyTorch's order. How many of them go by position is drawn elsewhere; those
 * after an undefined one go by name.
 *
 * @module
 */

import type { Dice } from "./dice.ts";
import type { Options } from "./initializers.ts";

/** How each layer's arguments are drawn. */
export const layers: Readonly<Record<string, (dice: Dice) => Options>> = {
  Linear: (dice) => {
    const [inFeatures, outFeatures] = dice.shape(2, 2);
    return { inFeatures, outFeatures, bias: flag(dice) };
  },
  Bilinear: (dice) => ({
    in1Features: 1 + dice.below(17),
    in2Features: dice.below(17),
    outFeatures: dice.below(9),
    bias: flag(dice),
  }),
  Conv1d: (dice) => convolution(dice, 1),
  Conv2d: (dice) => convolution(dice, 2),
  Conv3d: (dice) => convolution(dice, 3),
  ConvTranspose1d: (dice) => transposed(dice, 1),
  ConvTranspose2d: (dice) => transposed(dice, 2),
  ConvTranspose3d: (dice) => transposed(dice, 3),
  RNN: (dice) => ({
    ...recurrent(dice),
    nonlinearity: nonlinearity(dice),
    ...recurrentFlags(dice),
  }),
  LSTM: (dice) => {
    const sizes = recurrent(dice);
    const projSize = dice.maybe(() => dice.below(sizes.hiddenSize));
    return { ...sizes, ...recurrentFlags(dice), projSize };
  },
  GRU: (dice) => ({ ...recurrent(dice), ...recurrentFlags(dice) }),
  RNNCell: (dice) => ({
    ...cell(dice),
    bias: flag(dice),
    nonlinearity: nonlinearity(dice),
  }),
  LSTMCell: (dice) => ({ ...cell(dice), bias: flag(dice) }),
  GRUCell: (dice) => ({ ...cell(dice), bias: flag(dice) }),
  Embedding: (dice) => embedding(dice),
  EmbeddingBag: (dice) => {
    const { paddingIdx, ...sizes } = embedding(dice);
    const mode = dice.maybe(() => dice.pick(["sum", "mean", "max"]));
    return { ...sizes, maxNorm: undefined, mode, paddingIdx };
  },
  MultiheadAttention: (dice) => {
    const { dModel: embedDim, nhead: numHeads } = heads(dice);
    return {
      embedDim,
      numHeads,
      dropout: dice.maybe(() => dice.magnitude(1)),
      bias: flag(dice),
      addBiasKv: flag(dice),
      addZeroAttn: flag(dice),
      kdim: dice.maybe(() => dice.below(9)),
      vdim: dice.maybe(() => dice.below(9)),
      batchFirst: flag(dice),
    };
  },
  TransformerEncoderLayer: (dice) => ({
    ...heads(dice),
    ...transformerFlags(dice),
  }),
  TransformerDecoderLayer: (dice) => ({
    ...heads(dice),
    ...transformerFlags(dice),
  }),
  TransformerEncoder: (dice) => ({
    encoderLayer: described(dice, "TransformerEncoderLayer"),
    numLayers: dice.below(4),
  }),
  TransformerDecoder: (dice) => ({
    decoderLayer: described(dice, "TransformerDecoderLayer"),
    numLayers: dice.below(4),
  }),
  Transformer: (dice) => {
    const { dimFeedforward, dropout, activation, ...flags } = transformerFlags(
      dice,
    );
    return {
      ...heads(dice),
      numEncoderLayers: dice.below(3),
      numDecoderLayers: dice.below(3),
      dimFeedforward,
      dropout,
      activation,
      customEncoder: undefined,
      ...flags,
    };
  },
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  BatchNorm3d: batchNorm,
  InstanceNorm1d: batchNorm,
  InstanceNorm2d: batchNorm,
  InstanceNorm3d: batchNorm,
  GroupNorm: (dice) => {
    const numGroups = 1 + dice.below(4);
    const numChannels = numGroups * dice.below(5);
    return { numGroups, numChannels, eps: eps(dice), affine: flag(dice) };
  },
  LayerNorm: (dice) => ({
    normalizedShape: dice.shape(1, 3),
    eps: eps(dice),
    elementwiseAffine: flag(dice),
    bias: flag(dice),
  }),
  RMSNorm: (dice) => ({
    normalizedShape: dice.shape(1, 3),
    eps: eps(dice),
    elementwiseAffine: flag(dice),
  }),
  PReLU: (dice) => ({
    numParameters: dice.maybe(() => 1 + dice.below(20)),
    init: dice.maybe(() => dice.real(1)),
  }),
  AdaptiveLogSoftmaxWithLoss: (dice) => {
    const first = 1 + dice.below(8);
    const second = first + 1 + dice.below(8);
    return {
      inFeatures: 1 + dice.below(40),
      nClasses: second + 1 + dice.below(8),
      cutoffs: dice.pick([[first], [first, second]]),
      divValue: dice.maybe(() => dice.between(1, 5)),
      headBias: flag(dice),
    };
  },
  LinearCrossEntropyLoss: (dice) => ({
    inFeatures: 1 + dice.below(20),
    numClasses: 1 + dice.below(20),
    weight: undefined,
    outFeatures: dice.maybe(() => [1 + dice.below(5)]),
    bias: flag(dice),
  }),
};

/** Layers that PyTorch refuses to make. */
export const refusedLayers: readonly {
  readonly nn: string;
  readonly args: readonly unknown[];
  readonly options: Options;
}[] = [
  { nn: "Linear", args: [-1, 3], options: {} },
  { nn: "Conv1d", args: [3, 4, 3], options: { groups: 2 } },
  { nn: "Conv2d", args: [4, 3, 3], options: { groups: 2 } },
  { nn: "Conv2d", args: [4, 4, 3], options: { groups: 0 } },
  { nn: "Conv2d", args: [4, 4, 3, 2, "same"], options: {} },
  { nn: "Conv3d", args: [4, 4, 3], options: { padding: "full" } },
  { nn: "Conv2d", args: [4, 4, 3], options: { paddingMode: "none" } },
  { nn: "ConvTranspose2d", args: [3, 4, 3], options: { groups: 2 } },
  {
    nn: "ConvTranspose1d",
    args: [4, 4, 3],
    options: { paddingMode: "reflect" },
  },
  { nn: "RNN", args: [3, 4], options: { nonlinearity: "selu" } },
  { nn: "LSTM", args: [3, 0], options: {} },
  { nn: "LSTM", args: [3, 4], options: { projSize: 4 } },
  { nn: "GRU", args: [3, 4, 0], options: {} },
  { nn: "GRU", args: [3, 4], options: { dropout: 1.5 } },
  { nn: "Embedding", args: [3, 4, 3], options: {} },
  { nn: "MultiheadAttention", args: [7, 2], options: {} },
  { nn: "Transformer", args: [7, 2], options: {} },
  { nn: "GroupNorm", args: [3, 4], options: {} },
  { nn: "AdaptiveLogSoftmaxWithLoss", args: [4, 5, [3, 2]], options: {} },
];

/**
 * Returns the arguments without those that are undefined.
 *
 * @param options Arguments by name.
 */
export function defined(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
}

function convolution(dice: Dice, axes: number): Options {
  const groups = dice.pick([1, 1, 2, 3]);
  const stride = dice.maybe(() => perAxis(dice, axes, () => 1 + dice.below(3)));
  const rules = stride === undefined ? ["same", "valid"] : ["valid"];
  return {
    ...channels(dice, axes, groups),
    stride,
    padding: dice.maybe(() =>
      dice.pick([...rules, perAxis(dice, axes, () => dice.below(3))])
    ),
    dilation: dice.maybe(() => perAxis(dice, axes, () => 1 + dice.below(3))),
    groups,
    bias: flag(dice),
    paddingMode: dice.maybe(() =>
      dice.pick(["zeros", "reflect", "replicate", "circular"])
    ),
  };
}

function transposed(dice: Dice, axes: number): Options {
  const groups = dice.pick([1, 1, 2, 3]);
  const stride = 1 + dice.below(3);
  return {
    ...channels(dice, axes, groups),
    stride,
    padding: dice.maybe(() => perAxis(dice, axes, () => dice.below(3))),
    outputPadding: dice.maybe(() =>
      perAxis(dice, axes, () => dice.below(stride))
    ),
    groups,
    bias: flag(dice),
    dilation: dice.maybe(() => perAxis(dice, axes, () => 1 + dice.below(3))),
    paddingMode: dice.maybe(() => "zeros"),
  };
}

function channels(dice: Dice, axes: number, groups: number) {
  return {
    inChannels: groups * dice.below(7),
    outChannels: groups * dice.below(7),
    kernelSize: perAxis(dice, axes, () => 1 + dice.below(4)),
  };
}

/** One number for all axes, or one each. */
function perAxis(dice: Dice, axes: number, draw: () => number) {
  return dice.pick([draw(), Array.from({ length: axes }, draw)]);
}

function recurrent(dice: Dice) {
  return {
    inputSize: 1 + dice.below(17),
    hiddenSize: 1 + dice.below(17),
    numLayers: dice.maybe(() => 1 + dice.below(3)),
  };
}

function recurrentFlags(dice: Dice) {
  return {
    bias: flag(dice),
    batchFirst: flag(dice),
    dropout: dice.maybe(() => dice.magnitude(1)),
    bidirectional: flag(dice),
  };
}

function cell(dice: Dice) {
  return { inputSize: dice.below(17), hiddenSize: 1 + dice.below(17) };
}

function heads(dice: Dice) {
  const nhead = 1 + dice.below(3);
  return { dModel: nhead * (1 + dice.below(6)), nhead };
}

function transformerFlags(dice: Dice): Options {
  return {
    dimFeedforward: 1 + dice.below(20),
    // As JSON, 0 and 1 are integers, and PyTorch prints them so.
    dropout: dice.maybe(() => dice.pick([1e-6, 0.25, 0.999])),
    activation: dice.maybe(() => dice.pick(["relu", "gelu"])),
    layerNormEps: eps(dice),
    batchFirst: flag(dice),
    normFirst: flag(dice),
    bias: flag(dice),
  };
}

/** A layer that is another one's argument, as the golden rows write it. */
function described(dice: Dice, nn: string) {
  return { nn, args: [], options: defined(layers[nn](dice)) };
}

function embedding(dice: Dice) {
  const [numEmbeddings, embeddingDim] = dice.shape(2, 2);
  const place = () => dice.below(2 * numEmbeddings) - numEmbeddings;
  const paddingIdx = numEmbeddings > 0 ? dice.maybe(place) : undefined;
  return { numEmbeddings, embeddingDim, paddingIdx };
}

function batchNorm(dice: Dice): Options {
  return {
    numFeatures: dice.below(40),
    eps: eps(dice),
    momentum: dice.maybe(() => dice.pick([null, 0.01, 0.5])),
    affine: flag(dice),
    trackRunningStats: flag(dice),
  };
}

function eps(dice: Dice): number | undefined {
  return dice.maybe(() => dice.pick([1e-3, 1e-6, 1e-12]));
}

function nonlinearity(dice: Dice): string | undefined {
  return dice.maybe(() => dice.pick(["tanh", "relu"]));
}

function flag(dice: Dice): boolean | undefined {
  return dice.maybe(() => dice.chance(0.5));
}
