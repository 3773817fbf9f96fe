/**
 * How cases of `init` are drawn: one row a function.
 *
 * @module
 */

import type { Dtype, init } from "../../mod.ts";
import type { Dice } from "./dice.ts";

/** Options by name; what is undefined is left out. */
export type Options = Readonly<Record<string, unknown>>;

/** What is filled, and with which options. */
export interface Fill {
  /** The shape of the tensor. */
  readonly shape: number[];
  /** Its element type. */
  readonly dtype: Dtype;
  /** The options. */
  readonly options: Options;
}

/** How cases of one initializer are drawn. */
interface Row {
  /** The smallest and the largest rank. */
  readonly ranks: readonly [least: number, most: number];
  /** Draws options for a shape. */
  readonly options: (dice: Dice, shape: number[]) => Options;
  /** The dtypes that it fills, where not all. */
  readonly dtypes?: readonly Dtype[];
  /** What makes PyTorch refuse. */
  readonly refused: readonly Partial<Fill>[];
}

const anyRank = [0, 5] as const;
const weightRank = [2, 5] as const;
const matrixRank = [2, 2] as const;
const none = () => ({});

/** Those that PyTorch has not, and their list. */
type OwnName =
  | "initializers"
  | "varianceScaling"
  | "lecunUniform"
  | "lecunNormal"
  | "deltaOrthogonal"
  | "identity"
  | "bilinear";

/** Every initializer of PyTorch by name. */
export const initializers: {
  readonly [name in Exclude<keyof typeof init, OwnName>]: Row;
} = {
  uniform: {
    ranks: anyRank,
    options: drawRange,
    refused: [
      { options: { low: 2 } },
      { dtype: "float16", options: { high: 65505 } },
      { dtype: "float32", options: { low: -2e38, high: 2e38 } },
    ],
  },
  normal: {
    ranks: anyRank,
    options: (dice) => ({
      mean: dice.maybe(() => dice.real(100)),
      std: dice.maybe(() => dice.magnitude(20)),
    }),
    refused: [{ options: { std: -1 } }],
  },
  truncNormal: {
    ranks: anyRank,
    options: drawCut,
    refused: [{ options: { std: 0 } }, { options: { low: 3 } }],
  },
  constant: {
    ranks: anyRank,
    options: (dice) => ({ value: dice.real(dice.pick([3, 60000])) }),
    refused: [
      // A single number of rank 0 PyTorch lets become infinite.
      { shape: [3], dtype: "float16", options: { value: 65505 } },
      { shape: [16, 2], dtype: "bfloat16", options: { value: -3.4e38 } },
      { shape: [1], dtype: "float32", options: { value: 1e39 } },
    ],
  },
  ones: { ranks: anyRank, options: none, refused: [] },
  zeros: { ranks: anyRank, options: none, refused: [] },
  eye: { ranks: matrixRank, options: none, refused: [{ shape: [3, 3, 1] }] },
  dirac: {
    ranks: [3, 5],
    options: (dice, shape) => ({
      groups: dice.maybe(() => {
        const groups = dice.pick([1, 2, 3, 16]);
        return shape[0] % groups === 0 ? groups : 1;
      }),
    }),
    refused: [
      { shape: [4, 4], options: {} },
      { shape: [2, 2, 2, 2, 2, 2], options: {} },
      { shape: [4, 4, 3], options: { groups: 3 } },
      { shape: [4, 4, 0], options: {} },
    ],
  },
  xavierUniform: {
    ranks: weightRank,
    options: drawGain,
    refused: [{ shape: [16] }, { shape: [] }, { shape: [0, 0] }],
  },
  xavierNormal: {
    ranks: weightRank,
    options: drawGain,
    refused: [{ shape: [16] }, { shape: [] }, { shape: [0, 0] }],
  },
  kaimingUniform: {
    ranks: weightRank,
    options: drawKaiming,
    refused: [
      { shape: [16] },
      { shape: [3, 5], options: { mode: "fan_avg" } },
      { shape: [3, 5], options: { nonlinearity: "gelu" } },
    ],
  },
  kaimingNormal: {
    ranks: weightRank,
    options: drawKaiming,
    refused: [
      { shape: [] },
      { shape: [3, 5], options: { mode: "fan_avg" } },
      { shape: [3, 5], options: { nonlinearity: "gelu" } },
    ],
  },
  orthogonal: {
    ranks: weightRank,
    options: (dice) => ({ gain: dice.maybe(() => dice.real(3)) }),
    dtypes: ["float32", "float64"],
    refused: [
      { shape: [16] },
      { shape: [3, 5], dtype: "float16" },
      { shape: [17, 2, 2], dtype: "bfloat16" },
    ],
  },
  sparse: {
    ranks: matrixRank,
    options: (dice) => ({
      sparsity: dice.pick([0, 0.1, 0.5, 1, dice.between(0, 1)]),
      std: dice.maybe(() => dice.magnitude(20)),
    }),
    refused: [
      { shape: [5] },
      { shape: [2, 3, 4] },
      { options: { sparsity: 0.5, std: -1 } },
    ],
  },
};

function drawRange(dice: Dice): Options {
  const low = dice.maybe(() => dice.real(3));
  const width = dice.pick([0, 1e-5, 1, 1000, dice.between(0, 7)]);
  const defaultHigh = low === undefined || low <= 1;
  const high = defaultHigh && dice.chance(0.3) ? undefined : (low ?? 0) + width;
  return { low, high };
}

/**
 * Ends that are not too far off, so that a value is inside soon, and a mean not
 * too large, so that half precision has values between the ends.
 */
function drawCut(dice: Dice): Options {
  if (dice.chance(0.2)) return { std: dice.maybe(() => dice.between(0.5, 1)) };
  const std = dice.pick([1, 0.02, dice.between(0.001, 3)]);
  const mean = std * dice.pick([0, dice.between(-10, 10)]);
  const low = mean + std * dice.pick([-2, dice.between(-3, 4)]);
  const width = std * dice.pick([4, dice.between(0.05, 4)]);
  return { mean, std, low, high: low + width };
}

function drawGain(dice: Dice): Options {
  return { gain: dice.maybe(() => dice.magnitude(3)) };
}

function drawKaiming(dice: Dice): Options {
  return {
    negativeSlope: dice.maybe(() => dice.real(3)),
    mode: dice.maybe(() => dice.pick(["fan_in", "fan_out", "FAN_OUT"])),
    nonlinearity: dice.maybe(() =>
      dice.pick(["leaky_relu", "relu", "tanh", "selu", "linear", "conv3d"])
    ),
  };
}
