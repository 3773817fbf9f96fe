/**
 * One fill of shared storage by several threads.
 *
 * @module
 */

import type { DataOf, FloatDtype } from "../core/dtype.ts";
import { Tensor } from "../core/tensor.ts";
import type { Distribution } from "../random/distribution.ts";
import { wordsOf } from "../random/torch/draw.ts";
import type { Generator } from "../random/torch/generator.ts";
import { cutBelow } from "./part.ts";
import type { Thread } from "./thread.ts";

/**
 * Fills a tensor, each thread a share of it, with the bytes that one thread
 * gives.
 *
 * @param law What is drawn.
 * @param tensor The tensor, of 16 elements or more; if there are other threads,
 * on a SharedArrayBuffer.
 * @param source Where the words come from; it then stands after them.
 * @param threads The threads beside the calling one, which fill nothing else.
 * @throws {Error} If a worker fails.
 */
export async function fillShared(
  distribution: Distribution,
  { data, dtype }: Tensor<FloatDtype>,
  source: Generator,
  threads: readonly Thread[],
): Promise<void> {
  const { length } = data;
  const each = Math.ceil(length / (threads.length + 1));
  const ends = threads.map((_, i) => cutBelow(length, each * (i + 1)));
  const share = (start: number, end: number) =>
    data.subarray(start, end) as DataOf<FloatDtype>;
  const state = source.getState();
  // The others first, so that they work meanwhile.
  const elsewhere = threads.map((thread, i) => {
    const [start, end = length] = ends.slice(i, i + 2);
    const part = { distribution, dtype, count: end - start, before: 0 };
    return thread.fill({
      state,
      offset: wordsOf(distribution, dtype, start)!,
      parts: [part],
      targets: [share(start, end)],
    }, () => true);
  });
  const [end = length] = ends;
  source.fill(new Tensor(share(0, end), [end], dtype), distribution);
  for (const left of await Promise.all(elsewhere)) source.setState(left!);
}
