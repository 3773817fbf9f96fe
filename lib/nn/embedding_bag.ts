/**
 * Tables of vectors that are summed or averaged bag by bag.
 *
 * @module
 */

import { flag, named, oneOf } from "../core/options.ts";
import { actionOf, type LayerArguments, readArguments } from "./arguments.ts";
import {
  type EmbeddingOptions,
  EmbeddingTable,
  tableArguments,
} from "./embedding_table.ts";
import { formatFloat } from "./python.ts";

/** How an {@linkcode EmbeddingBag} makes one vector of those in a bag. */
export type BagMode = "sum" | "mean" | "max";

/** Arguments of {@linkcode EmbeddingBag} by name. */
export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** What is made of the vectors of a bag. Default: mean. */
  readonly mode?: BagMode;
  /** Whether offsets end with the size of the input. Default: false. */
  readonly includeLastOffset?: boolean;
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
    const { sparse, paddingIdx, ...first } = tableArguments;
    const args = readArguments("EmbeddingBag", given, {
      ...first,
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
