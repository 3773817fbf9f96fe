/**
 * Embeddings: tables of vectors.
 *
 * @module
 */

import { resolveIndex } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { zeros } from "../init/constant.ts";
import { count, flag, named, oneOf, orNull, real } from "./argument_kinds.ts";
import {
  actionOf,
  type Argument,
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { standardNormal } from "./fills.ts";
import { Module } from "./module.ts";
import { formatFloat } from "./python.ts";

/** Arguments of {@linkcode Embedding} by name. */
export interface EmbeddingOptions extends LayerOptions {
  /** The number of vectors, at least 0. */
  readonly numEmbeddings?: number;
  /** The size of each vector, at least 0. */
  readonly embeddingDim?: number;
  /**
   * The place of the vector that stays zero, in [−numEmbeddings,
   * numEmbeddings). Default: null, none.
   */
  readonly paddingIdx?: number | null;
  /** The largest norm of a vector that is used. Default: null, no limit. */
  readonly maxNorm?: number | null;
  /** The p of that p-norm, at least 0; it may be infinite. Default: 2. */
  readonly normType?: number;
  /** Whether gradients are divided by a word's frequency. Default: false. */
  readonly scaleGradByFreq?: boolean;
  /** Whether the gradient is sparse. Default: false. */
  readonly sparse?: boolean;
}

/** How an {@linkcode EmbeddingBag} makes one vector of those in a bag. */
export type BagMode = "sum" | "mean" | "max";

/** Arguments of {@linkcode EmbeddingBag} by name. */
export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** What is made of the vectors of a bag. Default: mean. */
  readonly mode?: BagMode;
  /** Whether offsets end with the size of the input. Default: false. */
  readonly includeLastOffset?: boolean;
}

const numEmbeddings = count(0);
const embeddingDim = count(0);
const paddingIdx = orNull(real());
const maxNorm = orNull(real(undefined, 0));
const normType: Argument<number> = {
  ...real(2, 0),
  read: (action, name, value) =>
    value === Infinity ? value : real(2, 0).read(action, name, value),
};
const scaleGradByFreq = flag(false);
const sparse = flag(false);

/** What tables of vectors share. */
export abstract class EmbeddingTable extends Module {
  /** The number of vectors. */
  declare readonly numEmbeddings: number;
  /** The size of each vector. */
  declare readonly embeddingDim: number;
  /** The place of the vector that stays zero, from 0; null for none. */
  declare readonly paddingIdx: number | null;
  /** The largest norm of a vector that is used; null for no limit. */
  declare readonly maxNorm: number | null;
  /** The p of that p-norm. */
  declare readonly normType: number;
  /** Whether gradients are divided by a word's frequency. */
  declare readonly scaleGradByFreq: boolean;
  /** Whether the gradient is sparse. */
  declare readonly sparse: boolean;
  /** The vectors, `[numEmbeddings, embeddingDim]`. */
  declare readonly weight: Tensor;

  /**
   * Makes the table and draws its vectors.
   *
   * @param name The layer's name.
   * @param args Its arguments.
   * @throws {RangeError} If the padding's place is outside.
   */
  constructor(
    name: string,
    { dtype, generator, ...args }:
      & LayerOptions
      & Required<Omit<EmbeddingOptions, keyof LayerOptions>>,
  ) {
    super();
    const { numEmbeddings: rows, embeddingDim, paddingIdx: given } = args;
    const paddingIdx = given === null
      ? null
      : resolveIndex(actionOf(name), given, rows, "paddingIdx");
    Object.assign(this, { ...args, paddingIdx });
    this.makeParameters([{
      name: "weight",
      shape: [rows, embeddingDim],
      fill(weight, generator) {
        standardNormal(weight, generator);
        if (paddingIdx !== null) zeros(weight.at(paddingIdx));
      },
    }], { dtype, generator });
  }
}

/**
 * A table of vectors, one for each word, with the first weights that PyTorch
 * gives it. PyTorch's `_weight` and `_freeze` are left out.
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
  /**
   * Makes the table and draws its vectors.
   *
   * @param given `numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType,
   * scaleGradByFreq, sparse`, and an object of options.
   * @throws {RangeError} If an argument is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        numEmbeddings: number,
        embeddingDim: number,
        paddingIdx: number | null,
        maxNorm: number | null,
        normType: number,
        scaleGradByFreq: boolean,
        sparse: boolean,
      ],
      EmbeddingOptions
    >
  ) {
    super(
      "Embedding",
      readArguments("Embedding", given, {
        numEmbeddings,
        embeddingDim,
        paddingIdx,
        maxNorm,
        normType,
        scaleGradByFreq,
        sparse,
      }),
    );
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const { paddingIdx, maxNorm, normType } = this;
    return [
      `${this.numEmbeddings}, ${this.embeddingDim}`,
      paddingIdx !== null && `padding_idx=${paddingIdx}`,
      maxNorm !== null && `max_norm=${formatFloat(maxNorm)}`,
      normType !== 2 && `norm_type=${formatFloat(normType)}`,
      this.scaleGradByFreq && "scale_grad_by_freq=True",
      this.sparse && "sparse=True",
    ].filter(Boolean).join(", ");
  }
}

/**
 * A table of vectors that are summed or averaged bag by bag, with the first
 * weights that PyTorch gives it. PyTorch's `_weight` is left out, and what
 * comes after it there goes by name only.
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
  /** What is made of the vectors of a bag. */
  declare readonly mode: BagMode;
  /** Whether offsets end with the size of the input. */
  declare readonly includeLastOffset: boolean;

  /**
   * Makes the table and draws its vectors.
   *
   * @param given `numEmbeddings, embeddingDim, maxNorm, normType,
   * scaleGradByFreq, mode, sparse`, and an object of options, which alone can
   * hold `includeLastOffset` and `paddingIdx`.
   * @throws {RangeError} If an argument is out of range, or the mode is max
   * with `sparse` or `scaleGradByFreq`, which PyTorch refuses at the first use.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        numEmbeddings: number,
        embeddingDim: number,
        maxNorm: number | null,
        normType: number,
        scaleGradByFreq: boolean,
        mode: BagMode,
        sparse: boolean,
      ],
      EmbeddingBagOptions
    >
  ) {
    const args = readArguments("EmbeddingBag", given, {
      numEmbeddings,
      embeddingDim,
      maxNorm,
      normType,
      scaleGradByFreq,
      mode: oneOf(["sum", "mean", "max"], "mean"),
      sparse,
      includeLastOffset: named(flag(false)),
      paddingIdx: named(paddingIdx),
    });
    if (args.mode === "max" && (args.sparse || args.scaleGradByFreq)) {
      throw new RangeError(
        `Cannot ${
          actionOf("EmbeddingBag")
        } as mode must be sum or mean with sparse or scaleGradByFreq: current value is "max"`,
      );
    }
    super("EmbeddingBag", args);
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const { paddingIdx, maxNorm, normType } = this;
    return [
      `${this.numEmbeddings}, ${this.embeddingDim}`,
      maxNorm !== null && `max_norm=${formatFloat(maxNorm)}`,
      normType !== 2 && `norm_type=${formatFloat(normType)}`,
      this.scaleGradByFreq && "scale_grad_by_freq=True",
      `mode='${this.mode}'`,
      paddingIdx !== null && `padding_idx=${paddingIdx}`,
    ].filter(Boolean).join(", ");
  }
}
