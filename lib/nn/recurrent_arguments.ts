/**
 * The arguments of recurrent layers.
 *
 * @module
 */

import { count, flag, oneOf, real } from "../core/options.ts";
import type { LayerOptions } from "./arguments.ts";
import type { Given } from "./layer.ts";

/** What follows a recurrent layer's sum. */
export type RecurrentNonlinearity = "tanh" | "relu";

/** Arguments that all recurrent layers take, and {@linkcode GRU}'s, by name. */
export interface RecurrentOptions extends LayerOptions {
  /** Size of each input, at least 1. */
  readonly inputSize: number;
  /** Size of the hidden state, at least 1. */
  readonly hiddenSize: number;
  /** Layers, each of which reads the one before; at least 1. Default: 1. */
  readonly numLayers?: number;
  /** Whether there are biases. Default: true. */
  readonly bias?: boolean;
  /** Whether the batch is the first axis of the input. Default: false. */
  readonly batchFirst?: boolean;
  /** Share of outputs dropped between layers, in [0, 1]. Default: 0. */
  readonly dropout?: number;
  /** Whether the input is read from both ends. Default: false. */
  readonly bidirectional?: boolean;
}

/** Arguments of {@linkcode RNN} by name. */
export interface RNNOptions extends RecurrentOptions {
  /** What follows the sum. Default: tanh. */
  readonly nonlinearity?: RecurrentNonlinearity;
}

/** Arguments of {@linkcode LSTM} by name. */
export interface LSTMOptions extends RecurrentOptions {
  /**
   * Size to which the hidden state is projected, less than `hiddenSize`; 0 for
   * no projection. Default: 0.
   */
  readonly projSize?: number;
}

/** The argument lists of {@linkcode RNN}. */
export type RNNArguments = Given<
  [inputSize: number, hiddenSize: number],
  [
    numLayers: number,
    nonlinearity: RecurrentNonlinearity,
    bias: boolean,
    batchFirst: boolean,
    dropout: number,
    bidirectional: boolean,
  ],
  RNNOptions
>;

/** The argument lists of {@linkcode LSTM}. */
export type LSTMArguments = Given<
  [inputSize: number, hiddenSize: number],
  [
    numLayers: number,
    bias: boolean,
    batchFirst: boolean,
    dropout: number,
    bidirectional: boolean,
    projSize: number,
  ],
  LSTMOptions
>;

/** The argument lists of {@linkcode GRU}. */
export type GRUArguments = Given<
  [inputSize: number, hiddenSize: number],
  [
    numLayers: number,
    bias: boolean,
    batchFirst: boolean,
    dropout: number,
    bidirectional: boolean,
  ],
  RecurrentOptions
>;

/** How `nonlinearity` is read, by cells, too. */
export const nonlinearity = oneOf<RecurrentNonlinearity>(
  ["tanh", "relu"],
  "tanh",
);

const sizes = {
  inputSize: count(1),
  hiddenSize: count(1),
  numLayers: count(1, 1),
};

const flags = {
  bias: flag(true),
  batchFirst: flag(false),
  dropout: real(0, { low: 0, high: 1 }),
  bidirectional: flag(false),
};

/** How the arguments of {@linkcode RNN} are read. */
export const rnnSignature = { ...sizes, nonlinearity, ...flags };

/** How the arguments of {@linkcode LSTM} are read. */
export const lstmSignature = { ...sizes, ...flags, projSize: count(0, 0) };

/** How the arguments of {@linkcode GRU} are read. */
export const gruSignature = { ...sizes, ...flags };
