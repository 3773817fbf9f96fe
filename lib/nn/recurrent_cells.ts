/**
 * Cells of recurrent networks: one step, one direction.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { count, flag } from "../core/options.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { Module } from "./module.ts";
import {
  nonlinearity,
  type RecurrentNonlinearity,
} from "./recurrent_arguments.ts";
import { cellParameters } from "./recurrent_parameters.ts";

/** Arguments of {@linkcode LSTMCell} and {@linkcode GRUCell} by name. */
export interface CellOptions extends LayerOptions {
  /** Size of each input, at least 0. */
  readonly inputSize?: number;
  /** Size of the hidden state, at least 0. */
  readonly hiddenSize?: number;
  /** Whether there are biases. Default: true. */
  readonly bias?: boolean;
}

/** Arguments of {@linkcode RNNCell} by name. */
export interface RNNCellOptions extends CellOptions {
  /** What follows the sum. Default: tanh. */
  readonly nonlinearity?: RecurrentNonlinearity;
}

/** The argument lists of {@linkcode LSTMCell} and {@linkcode GRUCell}. */
export type CellArguments = LayerArguments<
  [inputSize: number, hiddenSize: number, bias: boolean],
  CellOptions
>;

const signature = {
  inputSize: count(0),
  hiddenSize: count(0),
  bias: flag(true),
};

/** What cells of all kinds share. */
export abstract class RNNCellBase extends Module {
  /** Size of each input. */
  declare readonly inputSize: number;
  /** Size of the hidden state. */
  declare readonly hiddenSize: number;
  /** Whether there are biases. */
  declare readonly bias: boolean;
  /** The weight of the input, `[gates * hiddenSize, inputSize]`. */
  declare weight_ih: Tensor;
  /** The weight of the hidden state, `[gates * hiddenSize, hiddenSize]`. */
  declare weight_hh: Tensor;
  /** The input's bias, `[gates * hiddenSize]`; null where there is none. */
  declare bias_ih: Tensor | null;
  /** The hidden state's bias, as long; null where there is none. */
  declare bias_hh: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param gates The blocks of rows that stand one below the other.
   * @param parts Its arguments, checked.
   */
  constructor(
    gates: number,
    { dtype, generator, ...parts }:
      & Required<
        Omit<CellOptions, keyof LayerOptions>
      >
      & LayerOptions,
  ) {
    super();
    Object.assign(this, parts);
    this.makeParameters(cellParameters(gates, parts), { dtype, generator });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const biases = this.bias ? "" : ", bias=False";
    return `${this.inputSize}, ${this.hiddenSize}${biases}`;
  }
}

/**
 * One step of a plain recurrent network, with the first weights that PyTorch
 * gives it.
 *
 * Draws: weight_ih `[hiddenSize, inputSize]`, weight_hh
 * `[hiddenSize, hiddenSize]`, bias_ih and bias_hh `[hiddenSize]`, all from
 * U(−1/√hiddenSize, 1/√hiddenSize).
 *
 * @see `torch.nn.RNNCell`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const cell = new nn.RNNCell(10, 20, { nonlinearity: "relu" });
 * assertEquals(cell.weight_ih.size(), [20, 10]);
 * assertEquals(cell.toString(), "RNNCell(10, 20, nonlinearity=relu)");
 * ```
 */
export class RNNCell extends RNNCellBase {
  /** What follows the sum. */
  declare readonly nonlinearity: RecurrentNonlinearity;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inputSize, hiddenSize, bias, nonlinearity`, and an object of
   * options.
   * @throws {RangeError} If a size is negative or fractional, or the
   * nonlinearity unknown.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        inputSize: number,
        hiddenSize: number,
        bias: boolean,
        nonlinearity: RecurrentNonlinearity,
      ],
      RNNCellOptions
    >
  ) {
    super(1, readArguments("RNNCell", given, { ...signature, nonlinearity }));
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const { nonlinearity } = this;
    const shown = nonlinearity === "tanh"
      ? ""
      : `, nonlinearity=${nonlinearity}`;
    return `${super.extraRepr()}${shown}`;
  }
}

/**
 * One step of a long short-term memory, with the first weights that PyTorch
 * gives it.
 *
 * Draws as {@linkcode RNNCell}, with four gates in place of one: `4 *
 * hiddenSize` rows and biases.
 *
 * @see `torch.nn.LSTMCell`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const cell = new nn.LSTMCell(10, 20);
 * assertEquals(cell.weight_hh.size(), [80, 20]);
 * assertEquals(cell.bias_ih?.size(), [80]);
 * assertEquals(cell.toString(), "LSTMCell(10, 20)");
 * ```
 */
export class LSTMCell extends RNNCellBase {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inputSize, hiddenSize, bias`, and an object of options.
   * @throws {RangeError} If a size is negative or fractional.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: CellArguments) {
    super(4, readArguments("LSTMCell", given, signature));
  }
}

/**
 * One step of a network of gated recurrent units, with the first weights that
 * PyTorch gives it.
 *
 * Draws as {@linkcode RNNCell}, with three gates in place of one: `3 *
 * hiddenSize` rows and biases.
 *
 * @see `torch.nn.GRUCell`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const cell = new nn.GRUCell(10, 20, false);
 * assertEquals(cell.weight_hh.size(), [60, 20]);
 * assertEquals(cell.bias_hh, null);
 * assertEquals(cell.toString(), "GRUCell(10, 20, bias=False)");
 * ```
 */
export class GRUCell extends RNNCellBase {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inputSize, hiddenSize, bias`, and an object of options.
   * @throws {RangeError} If a size is negative or fractional.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: CellArguments) {
    super(3, readArguments("GRUCell", given, signature));
  }
}
