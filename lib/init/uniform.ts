/**
 * The uniform initialiser.
 *
 * @module
 */

import { withDefaults } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Generator } from "../random/generator.ts";
import { actionOf, drawUniform } from "./draw.ts";
import type { RandomOptions } from "./target.ts";

/** Options of {@linkcode uniform}. */
export interface UniformOptions extends RandomOptions {
  /** The lower end, included; `a` in PyTorch. Default: 0. */
  readonly low?: number;
  /** The upper end, excluded; `b` in PyTorch. Default: 1. */
  readonly high?: number;
}

/**
 * Fills a tensor with values from the uniform distribution on [low, high).
 *
 * Draws one number an element, in order. Every dtype equals PyTorch to the bit.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @param options The interval and the generator.
 * @returns The tensor.
 * @throws {RangeError} If an end is not finite, `low > high`, or an end or
 * `high - low` overflows the dtype.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `torch.nn.init.uniform_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const w = init.uniform(empty([3]), { low: -1, high: 1, generator });
 * assertEquals(w.toString(), "tensor([-0.0075,  0.5364, -0.8230])");
 * ```
 */
export function uniform<T extends Tensor>(
  tensor: T,
  options: UniformOptions = {},
): T {
  const name = "uniform";
  const { low, high, generator } = withDefaults(actionOf(name), options, {
    low: 0,
    high: 1,
    generator: undefined as Generator | undefined,
  });
  return drawUniform(tensor, low, high, {
    name,
    options: { low, high },
    generator,
  });
}
