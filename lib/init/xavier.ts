/**
 * Glorot and Bengio's initialisers, "Xavier" in PyTorch.
 *
 * @module
 */

import { checkFinite, withDefaults } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Generator } from "../random/generator.ts";
import { fan } from "../scaling/fan.ts";
import { uniformBound, xavierStd } from "../scaling/spread.ts";
import { actionOf, type Drawer, drawNormal, drawUniform } from "./draw.ts";
import { checkFillable, type RandomOptions } from "./target.ts";

/** Options of {@linkcode xavierUniform} and {@linkcode xavierNormal}. */
export interface XavierOptions extends RandomOptions {
  /** The factor on the standard deviation, at least 0. Default: 1. */
  readonly gain?: number;
}

/**
 * Fills a weight from U(−bound, bound) with
 * `bound = gain * sqrt(6 / (fanIn + fanOut))`.
 *
 * @param tensor The weight to fill, of rank at least 2; of a float dtype.
 * @param options The gain and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, both fans are 0, or the gain is
 * negative or not finite.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see Glorot and Bengio, 2010, equation 16; `torch.nn.init.xavier_uniform_`,
 * PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assert } from "@std/assert";
 *
 * const w = init.xavierUniform(empty([33, 16, 3, 3]));
 * const bound = Math.sqrt(6 / (144 + 297));
 * assert(w.toFloat32().every((x) => Math.abs(x) <= bound));
 * ```
 */
export function xavierUniform<T extends Tensor>(
  tensor: T,
  options: XavierOptions = {},
): T {
  const { std, drawer } = scale("xavierUniform", tensor, options);
  const bound = uniformBound(std);
  return drawUniform(tensor, -bound, bound, drawer);
}

/**
 * Fills a weight from N(0, std²) with
 * `std = gain * sqrt(2 / (fanIn + fanOut))`.
 *
 * @param tensor The weight to fill, of rank at least 2; of a float dtype.
 * @param options The gain and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, both fans are 0, or the gain is
 * negative or not finite.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see Glorot and Bengio, 2010, equation 12; `torch.nn.init.xavier_normal_`,
 * PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const w = init.xavierNormal(empty([1, 3]), { generator });
 * assertEquals(w.toString(), "tensor([[ 1.0896, -0.2075, -1.5406]])");
 * ```
 */
export function xavierNormal<T extends Tensor>(
  tensor: T,
  options: XavierOptions = {},
): T {
  const { std, drawer } = scale("xavierNormal", tensor, options);
  return drawNormal(tensor, 0, std, drawer);
}

function scale(
  name: string,
  tensor: Tensor,
  options: XavierOptions,
): { std: number; drawer: Drawer } {
  const action = actionOf(name);
  const { gain, generator } = withDefaults(action, options, {
    gain: 1,
    generator: undefined as Generator | undefined,
  });
  checkFillable(action, tensor);
  checkFinite(action, "gain", gain);
  if (gain < 0) {
    throw new RangeError(
      `Cannot ${action} as gain must be at least 0: current value is ${gain}`,
    );
  }
  const { fanIn, fanOut } = fan(tensor);
  if (fanIn + fanOut === 0) {
    throw new RangeError(
      `Cannot ${action} as fan in + fan out must be above 0: current value is 0 in shape ${
        formatShape(tensor.shape)
      }`,
    );
  }
  const std = xavierStd(fanIn, fanOut, gain);
  return { std, drawer: { name, options: { gain }, generator } };
}
