/**
 * Truncated normals in parts. A value outside takes that at its place in the
 * next draw of the whole tensor; so each draw has a generator of its own, which
 * goes from part to part.
 *
 * @module
 */

import type { FloatDtype } from "../core/dtype.ts";
import type { Tensor } from "../core/tensor.ts";
import type {
  Normal,
  TruncatedNormal,
  Uniform,
} from "../random/distribution.ts";
import { wordsOf } from "../random/torch/draw.ts";
import { fillTruncatedPart, lawsOf } from "../random/torch/truncated_normal.ts";
import type { Generator } from "../random/torch/generator.ts";
import type { Range } from "./buffers.ts";
import type { Drawing } from "./drawing.ts";

/**
 * Returns the parts of a tensor of truncated normals.
 *
 * @param law The distribution.
 * @param dtype The element type.
 * @param count The tensor's elements, 16 or more.
 * @param drawing The generator, which then stands after as many draws as the
 * part had that needed most, and memory.
 */
export function* truncatedParts(
  law: TruncatedNormal,
  dtype: FloatDtype,
  count: number,
  { generator, buffers }: Drawing,
): IterableIterator<Tensor> {
  const [each] = lawsOf(law);
  const draws = new Draws(generator, each, dtype, count);
  let most = 0;
  for (const range of buffers.ranges(dtype, count)) {
    const part = buffers.next(dtype, range.count);
    const needed = fillTruncatedPart(
      part,
      law,
      (draw) => draws.sourceOf(draw, range),
    );
    most = Math.max(most, needed);
    yield part;
  }
  generator.advance(most * wordsOf(each, dtype, count)!);
}

/** A generator, and how many words it stands after the tensor's first. */
interface Placed {
  readonly source: Generator;
  words: number;
}

/** The generators of the draws. */
class Draws {
  readonly #start: Generator;
  readonly #wordsUpTo: (count: number) => number;
  readonly #count: number;
  readonly #placed: Placed[] = [];

  /** Begins where a generator stands. All draws take the same words. */
  constructor(
    start: Generator,
    law: Uniform | Normal,
    dtype: FloatDtype,
    count: number,
  ) {
    this.#start = start;
    this.#wordsUpTo = (end) => wordsOf(law, dtype, end)!;
    this.#count = count;
  }

  /** Returns the generator of a draw, at a range's start; it goes to its end. */
  sourceOf(draw: number, { start, count }: Range): Generator {
    const before = draw * this.#wordsUpTo(this.#count);
    const placed = this.#placed[draw] ??= {
      source: this.#start.clone(),
      words: 0,
    };
    placed.source.advance(before + this.#wordsUpTo(start) - placed.words);
    placed.words = before + this.#wordsUpTo(start + count);
    return placed.source;
  }
}
