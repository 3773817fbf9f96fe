/**
 * The normal initialiser.
 *
 * @module
 */

import { withDefaults } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Generator } from "../random/generator.ts";
import { actionOf, drawNormal } from "./draw.ts";
import type { RandomOptions } from "./target.ts";

/** Options of {@linkcode normal}. */
export interface NormalOptions extends RandomOptions {
  /** The mean. Default: 0. */
  readonly mean?: number;
  /** The standard deviation, at least 0. Default: 1. */
  readonly std?: number;
}

/**
 * Fills a tensor with values from the normal distribution N(mean, std²).
 *
 * Float32, float16 and bfloat16 equal PyTorch to the bit. Float64 is within
 * 1e-12: the logarithm, sine and cosine are the machine's. The draws are those of PyTorch: they depend on
 * whether there are at least 16 elements, and on the remainder modulo 16.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @param options The mean, the standard deviation and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the mean or `std` is not finite, or `std` negative.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `torch.nn.init.normal_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const w = init.normal(empty([3]), { generator });
 * assertEquals(w.toString(), "tensor([ 1.5410, -0.2934, -2.1788])");
 * ```
 */
export function normal<T extends Tensor>(
  tensor: T,
  options: NormalOptions = {},
): T {
  const name = "normal";
  const { mean, std, generator } = withDefaults(actionOf(name), options, {
    mean: 0,
    std: 1,
    generator: undefined as Generator | undefined,
  });
  return drawNormal(tensor, mean, std, {
    name,
    options: { mean, std },
    generator,
  });
}
