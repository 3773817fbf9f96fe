/**
 * The pieces of a share: each fits a buffer, and is filled with the words that
 * lie at its place.
 *
 * @module
 */

import { type DataOf, dtypes, type FloatDtype } from "../core/dtype.ts";
import type { Normal, Uniform } from "../random/distribution.ts";
import { blockLength, fillNormal } from "../random/torch/normal.ts";
import { fillUniform } from "../random/torch/uniform.ts";
import type { Words } from "../random/torch/words.ts";

/** A range of a tensor's elements. */
export interface Part {
  /** What is drawn. */
  readonly distribution: Uniform | Normal;
  /** The tensor's dtype. */
  readonly dtype: FloatDtype;
  /** How many elements; a multiple of 16 unless the tensor ends with them. */
  readonly count: number;
  /** Words to skip before it. */
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

/**
 * Divides parts into pieces that each fit a buffer.
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
 * Returns how many of the remaining elements to take, given the room: all, or a
 * multiple of 16 that leaves 16 or more.
 *
 * @param left The elements that are left.
 * @param room The largest answer.
 */
export function cutBelow(left: number, room: number): number {
  if (left <= room) return left;
  // Normals are made of 16 uniforms, and the last 16 may be made again.
  const most = Math.min(room, left - blockLength);
  return Math.max(0, most - most % blockLength);
}

/**
 * Fills a piece.
 *
 * @param piece The piece; all before it were filled.
 * @param part Its part.
 * @param data Where the elements lie: so many as the piece has.
 * @param words Where the words come from.
 */
export function fillPiece(
  piece: Piece,
  { distribution, dtype, before }: Part,
  data: DataOf<FloatDtype>,
  words: Words,
): void {
  if (piece.start === 0) words.advance(BigInt(before));
  const elements = { data, dtype };
  if (distribution.kind === "uniform") {
    fillUniform(elements, distribution.low, distribution.high, words);
  } else fillNormal(elements, distribution.mean, distribution.std, words);
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
