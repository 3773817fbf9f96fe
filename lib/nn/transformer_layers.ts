/**
 * The layers of which Transformers are stacked.
 *
 * @module
 */

import { count, flag, oneOf, type Option, real } from "../core/options.ts";
import { module } from "./layer.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { checkHeads, MultiheadAttention } from "./attention.ts";
import { Dropout } from "./dropout.ts";
import { LayerNorm } from "./layer_norm.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** An activation: a name, or a layer, which becomes a child. */
export type Activation = "relu" | "gelu" | Module;

/** Arguments of a Transformer's layers by name. */
export interface TransformerLayerOptions extends LayerOptions {
  /** Size of inputs and outputs; a multiple of `nhead`. */
  readonly dModel?: number;
  /** The number of heads, at least 1. */
  readonly nhead?: number;
  /** Size between the linear layers, at least 0. Default: 2048. */
  readonly dimFeedforward?: number;
  /** The probability of a drop, in [0, 1]. Default: 0.1. */
  readonly dropout?: number;
  /** The function between the linear layers. Default: "relu". */
  readonly activation?: Activation;
  /** What the norms add to the variance, at least 0. Default: 1e-5. */
  readonly layerNormEps?: number;
  /** Whether the batch is the first axis. Default: false. */
  readonly batchFirst?: boolean;
  /** Whether norms come before what they belong to. Default: false. */
  readonly normFirst?: boolean;
  /** Whether linear layers and norms have biases. Default: true. */
  readonly bias?: boolean;
}

/** The argument lists of a Transformer's layers. */
export type TransformerLayerArguments = LayerArguments<
  [
    dModel: number,
    nhead: number,
    dimFeedforward: number,
    dropout: number,
    activation: Activation,
    layerNormEps: number,
    batchFirst: boolean,
    normFirst: boolean,
    bias: boolean,
  ],
  TransformerLayerOptions
>;

/** The arguments that a Transformer shares with its layers. */
export const feedforwardArguments = {
  dimFeedforward: count(0, 2048),
  dropout: real(0.1, { low: 0, high: 1 }),
  activation: nameOrModule(oneOf(["relu", "gelu"] as const, "relu")),
};

/** Those after the activation. */
export const placingArguments = {
  layerNormEps: real(1e-5, { low: 0 }),
  batchFirst: flag(false),
  normFirst: flag(false),
  bias: flag(true),
};

const signature = {
  dModel: count(1),
  nhead: count(1),
  ...feedforwardArguments,
  ...placingArguments,
};

/** What a Transformer's layers share. */
export abstract class TransformerLayer extends Module {
  /** The attention of a sequence to itself. */
  declare readonly self_attn: MultiheadAttention;
  /** The first linear layer, from `dModel` to `dimFeedforward`. */
  declare readonly linear1: Linear;
  /** The dropout between the linear layers. */
  declare readonly dropout: Dropout;
  /** The second linear layer, from `dimFeedforward` to `dModel`. */
  declare readonly linear2: Linear;
  /** The norm of the attention. */
  declare readonly norm1: LayerNorm;
  /** The norm of what comes next. */
  declare readonly norm2: LayerNorm;
  /** The dropout after the attention. */
  declare readonly dropout1: Dropout;
  /** The dropout after what comes next. */
  declare readonly dropout2: Dropout;
  /** The function between the linear layers. */
  declare readonly activation: Activation;
  /** Whether norms come before what they belong to. */
  declare readonly normFirst: boolean;

  /**
   * Makes the layer and draws its weights.
   *
   * @param name The layer's name.
   * @param attentions The names of its attentions.
   * @param given The constructor's arguments.
   */
  constructor(
    name: string,
    attentions: readonly string[],
    given: readonly unknown[],
  ) {
    super();
    const args = readArguments(name, given, signature);
    checkHeads(name, { dModel: args.dModel, nhead: args.nhead });
    Object.assign(this, parts(attentions, args), {
      activation: args.activation,
      normFirst: args.normFirst,
    });
  }
}

/**
 * A layer of a Transformer's encoder, with the first weights that PyTorch gives
 * it.
 *
 * Draws: `self_attn`, `linear1`, `linear2`. The weights of the norms are 1,
 * their biases 0.
 *
 * @see `torch.nn.TransformerEncoderLayer`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.TransformerEncoderLayer(16, 4, { dimFeedforward: 32 });
 * assertEquals(layer.linear1.weight.size(), [32, 16]);
 * assertEquals(layer.self_attn.in_proj_weight?.size(), [48, 16]);
 * ```
 */
export class TransformerEncoderLayer extends TransformerLayer {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `dModel, nhead, dimFeedforward, dropout, activation,
   * layerNormEps, batchFirst, normFirst, bias`, and an object of options.
   * @throws {RangeError} If a size is out of range, or `dModel` is no multiple
   * of `nhead`.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: TransformerLayerArguments) {
    super("TransformerEncoderLayer", ["self_attn"], given);
  }
}

/**
 * A layer of a Transformer's decoder, with the first weights that PyTorch gives
 * it.
 *
 * Draws: `self_attn`, `multihead_attn`, `linear1`, `linear2`. The weights of
 * the norms are 1, their biases 0.
 *
 * @see `torch.nn.TransformerDecoderLayer`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.TransformerDecoderLayer(16, 4, { dimFeedforward: 32 });
 * assertEquals(layer.multihead_attn.out_proj.weight.size(), [16, 16]);
 * assertEquals(layer.norm3.weight?.toArray(), new Array(16).fill(1));
 * ```
 */
export class TransformerDecoderLayer extends TransformerLayer {
  /** The attention to the encoder's output. */
  declare readonly multihead_attn: MultiheadAttention;
  /** The norm of the linear layers. */
  declare readonly norm3: LayerNorm;
  /** The dropout after the linear layers. */
  declare readonly dropout3: Dropout;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `dModel, nhead, dimFeedforward, dropout, activation,
   * layerNormEps, batchFirst, normFirst, bias`, and an object of options.
   * @throws {RangeError} If a size is out of range, or `dModel` is no multiple
   * of `nhead`.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: TransformerLayerArguments) {
    super("TransformerDecoderLayer", ["self_attn", "multihead_attn"], given);
  }
}

function nameOrModule<T>(names: Option<T>): Option<T | Module> {
  return {
    fallback: names.fallback,
    read: (action, name, value) =>
      typeof value === "string"
        ? names.read(action, name, value)
        : module().read(action, name, value),
  };
}

/** The children, in PyTorch's order, which is that of the draws, too. */
function parts(
  attentions: readonly string[],
  args:
    & LayerOptions
    & Required<Omit<TransformerLayerOptions, keyof LayerOptions>>,
): Record<string, Module> {
  const { dModel, nhead, dimFeedforward, dropout, batchFirst, bias } = args;
  const options = { bias, dtype: args.dtype, generator: args.generator };
  const places = ["1", "2", "3"].slice(0, attentions.length + 1);
  return {
    ...made(
      attentions,
      () =>
        new MultiheadAttention(dModel, nhead, {
          ...options,
          dropout,
          batchFirst,
        }),
    ),
    linear1: new Linear(dModel, dimFeedforward, options),
    dropout: new Dropout(dropout),
    linear2: new Linear(dimFeedforward, dModel, options),
    ...made(
      places.map((place) => `norm${place}`),
      () => new LayerNorm(dModel, args.layerNormEps, options),
    ),
    ...made(
      places.map((place) => `dropout${place}`),
      () => new Dropout(dropout),
    ),
  };
}

function made<T>(names: readonly string[], make: () => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, make()]));
}
