/**
 * Parts of fills, and how they are packed into buffers of one size. The calling
 * thread and a worker pack the same parts in the same way.
 *
 * @module
 */

import { type DataOf, dtypes, type FloatDtype } from "../core/dtype.ts";
import { Tensor } from "../core/tensor.ts";
import type { Distribution } from "../random/distribution.ts";
import type { Generator } from "../random/torch/generator.ts";

/** The elements from one place of a tensor to another, or all. */
export interface Part {
  /** What is drawn. */
  readonly distribution: Distribution;
  /** The tensor's dtype. */
  readonly dtype: FloatDtype;
  /** How many elements; a multiple of 16 unless the tensor ends with them. */
  readonly count: number;
  /** Words that are passed over before. */
  readonly before: number;
}

/** Elements of a part that lie in one buffer. */
export interface Piece {
  /** The part's place in the list. */
  readonly part: number;
  /** The first element, counted in the part. */
  readonly start: number;
  /** How many. */
  readonly count: number;
  /** Where they lie in the buffer, in bytes. */
  readonly offset: number;
}

/** Normals are made of 16 uniforms, and the last 16 may be made anew. */
export const unit = 16;

/**
 * Returns what one buffer after the other holds.
 *
 * @param parts The parts, in order.
 * @param capacity The size of a buffer in bytes, room for 32 elements at least.
 */
export function* packed(
  parts: readonly Part[],
  capacity: number,
): IterableIterator<Piece[]> {
  let pieces: Piece[] = [];
  let offset = 0;
  for (const [part, { count, dtype }] of parts.entries()) {
    const bytes = dtypes[dtype].bits / 8;
    for (let start = 0; start < count;) {
      const room = Math.floor((capacity - offset) / bytes);
      const taken = cutBelow(count - start, room);
      if (taken === 0) {
        yield pieces;
        pieces = [];
        offset = 0;
        continue;
      }
      pieces.push({ part, start, count: taken, offset });
      // Typed arrays of any dtype can start there.
      offset = Math.ceil((offset + taken * bytes) / 8) * 8;
      start += taken;
    }
  }
  if (pieces.length > 0) yield pieces;
}

/**
 * Returns how many of the elements that are left can be taken, if there is room
 * for so many: all, or a multiple of 16 that leaves 16 or more.
 *
 * @param left The elements that are left.
 * @param room The largest answer.
 */
export function cutBelow(left: number, room: number): number {
  if (left <= room) return left;
  const most = Math.min(room, left - unit);
  return Math.max(0, most - most % unit);
}

/**
 * Fills a piece.
 *
 * @param piece The piece; all before it were filled.
 * @param part Its part.
 * @param target Where the elements lie: so many as the piece has.
 * @param source Where the words come from.
 */
export function fillPiece(
  piece: Piece,
  { distribution, dtype, before }: Part,
  target: DataOf<FloatDtype>,
  source: Generator,
): void {
  if (piece.start === 0) source.advance(before);
  source.fill(new Tensor(target, [piece.count], dtype), distribution);
}

/**
 * Returns the elements of a piece where its part lies.
 *
 * @param targets Where the parts lie.
 * @param piece The piece.
 */
export function placeOf(
  targets: readonly DataOf<FloatDtype>[],
  { part, start, count }: Piece,
): DataOf<FloatDtype> {
  return targets[part].subarray(start, start + count) as DataOf<FloatDtype>;
}

/**
 * Returns the elements of a piece in its buffer.
 *
 * @param buffer The buffer.
 * @param piece The piece.
 * @param part Its part.
 */
export function viewOf(
  buffer: ArrayBufferLike,
  { offset, count }: Piece,
  { dtype }: Part,
): DataOf<FloatDtype> {
  const { view } = dtypes[dtype];
  return view(buffer, offset, count) as DataOf<FloatDtype>;
}
