/**
 * Values of a tensor that are kept for tests: all of a small one, and blocks of a
 * large one.
 *
 * PyTorch draws normals in blocks of 16, and where some are left over, the last
 * 16 places anew. So whole blocks are kept that no later one overwrote, evenly
 * spread over the tensor, and the last one.
 *
 * @module
 */

import { blockLength } from "../random/torch/normal.ts";
import type { Values } from "../statistics/moments.ts";

/** So many blocks of a large tensor are kept: 65,536 values. */
const mostBlocks = 4096;

/** What is kept of one tensor. */
export class Sample {
  /** The values that are kept. */
  readonly values: Float64Array;
  /** Where in them a block begins that was drawn as one. */
  readonly blocks: readonly number[];
  /** Where in the tensor they come from: stretches, in order. */
  readonly #starts: readonly number[];
  readonly #length: number;
  #next = 0;

  /**
   * @param count How many elements the tensor has.
   */
  constructor(count: number) {
    const starts = blocksOf(count);
    const isWhole = count <= mostBlocks * blockLength;
    this.#starts = isWhole ? [0] : starts;
    this.#length = isWhole ? count : blockLength;
    this.values = new Float64Array(this.#starts.length * this.#length);
    this.blocks = isWhole ? starts : starts.map((_, nth) => nth * blockLength);
  }

  /**
   * Takes what is kept of the next values.
   *
   * @param values The values.
   * @param offset Which element of the tensor the first is.
   */
  add(values: Values, offset: number): void {
    const end = offset + values.length;
    for (let nth = this.#next; nth < this.#starts.length; nth++) {
      const start = this.#starts[nth];
      if (start >= end) break;
      const last = Math.min(start + this.#length, end);
      for (let index = Math.max(start, offset); index < last; index++) {
        this.values[nth * this.#length + index - start] =
          values[index - offset];
      }
      if (start + this.#length <= end) this.#next = nth + 1;
    }
  }
}

/** Where the blocks begin that are as they were drawn. */
function blocksOf(count: number): number[] {
  const whole = Math.floor(count / blockLength);
  if (whole === 0) return [];
  // The last block, drawn anew, overlaps the one before it.
  const isWhole = count % blockLength === 0;
  const clean = isWhole ? whole : whole - 1;
  const kept = Math.min(clean, mostBlocks);
  const starts = Array.from(
    { length: kept },
    (_, nth) => Math.floor(nth * clean / kept) * blockLength,
  );
  return isWhole ? starts : [...starts, count - blockLength];
}
