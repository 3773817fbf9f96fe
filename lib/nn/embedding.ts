/**
 * Tables of vectors, one for each word.
 *
 * @module
 */

import {
  cannot,
  count,
  flag,
  integer,
  named,
  oneOf,
  type Option,
  orNull,
  real,
} from "../core/options.ts";
import { resolveIndex } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { normal, zeros } from "../init/initializers.ts";
import { filledBy, remember } from "../random/generator.ts";
import { actionOf, type Given, type LayerOptions, read } from "./layer.ts";
import { Module, own } from "./module.ts";
import { formatArguments, formatFloat } from "./python.ts";

/** Arguments of tables of vectors by name. */
export interface EmbeddingOptions {
  /** The number of vectors, at least 0. */
  readonly numEmbeddings: number;
  /** The size of each vector, at least 0. */
  readonly embeddingDim: number;
  /**
   * The index of the vector that stays zero, in [−numEmbeddings,
   * numEmbeddings). Default: null, none.
   */
  readonly paddingIdx?: number | null;
  /**
   * The largest norm that a looked-up vector may have. Default: null, no limit.
   */
  readonly maxNorm?: number | null;
  /** The p of that norm, at least 0; it may be infinite. Default: 2. */
  readonly normType?: number;
  /** Whether gradients are divided by a word's frequency. Default: false. */
  readonly scaleGradByFreq?: boolean;
  /** Whether the gradient is sparse. Default: false. */
  readonly sparse?: boolean;
}

const finiteNorm = real(2, { low: 0 });

const normType: Option<number> = {
  ...finiteNorm,
  read: (action, name, value) =>
    value === Infinity ? value : finiteNorm.read(action, name, value),
};

const paddingIdx = orNull(integer());

const table = {
  numEmbeddings: count(0),
  embeddingDim: count(0),
  paddingIdx,
  maxNorm: orNull(real(undefined, { low: 0 })),
  normType,
  scaleGradByFreq: flag(false),
  sparse: flag(false),
};

const bagTable = {
  numEmbeddings: table.numEmbeddings,
  embeddingDim: table.embeddingDim,
  maxNorm: table.maxNorm,
  normType,
  scaleGradByFreq: table.scaleGradByFreq,
  mode: oneOf<"sum" | "mean" | "max">(["sum", "mean", "max"], "mean"),
  sparse: table.sparse,
  includeLastOffset: named(flag(false)),
  paddingIdx: named(paddingIdx),
};

/**
 * The base of tables of vectors.
 *
 * @internal
 */
export abstract class EmbeddingTable extends Module {
  /** The number of vectors. */
  readonly numEmbeddings: number;
  /** The size of each vector. */
  readonly embeddingDim: number;
  /** The index of the vector that stays zero, from 0; null for none. */
  readonly paddingIdx: number | null;
  /** The largest norm that a looked-up vector may have; null for no limit. */
  readonly maxNorm: number | null;
  /** The p of that norm. */
  readonly normType: number;
  /** Whether gradients are divided by a word's frequency. */
  readonly scaleGradByFreq: boolean;
  /** Whether the gradient is sparse. */
  readonly sparse: boolean;
  /** The vectors, `[numEmbeddings, embeddingDim]`. */
  weight: Tensor;

  /**
   * Makes the table and draws its vectors.
   *
   * @param layer The layer's class.
   * @param args Its arguments, checked.
   * @throws {RangeError} If the padding's index is outside.
   */
  constructor(
    layer: { readonly title: string },
    args: Required<EmbeddingOptions> & LayerOptions,
  ) {
    super();
    const { numEmbeddings, embeddingDim } = args;
    const paddingIdx = args.paddingIdx === null ? null : resolveIndex(
      actionOf(layer),
      args.paddingIdx,
      numEmbeddings,
      "paddingIdx",
    );
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx;
    this.maxNorm = args.maxNorm;
    this.normType = args.normType;
    this.scaleGradByFreq = args.scaleGradByFreq;
    this.sparse = args.sparse;
    [this.weight] = own(this, [{
      name: "weight",
      shape: [numEmbeddings, embeddingDim],
      fill(weight, options) {
        normal(weight, options);
        if (paddingIdx === null) return;
        zeros(weight.at(paddingIdx));
        remember(weight, { ...filledBy(weight)!, zeroed: embeddingDim });
      },
    }], args);
  }
}

/**
 * A table of vectors, one for each word, with PyTorch's default weights.
 * PyTorch's `_weight` and `_freeze` are left out.
 *
 * Draws: weight `[numEmbeddings, embeddingDim]` from N(0, 1); the padding's
 * vector is drawn with the others and then set to 0.
 *
 * @see `torch.nn.Embedding`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const embedding = new nn.Embedding(10, 3, { paddingIdx: -1 });
 * assertEquals(embedding.weight.at(9).toArray(), [0, 0, 0]);
 * assertEquals(String(embedding), "Embedding(10, 3, padding_idx=9)");
 * ```
 */
export class Embedding extends EmbeddingTable {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Embedding";

  /**
   * Makes the table and draws its vectors.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        numEmbeddings: "numEmbeddings",
        embeddingDim: "embeddingDim",
        paddingIdx: "paddingIdx",
        maxNorm: "maxNorm",
        normType: "normType",
        scaleGradByFreq: "scaleGradByFreq",
        sparse: "sparse",
      ],
      EmbeddingOptions
    >
  ) {
    super(Embedding, read(Embedding, table, given));
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    const { paddingIdx, maxNorm, normType } = this;
    return formatArguments([this.numEmbeddings, this.embeddingDim], {
      padding_idx: paddingIdx ?? undefined,
      max_norm: maxNorm === null ? undefined : formatFloat(maxNorm),
      norm_type: normType === 2 ? undefined : formatFloat(normType),
      scale_grad_by_freq: this.scaleGradByFreq || undefined,
      sparse: this.sparse || undefined,
    });
  }
}

/**
 * A table of vectors that are summed or averaged bag by bag, with PyTorch's
 * default weights. PyTorch's `_weight` is left out, and the arguments after it
 * can be passed by name only.
 *
 * Draws: weight `[numEmbeddings, embeddingDim]` from N(0, 1); the padding's
 * vector is drawn with the others and then set to 0.
 *
 * @see `torch.nn.EmbeddingBag`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const bag = new nn.EmbeddingBag(10, 3, { mode: "sum" });
 * assertEquals(bag.weight.size(), [10, 3]);
 * assertEquals(String(bag), "EmbeddingBag(10, 3, mode='sum')");
 * ```
 */
export class EmbeddingBag extends EmbeddingTable {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "EmbeddingBag";
  /** How the vectors of a bag are combined. */
  readonly mode: "sum" | "mean" | "max";
  /** Whether offsets end with the size of the input. */
  readonly includeLastOffset: boolean;

  /**
   * Makes the table and draws its vectors. The constructor refuses the mode max
   * with `sparse` or `scaleGradByFreq`, which PyTorch refuses only at the first
   * use.
   *
   * @param given The arguments, by position or by name; `includeLastOffset` and
   * `paddingIdx` by name only.
   */
  constructor(
    ...given: Given<
      [
        numEmbeddings: "numEmbeddings",
        embeddingDim: "embeddingDim",
        maxNorm: "maxNorm",
        normType: "normType",
        scaleGradByFreq: "scaleGradByFreq",
        mode: "mode",
        sparse: "sparse",
      ],
      EmbeddingOptions & {
        /** How the vectors of a bag are combined. Default: mean. */
        readonly mode?: "sum" | "mean" | "max";
        /** Whether offsets end with the size of the input. Default: false. */
        readonly includeLastOffset?: boolean;
      }
    >
  ) {
    const args = read(EmbeddingBag, bagTable, given);
    if (args.mode === "max" && (args.sparse || args.scaleGradByFreq)) {
      throw new RangeError(
        cannot(
          actionOf(EmbeddingBag),
          "mode must be sum or mean with sparse or scaleGradByFreq",
          '"max"',
        ),
      );
    }
    super(EmbeddingBag, args);
    this.mode = args.mode;
    this.includeLastOffset = args.includeLastOffset;
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    const { paddingIdx, maxNorm, normType } = this;
    return formatArguments([this.numEmbeddings, this.embeddingDim], {
      max_norm: maxNorm === null ? undefined : formatFloat(maxNorm),
      norm_type: normType === 2 ? undefined : formatFloat(normType),
      scale_grad_by_freq: this.scaleGradByFreq || undefined,
      mode: `'${this.mode}'`,
      padding_idx: paddingIdx ?? undefined,
    });
  }
}
