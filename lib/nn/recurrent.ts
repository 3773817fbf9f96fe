/**
 * Recurrent layers: cells in layers and directions.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { warnOnce } from "../core/options.ts";
import { actionOf, type LayerOptions, readArguments } from "./arguments.ts";
import { Module } from "./module.ts";
import { formatFloat } from "./python.ts";
import {
  type GRUArguments,
  gruSignature,
  type LSTMArguments,
  type LSTMOptions,
  lstmSignature,
  type RecurrentNonlinearity,
  type RecurrentOptions,
  type RNNArguments,
  rnnSignature,
} from "./recurrent_arguments.ts";
import { layerParameters } from "./recurrent_parameters.ts";

type WeightName = `weight_${"ih" | "hh"}_l${number}`;

/**
 * What recurrent layers share. Layer `k` has the parameters `weight_ih_lk`,
 * `weight_hh_lk`, `bias_ih_lk` and `bias_hh_lk`, and with `bidirectional` the
 * same again with `_reverse` after the name.
 */
export abstract class RNNBase extends Module {
  /** Size of each input. */
  readonly inputSize: number;
  /** Size of the hidden state. */
  readonly hiddenSize: number;
  /** Layers. */
  readonly numLayers: number;
  /** Whether there are biases. */
  readonly bias: boolean;
  /** Whether the batch is the first axis of the input. */
  readonly batchFirst: boolean;
  /** Share of outputs dropped between layers. */
  readonly dropout: number;
  /** Whether the input is read from both ends. */
  readonly bidirectional: boolean;
  /** Size to which the hidden state is projected; 0 but in {@linkcode LSTM}. */
  readonly projSize: number;
  /** The weights: of the input and of the hidden state. */
  [weight: `weight_${"ih" | "hh"}_l${number}${"" | "_reverse"}`]: Tensor;
  /** The biases; null where there are none. */
  [bias: `bias_${"ih" | "hh"}_l${number}${"" | "_reverse"}`]: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param gates The blocks of rows that stand one below the other.
   * @param parts Its arguments, checked.
   */
  constructor(
    gates: number,
    { dtype, generator, ...parts }:
      & Required<Omit<RecurrentOptions, keyof LayerOptions>>
      & Pick<LSTMOptions, "projSize">
      & LayerOptions,
  ) {
    super();
    const { dropout, numLayers } = parts;
    if (dropout > 0 && numLayers === 1) {
      warnOnce(
        `nn: dropout acts after each recurrent layer but the last, and numLayers is 1; dropout ${dropout} has no effect`,
      );
    }
    this.inputSize = parts.inputSize;
    this.hiddenSize = parts.hiddenSize;
    this.numLayers = numLayers;
    this.bias = parts.bias;
    this.batchFirst = parts.batchFirst;
    this.dropout = dropout;
    this.bidirectional = parts.bidirectional;
    this.projSize = parts.projSize ?? 0;
    const specs = layerParameters(gates, parts);
    const made = this.own(specs, { dtype, generator });
    specs.forEach(({ name }, i) => this[name as WeightName] = made[i]!);
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const { numLayers, dropout, projSize } = this;
    return [
      `${this.inputSize}, ${this.hiddenSize}`,
      projSize !== 0 && `proj_size=${projSize}`,
      numLayers !== 1 && `num_layers=${numLayers}`,
      !this.bias && "bias=False",
      this.batchFirst && "batch_first=True",
      dropout !== 0 && `dropout=${formatFloat(dropout)}`,
      this.bidirectional && "bidirectional=True",
    ].filter(Boolean).join(", ");
  }
}

/**
 * A plain recurrent network, with the first weights that PyTorch gives it.
 *
 * Draws, for each layer and then each direction: weight_ih
 * `[hiddenSize, inputs]`, weight_hh `[hiddenSize, hiddenSize]`, bias_ih and
 * bias_hh `[hiddenSize]`, all from U(−1/√hiddenSize, 1/√hiddenSize). The first
 * layer has `inputSize` inputs, the others `hiddenSize` from each direction.
 *
 * @see `torch.nn.RNN`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const rnn = new nn.RNN(10, 20, 2, { nonlinearity: "relu" });
 * assertEquals(rnn.weight_ih_l0.size(), [20, 10]);
 * assertEquals(rnn.weight_ih_l1.size(), [20, 20]);
 * assertEquals(rnn.toString(), "RNN(10, 20, num_layers=2)");
 * ```
 */
export class RNN extends RNNBase {
  /** What follows the sum. */
  readonly nonlinearity: RecurrentNonlinearity;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inputSize, hiddenSize, numLayers, nonlinearity, bias,
   * batchFirst, dropout, bidirectional`, and an object of options.
   * @throws {RangeError} If a number is out of range, or the nonlinearity
   * unknown.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: RNNArguments) {
    const parts = readArguments("RNN", given, rnnSignature);
    super(1, parts);
    this.nonlinearity = parts.nonlinearity;
  }
}

/**
 * A long short-term memory, with the first weights that PyTorch gives it.
 *
 * Draws as {@linkcode RNN}, with four gates in place of one: `4 * hiddenSize`
 * rows and biases. With a projection, weight_hr `[projSize, hiddenSize]` comes
 * after each direction's biases, and `projSize` stands for `hiddenSize` among
 * the columns of weight_hh and the inputs of later layers; the bound stays.
 *
 * @see `torch.nn.LSTM`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const lstm = new nn.LSTM(5, 7, 2, { bidirectional: true, projSize: 3 });
 * assertEquals(lstm.weight_hh_l0.size(), [28, 3]);
 * assertEquals(lstm.weight_ih_l1_reverse.size(), [28, 6]);
 * assertEquals(lstm.weight_hr_l1?.size(), [3, 7]);
 * assertEquals(
 *   lstm.toString(),
 *   "LSTM(5, 7, proj_size=3, num_layers=2, bidirectional=True)",
 * );
 * ```
 */
export class LSTM extends RNNBase {
  /** The weights of projections; null where there are none. */
  [weight: `weight_hr_l${number}${"" | "_reverse"}`]: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inputSize, hiddenSize, numLayers, bias, batchFirst, dropout,
   * bidirectional, projSize`, and an object of options.
   * @throws {RangeError} If a number is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: LSTMArguments) {
    const parts = readArguments("LSTM", given, lstmSignature);
    if (parts.projSize >= parts.hiddenSize) {
      throw new RangeError(
        `Cannot ${
          actionOf("LSTM")
        } as projSize must be less than hiddenSize ${parts.hiddenSize}: current value is ${parts.projSize}`,
      );
    }
    super(4, parts);
  }
}

/**
 * A network of gated recurrent units, with the first weights that PyTorch
 * gives it.
 *
 * Draws as {@linkcode RNN}, with three gates in place of one: `3 * hiddenSize`
 * rows and biases.
 *
 * @see `torch.nn.GRU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const gru = new nn.GRU(5, 7, { bias: false, batchFirst: true });
 * assertEquals(gru.weight_hh_l0.size(), [21, 7]);
 * assertEquals(gru.bias_hh_l0, null);
 * assertEquals(gru.toString(), "GRU(5, 7, bias=False, batch_first=True)");
 * ```
 */
export class GRU extends RNNBase {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inputSize, hiddenSize, numLayers, bias, batchFirst, dropout,
   * bidirectional`, and an object of options.
   * @throws {RangeError} If a number is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: GRUArguments) {
    super(3, readArguments("GRU", given, gruSignature));
  }
}
