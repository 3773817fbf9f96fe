/**
 * Checkpoints of which a part of a tensor takes as much work as the whole.
 *
 * @module
 */

import type { DataOf, Dtype } from "../core/dtype.ts";
import { Tensor } from "../core/tensor.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
} from "./checkpoint.ts";

/**
 * Returns the checkpoint so that parts of a tensor, one after the other, take
 * the work of reading it once: it keeps the last tensor of which a part was
 * asked in memory.
 *
 * @param checkpoint The checkpoint; not of an opaque dtype.
 */
export function keepingLast(checkpoint: Checkpoint): Checkpoint {
  let last: { readonly name: string; readonly whole: Promise<Tensor> } | null =
    null;
  return {
    ...checkpoint,
    async read(name: string, range?: ElementRange) {
      if (range === undefined) return await checkpoint.read(name);
      const action = "read a part of a tensor";
      const info = infoOf(action, checkpoint.tensors, name);
      const { shape: [count] } = partOf(action, info, range);
      if (last?.name !== name) last = { name, whole: checkpoint.read(name) };
      const { data, dtype } = await last.whole;
      const { start = 0 } = range;
      const part = data.slice(start, start + count) as DataOf<Dtype>;
      return new Tensor(part, [count], dtype);
    },
  };
}
