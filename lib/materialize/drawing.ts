/**
 * What drawing a tensor takes.
 *
 * @module
 */

import type { Thread } from "../parallel/thread.ts";
import type { Generator } from "../random/torch/generator.ts";
import type { Buffers } from "./buffers.ts";

/** Where random numbers come from, and what the parts lie in. */
export interface Drawing {
  /** The generator; it moves as the initialiser would move it. */
  readonly generator: Generator;
  /** The memory. A part is valid until the next but one is asked for. */
  readonly buffers: Buffers;
  /** Threads that fill beside the calling one. */
  readonly threads: readonly Thread[];
}
