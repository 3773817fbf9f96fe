/**
 * Recurrent layers, and their cells: one step in one direction.
 *
 * @module
 */

import { cannot, count, flag, oneOf, real, warnOnce } from "../core/options.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import {
  actionOf,
  type Given,
  type LayerOptions,
  read,
  uniformByInputs,
} from "./layer.ts";
import { Module, own, type ParameterSpec } from "./module.ts";
import { formatArguments, formatFloat } from "./python.ts";

/** Arguments that all recurrent layers take by name. */
export interface RecurrentOptions {
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
  /** Whether the input is also read from its end. Default: false. */
  readonly bidirectional?: boolean;
}

/** Arguments of cells by name. */
export interface CellOptions {
  /** Size of each input, at least 0. */
  readonly inputSize: number;
  /** Size of the hidden state, at least 0. */
  readonly hiddenSize: number;
  /** Whether there are biases. Default: true. */
  readonly bias?: boolean;
}

/** The argument lists of {@linkcode LSTMCell} and {@linkcode GRUCell}. */
export type CellArguments = Given<
  [inputSize: "inputSize", hiddenSize: "hiddenSize", bias: "bias"],
  CellOptions
>;

type WeightName = `weight_${"ih" | "hh"}_l${number}`;

const nonlinearity = oneOf<"tanh" | "relu">(["tanh", "relu"], "tanh");

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

const rnnTable = { ...sizes, nonlinearity, ...flags };
const lstmTable = { ...sizes, ...flags, projSize: count(0, 0) };
const gruTable = { ...sizes, ...flags };
const cellTable = {
  inputSize: count(0),
  hiddenSize: count(0),
  bias: flag(true),
};
const rnnCellTable = { ...cellTable, nonlinearity };

/**
 * The base of recurrent layers. Layer `k` has the parameters `weight_ih_lk`,
 * `weight_hh_lk`, `bias_ih_lk` and `bias_hh_lk`, and with `bidirectional` the
 * same again with `_reverse` after the name.
 *
 * @internal
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
  /** Whether the input is also read from its end. */
  readonly bidirectional: boolean;
  /** Size to which the hidden state is projected; 0 except in {@linkcode LSTM}. */
  readonly projSize: number;
  /** The weights: of the input and of the hidden state. */
  [weight: `weight_${"ih" | "hh"}_l${number}${"" | "_reverse"}`]: Tensor;
  /** The biases; null if there are none. */
  [bias: `bias_${"ih" | "hh"}_l${number}${"" | "_reverse"}`]: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param gates The blocks of rows in each weight.
   * @param args Its arguments, checked.
   */
  constructor(
    gates: number,
    args:
      & Required<RecurrentOptions>
      & { readonly projSize?: number }
      & LayerOptions,
  ) {
    super();
    const { dropout, numLayers } = args;
    if (dropout > 0 && numLayers === 1) {
      warnOnce(
        `nn: dropout acts after each recurrent layer but the last, and numLayers is 1; dropout ${dropout} has no effect`,
      );
    }
    this.inputSize = args.inputSize;
    this.hiddenSize = args.hiddenSize;
    this.numLayers = numLayers;
    this.bias = args.bias;
    this.batchFirst = args.batchFirst;
    this.dropout = dropout;
    this.bidirectional = args.bidirectional;
    this.projSize = args.projSize ?? 0;
    const specs = stackOf(gates, args);
    const tensors = own(this, specs, args);
    specs.forEach(({ name }, index) =>
      this[name as WeightName] = tensors[index]!
    );
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    const { numLayers, dropout, projSize } = this;
    return formatArguments([this.inputSize, this.hiddenSize], {
      proj_size: projSize === 0 ? undefined : projSize,
      num_layers: numLayers === 1 ? undefined : numLayers,
      bias: this.bias ? undefined : false,
      batch_first: this.batchFirst || undefined,
      dropout: dropout === 0 ? undefined : formatFloat(dropout),
      bidirectional: this.bidirectional || undefined,
    });
  }
}

/**
 * A plain recurrent network, with PyTorch's default weights.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "RNN";
  /** The activation function. */
  readonly nonlinearity: "tanh" | "relu";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        inputSize: "inputSize",
        hiddenSize: "hiddenSize",
        numLayers: "numLayers",
        nonlinearity: "nonlinearity",
        bias: "bias",
        batchFirst: "batchFirst",
        dropout: "dropout",
        bidirectional: "bidirectional",
      ],
      RecurrentOptions & {
        /** The activation function. Default: tanh. */
        readonly nonlinearity?: "tanh" | "relu";
      }
    >
  ) {
    const args = read(RNN, rnnTable, given);
    super(1, args);
    this.nonlinearity = args.nonlinearity;
  }
}

/**
 * A long short-term memory, with PyTorch's default weights.
 *
 * Draws as {@linkcode RNN}, with four gates in place of one: `4 * hiddenSize`
 * rows and biases. With a projection, weight_hr `[projSize, hiddenSize]` comes
 * after each direction's biases, and `projSize` replaces `hiddenSize` in the
 * columns of weight_hh and the inputs of later layers; the bound stays the
 * same.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "LSTM";
  /** The weights of projections; null if there are none. */
  [weight: `weight_hr_l${number}${"" | "_reverse"}`]: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        inputSize: "inputSize",
        hiddenSize: "hiddenSize",
        numLayers: "numLayers",
        bias: "bias",
        batchFirst: "batchFirst",
        dropout: "dropout",
        bidirectional: "bidirectional",
        projSize: "projSize",
      ],
      RecurrentOptions & {
        /**
         * Size to which the hidden state is projected, less than `hiddenSize`;
         * 0 for no projection. Default: 0.
         */
        readonly projSize?: number;
      }
    >
  ) {
    const args = read(LSTM, lstmTable, given);
    const { projSize, hiddenSize } = args;
    if (projSize >= hiddenSize) {
      throw new RangeError(
        cannot(
          actionOf(LSTM),
          `projSize must be less than hiddenSize ${hiddenSize}`,
          projSize,
        ),
      );
    }
    super(4, args);
  }
}

/**
 * A network of gated recurrent units, with PyTorch's default weights.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "GRU";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        inputSize: "inputSize",
        hiddenSize: "hiddenSize",
        numLayers: "numLayers",
        bias: "bias",
        batchFirst: "batchFirst",
        dropout: "dropout",
        bidirectional: "bidirectional",
      ],
      RecurrentOptions
    >
  ) {
    super(3, read(GRU, gruTable, given));
  }
}

/**
 * The base of cells.
 *
 * @internal
 */
export abstract class RNNCellBase extends Module {
  /** Size of each input. */
  readonly inputSize: number;
  /** Size of the hidden state. */
  readonly hiddenSize: number;
  /** Whether there are biases. */
  readonly bias: boolean;
  /** The weight of the input, `[gates * hiddenSize, inputSize]`. */
  weight_ih: Tensor;
  /** The weight of the hidden state, `[gates * hiddenSize, hiddenSize]`. */
  weight_hh: Tensor;
  /** The input's bias, `[gates * hiddenSize]`; null if there is none. */
  bias_ih: Tensor | null;
  /** The hidden state's bias, `[gates * hiddenSize]`; null if there is none. */
  bias_hh: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param gates The blocks of rows in each weight.
   * @param args Its arguments, checked.
   */
  constructor(gates: number, args: Required<CellOptions> & LayerOptions) {
    super();
    this.inputSize = args.inputSize;
    this.hiddenSize = args.hiddenSize;
    this.bias = args.bias;
    [this.weight_ih, this.weight_hh, this.bias_ih, this.bias_hh] = own(
      this,
      cellOf(gates, args),
      args,
    );
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([this.inputSize, this.hiddenSize], {
      bias: this.bias ? undefined : false,
    });
  }
}

/**
 * One step of a plain recurrent network, with PyTorch's default weights.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "RNNCell";
  /** The activation function. */
  readonly nonlinearity: "tanh" | "relu";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        inputSize: "inputSize",
        hiddenSize: "hiddenSize",
        bias: "bias",
        nonlinearity: "nonlinearity",
      ],
      CellOptions & {
        /** The activation function. Default: tanh. */
        readonly nonlinearity?: "tanh" | "relu";
      }
    >
  ) {
    const args = read(RNNCell, rnnCellTable, given);
    super(1, args);
    this.nonlinearity = args.nonlinearity;
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    const { nonlinearity } = this;
    return formatArguments([super.extraRepr()], {
      nonlinearity: nonlinearity === "tanh" ? undefined : nonlinearity,
    });
  }
}

/**
 * One step of a long short-term memory, with PyTorch's default weights.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "LSTMCell";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: CellArguments) {
    super(4, read(LSTMCell, cellTable, given));
  }
}

/**
 * One step of a network of gated recurrent units, with PyTorch's default
 * weights.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "GRUCell";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: CellArguments) {
    super(3, read(GRUCell, cellTable, given));
  }
}

/** What the parameters of one cell depend on. */
interface CellSizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly bias: boolean;
  /**
   * Size of the projected state, 0 for none; undefined if it cannot have one.
   */
  readonly projSize?: number;
}

/** What the parameters of a stack of cells depend on. */
interface StackSizes extends CellSizes {
  readonly numLayers: number;
  readonly bidirectional: boolean;
}

/**
 * The parameters of a stack of cells: layer by layer, and in each direction by
 * direction. The first layer reads the input, the others the outputs of all
 * directions of the layer before.
 *
 * @see `RNNBase`, PyTorch 2.13.0
 */
function stackOf(gates: number, sizes: StackSizes): ParameterSpec[] {
  const directions = sizes.bidirectional ? ["", "_reverse"] : [""];
  const outputs = directions.length * stateSize(sizes);
  return Array.from({ length: sizes.numLayers }, (_, layer) => {
    const inputSize = layer === 0 ? sizes.inputSize : outputs;
    return directions.flatMap((direction) => {
      const suffix = `_l${layer}${direction}`;
      const cell = cellOf(gates, { ...sizes, inputSize }, suffix);
      return [...cell, ...projectionOf(sizes, suffix)];
    });
  }).flat();
}

/**
 * The parameters of one cell, all from U(−1/√hiddenSize, 1/√hiddenSize).
 *
 * @see `RNNBase.reset_parameters`, `RNNCellBase.reset_parameters`, PyTorch
 * 2.13.0
 */
function cellOf(
  gates: number,
  sizes: CellSizes,
  suffix = "",
): [
  weightIh: ParameterSpec<Shape>,
  weightHh: ParameterSpec<Shape>,
  biasIh: ParameterSpec,
  biasHh: ParameterSpec,
] {
  const { inputSize, hiddenSize, bias } = sizes;
  const rows = gates * hiddenSize;
  const fill = uniformByInputs(hiddenSize);
  const biasShape = bias ? [rows] : null;
  return [
    { name: `weight_ih${suffix}`, shape: [rows, inputSize], fill },
    { name: `weight_hh${suffix}`, shape: [rows, stateSize(sizes)], fill },
    { name: `bias_ih${suffix}`, shape: biasShape, fill },
    { name: `bias_hh${suffix}`, shape: biasShape, fill },
  ];
}

function projectionOf(
  { hiddenSize, projSize }: CellSizes,
  suffix: string,
): ParameterSpec[] {
  if (projSize === undefined) return [];
  const shape = projSize === 0 ? null : [projSize, hiddenSize];
  return [{
    name: `weight_hr${suffix}`,
    shape,
    fill: uniformByInputs(hiddenSize),
  }];
}

/** The size of the state that a cell gives. */
function stateSize({ hiddenSize, projSize = 0 }: CellSizes): number {
  return projSize > 0 ? projSize : hiddenSize;
}
