/**
 * Transformers: their layers, stacks of these, and an encoder with a decoder.
 *
 * @module
 */

import {
  cannot,
  count,
  describe,
  flag,
  named,
  oneOf,
  type Option,
  orNull,
  real,
} from "../core/options.ts";
import { xavierUniform } from "../init/initializers.ts";
import type { AnyGenerator } from "../random/generator.ts";
import { MultiheadAttention } from "./attention.ts";
import { ModuleList } from "./containers.ts";
import {
  actionOf,
  checkMultiple,
  type Given,
  type LayerOptions,
  module,
  read,
} from "./layer.ts";
import { Linear } from "./linear.ts";
import { Module, readReset } from "./module.ts";
import { LayerNorm } from "./norm.ts";
import { Dropout } from "./weightless.ts";

/** Arguments that Transformers share with their layers, by name. */
export interface TransformerOptions {
  /** Size between the linear layers, at least 0. Default: 2048. */
  readonly dimFeedforward?: number;
  /** The probability of a drop, in [0, 1]. Default: 0.1. */
  readonly dropout?: number;
  /** The function between the linear layers. Default: "relu". */
  readonly activation?: "relu" | "gelu" | Module;
  /** Added by norms to the variance, at least 0. Default: 1e-5. */
  readonly layerNormEps?: number;
  /** Whether the batch is the first axis. Default: false. */
  readonly batchFirst?: boolean;
  /**
   * Whether each norm comes before its part rather than after it. Default:
   * false.
   */
  readonly normFirst?: boolean;
  /** Whether linear layers and norms have biases. Default: true. */
  readonly bias?: boolean;
}

/** The argument lists of a Transformer's layers. */
export type TransformerLayerArguments = Given<
  [
    dModel: "dModel",
    nhead: "nhead",
    dimFeedforward: "dimFeedforward",
    dropout: "dropout",
    activation: "activation",
    layerNormEps: "layerNormEps",
    batchFirst: "batchFirst",
    normFirst: "normFirst",
    bias: "bias",
  ],
  TransformerOptions & {
    /** Size of inputs and outputs; a multiple of `nhead`. */
    readonly dModel: number;
    /** The number of heads, at least 1. */
    readonly nhead: number;
  }
>;

const activations = oneOf<"relu" | "gelu">(["relu", "gelu"], "relu");

const activation: Option<"relu" | "gelu" | Module> = {
  fallback: "relu",
  read: (action, name, value) =>
    (typeof value === "string" ? activations : module())
      .read(action, name, value),
};

/** The arguments that a Transformer shares with its layers: those up to the activation. */
const first = {
  dimFeedforward: count(0, 2048),
  dropout: real(0.1, { low: 0, high: 1 }),
  activation,
};

/** Those after the activation. */
const rest = {
  layerNormEps: real(1e-5, { low: 0 }),
  batchFirst: flag(false),
  normFirst: flag(false),
  bias: flag(true),
};

const layerTable = { dModel: count(1), nhead: count(1), ...first, ...rest };

/** What a stack does not accept, since it would change nothing. */
const ofTheLayer: Option<undefined> = named({
  read(action, name, value) {
    if (value === undefined) return undefined;
    throw new TypeError(
      cannot(
        action,
        `${name} must be given to the layer that is copied`,
        describe(value),
      ),
    );
  },
});

const stackTable = {
  numLayers: count(0),
  norm: orNull(module()),
  dtype: ofTheLayer,
  generator: ofTheLayer,
};

const encoderTable = {
  encoderLayer: module(),
  ...stackTable,
  enableNestedTensor: flag(true),
  maskCheck: flag(true),
};

const decoderTable = { decoderLayer: module(), ...stackTable };

const transformerTable = {
  dModel: count(1, 512),
  nhead: count(1, 8),
  numEncoderLayers: count(0, 6),
  numDecoderLayers: count(0, 6),
  ...first,
  customEncoder: orNull(module()),
  customDecoder: orNull(module()),
  ...rest,
};

/**
 * A layer of a Transformer's encoder, with PyTorch's default weights.
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
export class TransformerEncoderLayer extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "TransformerEncoderLayer";
  /** The attention of a sequence to itself. */
  readonly self_attn: MultiheadAttention;
  /** The first linear layer, from `dModel` to `dimFeedforward`. */
  readonly linear1: Linear;
  /** The dropout between the linear layers. */
  readonly dropout: Dropout;
  /** The second linear layer, from `dimFeedforward` to `dModel`. */
  readonly linear2: Linear;
  /** The norm of the attention. */
  readonly norm1: LayerNorm;
  /** The norm of the linear layers. */
  readonly norm2: LayerNorm;
  /** The dropout after the attention. */
  readonly dropout1: Dropout;
  /** The dropout after the linear layers. */
  readonly dropout2: Dropout;
  /** The function between the linear layers; a layer is a child. */
  readonly activation: "relu" | "gelu" | Module;
  /** Whether each norm comes before its part rather than after it. */
  readonly normFirst: boolean;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: TransformerLayerArguments) {
    super();
    const args = read(TransformerEncoderLayer, layerTable, given);
    const make = partsOf(TransformerEncoderLayer, args);
    const { dModel, dimFeedforward } = args;
    this.self_attn = make.attention();
    this.linear1 = make.linear(dModel, dimFeedforward);
    this.dropout = make.dropout();
    this.linear2 = make.linear(dimFeedforward, dModel);
    this.norm1 = make.norm();
    this.norm2 = make.norm();
    this.dropout1 = make.dropout();
    this.dropout2 = make.dropout();
    this.activation = args.activation;
    this.normFirst = args.normFirst;
  }
}

/**
 * A layer of a Transformer's decoder, with PyTorch's default weights.
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
export class TransformerDecoderLayer extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "TransformerDecoderLayer";
  /** The attention of a sequence to itself. */
  readonly self_attn: MultiheadAttention;
  /** The attention to the encoder's output. */
  readonly multihead_attn: MultiheadAttention;
  /** The first linear layer, from `dModel` to `dimFeedforward`. */
  readonly linear1: Linear;
  /** The dropout between the linear layers. */
  readonly dropout: Dropout;
  /** The second linear layer, from `dimFeedforward` to `dModel`. */
  readonly linear2: Linear;
  /** The norm of the attention to itself. */
  readonly norm1: LayerNorm;
  /** The norm of the attention to the encoder's output. */
  readonly norm2: LayerNorm;
  /** The norm of the linear layers. */
  readonly norm3: LayerNorm;
  /** The dropout after the attention to itself. */
  readonly dropout1: Dropout;
  /** The dropout after the attention to the encoder's output. */
  readonly dropout2: Dropout;
  /** The dropout after the linear layers. */
  readonly dropout3: Dropout;
  /** The function between the linear layers; a layer is a child. */
  readonly activation: "relu" | "gelu" | Module;
  /** Whether each norm comes before its part rather than after it. */
  readonly normFirst: boolean;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: TransformerLayerArguments) {
    super();
    const args = read(TransformerDecoderLayer, layerTable, given);
    const make = partsOf(TransformerDecoderLayer, args);
    const { dModel, dimFeedforward } = args;
    this.self_attn = make.attention();
    this.multihead_attn = make.attention();
    this.linear1 = make.linear(dModel, dimFeedforward);
    this.dropout = make.dropout();
    this.linear2 = make.linear(dimFeedforward, dModel);
    this.norm1 = make.norm();
    this.norm2 = make.norm();
    this.norm3 = make.norm();
    this.dropout1 = make.dropout();
    this.dropout2 = make.dropout();
    this.dropout3 = make.dropout();
    this.activation = args.activation;
    this.normFirst = args.normFirst;
  }
}

/**
 * Copies of an encoder's layer, all with the same first weights, as in PyTorch.
 * Nothing is drawn.
 *
 * @see `torch.nn.TransformerEncoder`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.TransformerEncoderLayer(16, 4, { dimFeedforward: 32 });
 * const encoder = new nn.TransformerEncoder(layer, 6);
 * const { "layers.0.linear1.bias": one, "layers.5.linear1.bias": other } =
 *   encoder.stateDict();
 * assertEquals(one.toArray(), other.toArray());
 * assertEquals(one === other, false);
 * ```
 */
export class TransformerEncoder extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "TransformerEncoder";
  /** The copies of the layer. */
  readonly layers: ModuleList;
  /** Their number. */
  readonly numLayers: number;
  /** The module after them; null if there is none. */
  readonly norm: Module | null;

  /**
   * Makes the encoder.
   *
   * @param given The arguments, by position or by name; the dtype and the
   * generator are the layer's.
   */
  constructor(
    ...given: Given<
      [
        encoderLayer: "encoderLayer",
        numLayers: "numLayers",
        norm: "norm",
        enableNestedTensor: "enableNestedTensor",
        maskCheck: "maskCheck",
      ],
      {
        /** The layer that is copied. */
        readonly encoderLayer: Module;
        /** The number of copies, at least 0. */
        readonly numLayers: number;
        /** The module after them; not copied. Default: null. */
        readonly norm?: Module | null;
        /** As in PyTorch; it does not affect weights. Default: true. */
        readonly enableNestedTensor?: boolean;
        /** As in PyTorch; it does not affect weights. Default: true. */
        readonly maskCheck?: boolean;
        /** The layer's. */
        readonly dtype?: never;
        /** The layer's. */
        readonly generator?: never;
      }
    >
  ) {
    super();
    const args = read(TransformerEncoder, encoderTable, given);
    this.layers = copiesOf(args.encoderLayer, args.numLayers);
    this.numLayers = args.numLayers;
    this.norm = args.norm;
  }
}

/**
 * Copies of a decoder's layer, all with the same first weights, as in PyTorch.
 * Nothing is drawn.
 *
 * @see `torch.nn.TransformerDecoder`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.TransformerDecoderLayer(16, 4, { dimFeedforward: 32 });
 * const decoder = new nn.TransformerDecoder(layer, 2, new nn.LayerNorm(16));
 * assertEquals(decoder.layers.length, 2);
 * assertEquals(decoder.namedParameters().length, 2 * 18 + 2);
 * ```
 */
export class TransformerDecoder extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "TransformerDecoder";
  /** The copies of the layer. */
  readonly layers: ModuleList;
  /** Their number. */
  readonly numLayers: number;
  /** The module after them; null if there is none. */
  readonly norm: Module | null;

  /**
   * Makes the decoder.
   *
   * @param given The arguments, by position or by name; the dtype and the
   * generator are the layer's.
   */
  constructor(
    ...given: Given<
      [decoderLayer: "decoderLayer", numLayers: "numLayers", norm: "norm"],
      {
        /** The layer that is copied. */
        readonly decoderLayer: Module;
        /** The number of copies, at least 0. */
        readonly numLayers: number;
        /** The module after them; not copied. Default: null. */
        readonly norm?: Module | null;
        /** The layer's. */
        readonly dtype?: never;
        /** The layer's. */
        readonly generator?: never;
      }
    >
  ) {
    super();
    const args = read(TransformerDecoder, decoderTable, given);
    this.layers = copiesOf(args.decoderLayer, args.numLayers);
    this.numLayers = args.numLayers;
    this.norm = args.norm;
  }
}

/**
 * A Transformer, with PyTorch's default weights.
 *
 * Draws: a layer of the encoder, a layer of the decoder, which are copied; then
 * every parameter with two axes or more again, by Xavier's uniform rule, in the
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Transformer";
  /** The encoder. */
  readonly encoder: Module;
  /** The decoder. */
  readonly decoder: Module;
  /** Size of inputs and outputs. */
  readonly dModel: number;
  /** The number of heads. */
  readonly nhead: number;
  /** Whether the batch is the first axis. */
  readonly batchFirst: boolean;

  /**
   * Makes the model and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        dModel: "dModel",
        nhead: "nhead",
        numEncoderLayers: "numEncoderLayers",
        numDecoderLayers: "numDecoderLayers",
        dimFeedforward: "dimFeedforward",
        dropout: "dropout",
        activation: "activation",
        customEncoder: "customEncoder",
        customDecoder: "customDecoder",
        layerNormEps: "layerNormEps",
        batchFirst: "batchFirst",
        normFirst: "normFirst",
        bias: "bias",
      ],
      TransformerOptions & {
        /** Size of inputs and outputs; a multiple of `nhead`. Default: 512. */
        readonly dModel?: number;
        /** The number of heads, at least 1. Default: 8. */
        readonly nhead?: number;
        /** The number of the encoder's layers, at least 0. Default: 6. */
        readonly numEncoderLayers?: number;
        /** The number of the decoder's layers, at least 0. Default: 6. */
        readonly numDecoderLayers?: number;
        /** Replaces the encoder. Default: null. */
        readonly customEncoder?: Module | null;
        /** Replaces the decoder. Default: null. */
        readonly customDecoder?: Module | null;
      }
    >
  ) {
    super();
    const {
      numEncoderLayers,
      numDecoderLayers,
      customEncoder,
      customDecoder,
      ...shared
    } = read(Transformer, transformerTable, given);
    const { dModel, nhead, layerNormEps, bias, dtype } = shared;
    const norm = () => new LayerNorm(dModel, layerNormEps, { bias, dtype });
    checkMultiple(actionOf(Transformer), { dModel, nhead });
    this.encoder = customEncoder ?? new TransformerEncoder(
      new TransformerEncoderLayer(shared),
      numEncoderLayers,
      norm(),
    );
    this.decoder = customDecoder ?? new TransformerDecoder(
      new TransformerDecoderLayer(shared),
      numDecoderLayers,
      norm(),
    );
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = shared.batchFirst;
    this.resetParameters({ generator: shared.generator });
  }

  /**
   * Redraws every parameter with two axes or more, including those of the
   * encoder and the decoder, as PyTorch does; the others stay.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  override resetParameters(
    options: { readonly generator?: AnyGenerator } = {},
  ): this {
    const read = readReset(this, options);
    for (const parameter of this.parameters()) {
      if (parameter.dim() > 1) xavierUniform(parameter, read);
    }
    return this;
  }
}

/**
 * Functions that make the parts of a layer in PyTorch's order, which is also
 * the order of draws.
 */
function partsOf(
  layer: { readonly title: string },
  args: LayerOptions & {
    readonly dModel: number;
    readonly nhead: number;
    readonly dropout: number;
    readonly layerNormEps: number;
    readonly batchFirst: boolean;
    readonly bias: boolean;
  },
) {
  const { dModel, nhead, dropout, batchFirst, bias, dtype, generator } = args;
  checkMultiple(actionOf(layer), { dModel, nhead });
  const options = { bias, dtype, generator };
  return {
    attention: () =>
      new MultiheadAttention(dModel, nhead, {
        ...options,
        dropout,
        batchFirst,
      }),
    linear: (inputs: number, outputs: number) =>
      new Linear(inputs, outputs, options),
    norm: () => new LayerNorm(dModel, args.layerNormEps, options),
    dropout: () => new Dropout(dropout),
  };
}

function copiesOf(layer: Module, count: number): ModuleList {
  return new ModuleList(Array.from({ length: count }, () => layer.clone()));
}
