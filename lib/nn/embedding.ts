/**
 * Tables of vectors, one for each word.
 *
 * @module
 */

import { type LayerArguments, readArguments } from "./arguments.ts";
import {
  type EmbeddingOptions,
  EmbeddingTable,
  tableArguments,
} from "./embedding_table.ts";
import { formatFloat } from "./python.ts";

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
      readArguments("Embedding", given, tableArguments),
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
