/**
 * Transformers: an encoder and a decoder.
 *
 * @module
 */

import { count, orNull } from "../core/options.ts";
import { module } from "./layer.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { checkHeads } from "./attention.ts";
import { uniformByXavier } from "./fills.ts";
import { LayerNorm } from "./layer_norm.ts";
import { Module } from "./module.ts";
import {
  type Activation,
  feedforwardArguments,
  placingArguments,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./transformer_layers.ts";
import {
  TransformerDecoder,
  TransformerEncoder,
} from "./transformer_stacks.ts";

/** Arguments of {@linkcode Transformer} by name. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** The number of the encoder's layers, at least 0. Default: 6. */
  readonly numEncoderLayers?: number;
  /** The number of the decoder's layers, at least 0. Default: 6. */
  readonly numDecoderLayers?: number;
  /** What is in the encoder's place. Default: null. */
  readonly customEncoder?: Module | null;
  /** What is in the decoder's place. Default: null. */
  readonly customDecoder?: Module | null;
}

const signature = {
  dModel: count(1, 512),
  nhead: count(1, 8),
  numEncoderLayers: count(0, 6),
  numDecoderLayers: count(0, 6),
  ...feedforwardArguments,
  customEncoder: orNull(module()),
  customDecoder: orNull(module()),
  ...placingArguments,
};

/**
 * A Transformer, with the first weights that PyTorch gives it.
 *
 * Draws: a layer of the encoder, a layer of the decoder, which are copied; then
 * every parameter with two axes or more anew by Xavier's uniform rule, in the
 * order of their names. Its width `dModel` is 512 by default, with 8 heads.
 *
 * @see `torch.nn.Transformer`, PyTorch 2.13.0
 * @see Vaswani et al. 2017, "Attention is all you need"
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const model = new nn.Transformer(16, 4, 2, 2, { dimFeedforward: 32 });
 * const [first] = model.namedParameters()[0];
 * assertEquals(first, "encoder.layers.0.self_attn.in_proj_weight");
 * const { "encoder.layers.1.linear1.weight": weight } = model.stateDict();
 * const bound = Math.sqrt(6 / (16 + 32));
 * assert(weight.data.every((each) => Math.abs(Number(each)) <= bound));
 * ```
 */
export class Transformer extends Module {
  /** The encoder. */
  declare readonly encoder: Module;
  /** The decoder. */
  declare readonly decoder: Module;
  /** Size of inputs and outputs. */
  declare readonly dModel: number;
  /** The number of heads. */
  declare readonly nhead: number;
  /** Whether the batch is the first axis. */
  declare readonly batchFirst: boolean;

  /**
   * Makes the model and draws its weights.
   *
   * @param given `dModel, nhead, numEncoderLayers, numDecoderLayers,
   * dimFeedforward, dropout, activation, customEncoder, customDecoder,
   * layerNormEps, batchFirst, normFirst, bias`, and an object of options.
   * @throws {RangeError} If a size is out of range, or `dModel` is no multiple
   * of `nhead`.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        dModel: number,
        nhead: number,
        numEncoderLayers: number,
        numDecoderLayers: number,
        dimFeedforward: number,
        dropout: number,
        activation: Activation,
        customEncoder: Module | null,
        customDecoder: Module | null,
        layerNormEps: number,
        batchFirst: boolean,
        normFirst: boolean,
        bias: boolean,
      ],
      TransformerOptions
    >
  ) {
    super();
    const {
      numEncoderLayers,
      numDecoderLayers,
      customEncoder,
      customDecoder,
      ...shared
    } = readArguments("Transformer", given, signature);
    const { dModel, nhead, batchFirst, layerNormEps, bias, ...rest } = shared;
    const { dtype, generator } = rest;
    const norm = () => new LayerNorm(dModel, layerNormEps, { bias, dtype });
    checkHeads("Transformer", { dModel, nhead });
    Object.assign(this, {
      encoder: customEncoder ?? new TransformerEncoder(
        new TransformerEncoderLayer(shared),
        numEncoderLayers,
        norm(),
      ),
      decoder: customDecoder ?? new TransformerDecoder(
        new TransformerDecoderLayer(shared),
        numDecoderLayers,
        norm(),
      ),
      dModel,
      nhead,
      batchFirst,
    });
    this.resetParameters({ generator });
  }

  /**
   * Draws every parameter with two axes or more anew, those of the encoder and
   * the decoder too, as PyTorch does; the others stay.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  override resetParameters(
    { generator }: Pick<LayerOptions, "generator"> = {},
  ): this {
    for (const parameter of this.parameters()) {
      if (parameter.dim() > 1) uniformByXavier(parameter, generator);
    }
    return this;
  }
}
