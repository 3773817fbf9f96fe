/**
 * Memory for the parts of tensors: two buffers, of which one is filled while
 * the other one is written.
 *
 * @module
 */

import { type DataOf, dtypes, type FloatDtype } from "../core/dtype.ts";
import { Tensor } from "../core/tensor.ts";
import { cutBelow } from "../parallel/part.ts";

/** Elements that follow each other in a tensor. */
export interface Range {
  /** The first. */
  readonly start: number;
  /** How many; a multiple of 16 unless the tensor ends with them. */
  readonly count: number;
}

/** Two buffers, taken in turn. */
export class Buffers {
  /** The size of each, in bytes. */
  readonly size: number;
  readonly #buffers: readonly ArrayBufferLike[];
  #taken = 0;

  /**
   * Makes them.
   *
   * @param size The size of each, in bytes; room for 32 elements at least.
   * @param isShared Whether workers are to write to them.
   */
  constructor(size: number, isShared: boolean) {
    const Buffer = isShared ? SharedArrayBuffer : ArrayBuffer;
    this.size = size;
    this.#buffers = [new Buffer(size), new Buffer(size)];
  }

  /**
   * Returns a tensor of rank 1 with what was left in it; its memory is that of
   * the last but one.
   *
   * @param dtype The element type.
   * @param count How many elements; at most those that a buffer holds.
   */
  next(dtype: FloatDtype, count: number): Tensor<FloatDtype> {
    const buffer = this.#buffers[this.#taken++ % 2];
    const data = dtypes[dtype].view(buffer, 0, count) as DataOf<FloatDtype>;
    return new Tensor(data, [count], dtype);
  }

  /**
   * Returns the ranges of a tensor that fit a buffer each.
   *
   * @param dtype The element type.
   * @param count The tensor's elements.
   */
  *ranges(dtype: FloatDtype, count: number): IterableIterator<Range> {
    const room = Math.floor(8 * this.size / dtypes[dtype].bits);
    for (let start = 0; start < count;) {
      const taken = cutBelow(count - start, room);
      yield { start, count: taken };
      start += taken;
    }
  }
}
