/**
 * Blocks of a tensor's values that are kept for tests.
 *
 * PyTorch draws normals in blocks of 16, and where some are left over, the last
 * 16 places anew. So whole blocks are kept that no later one overwrote, evenly
 * spread over the tensor, and the last one.
 *
 * @module
 */

import { blockLength } from "../distributions/normal.ts";
import type { Values } from "../statistics/moments.ts";

/** So many blocks are kept at most: 65,536 values. */
const mostBlocks = 4096;

/** The blocks of one tensor. */
export class Sample {
  /** The blocks under each other; fewer than 16 values where there are no more. */
  readonly values: Float64Array;
  readonly #starts: readonly number[];
  #next = 0;

  /**
   * @param count How many elements the tensor has.
   */
  constructor(count: number) {
    this.#starts = startsOf(count);
    this.values = new Float64Array(
      Math.min(count, blockLength * this.#starts.length),
    );
  }

  /**
   * Takes what is kept of the next values.
   *
   * @param values The values.
   * @param offset Which element of the tensor the first is.
   */
  add(values: Values, offset: number): void {
    const end = offset + values.length;
    for (let block = this.#next; block < this.#starts.length; block++) {
      const start = this.#starts[block];
      if (start >= end) break;
      const last = Math.min(start + blockLength, end);
      for (let index = Math.max(start, offset); index < last; index++) {
        this.values[block * blockLength + index - start] =
          values[index - offset];
      }
      if (start + blockLength <= end) this.#next = block + 1;
    }
  }
}

function startsOf(count: number): number[] {
  const whole = Math.floor(count / blockLength);
  if (whole === 0) return [0];
  // The last block, drawn anew, overlaps the one before it.
  const isWhole = count % blockLength === 0;
  const clean = isWhole ? whole : whole - 1;
  const kept = Math.min(clean, mostBlocks);
  const starts = Array.from(
    { length: kept },
    (_, index) => Math.floor(index * clean / kept) * blockLength,
  );
  return isWhole ? starts : [...starts, count - blockLength];
}
