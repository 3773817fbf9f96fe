/**
 * Passing over tensors that another process writes: the generator is then where
 * drawing them would have left it.
 *
 * @module
 */

import type { Drawing } from "./drawing.ts";
import { partsOf } from "./parts.ts";
import type { SpecTensor } from "./spec.ts";
import { isFewNormals, wordsOfOne } from "./words.ts";

/**
 * Takes the generator past tensors: in one jump where it is known how many words
 * they take. A tensor of truncated normals is drawn and thrown away, for as much
 * time as it takes to make it; so are fewer than 16 normals, of which the
 * generator may keep a spare one.
 *
 * @param tensors The tensors, in order.
 * @param drawing The generator and the memory.
 */
export async function skip(
  tensors: readonly SpecTensor[],
  drawing: Drawing,
): Promise<void> {
  let pending = 0;
  for (const tensor of tensors) {
    const words = isFewNormals(tensor) ? undefined : wordsOfOne(tensor);
    if (words !== undefined) {
      pending += words;
      continue;
    }
    drawing.generator.advance(pending);
    pending = 0;
    for await (const _ of partsOf(tensor, drawing));
  }
  drawing.generator.advance(pending);
}
