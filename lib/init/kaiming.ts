/**
 * He et al.'s initialisers, "Kaiming" in PyTorch.
 *
 * @module
 */

import { describe, withDefaults } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { warnOnce } from "../core/warn.ts";
import type { Generator } from "../random/generator.ts";
import { fan } from "../scaling/fan.ts";
import { calculateGain, type Nonlinearity } from "../scaling/gain.ts";
import { kaimingStd, uniformBound } from "../scaling/spread.ts";
import { actionOf, type Drawer, drawNormal, drawUniform } from "./draw.ts";
import { checkFillable, generatorOf, type RandomOptions } from "./target.ts";

/** Which fan a weight is scaled by. */
export type FanMode = "fan_in" | "fan_out";

/** Options of {@linkcode kaimingUniform} and {@linkcode kaimingNormal}. */
export interface KaimingOptions extends RandomOptions {
  /** The slope of leaky_relu below 0; `a` in PyTorch. Default: 0. */
  readonly negativeSlope?: number;
  /**
   * fan_in keeps the size of signals on the way forward, fan_out that of
   * gradients on the way back. Default: fan_in.
   */
  readonly mode?: FanMode;
  /** The nonlinearity after the layer. Default: leaky_relu. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * Fills a weight from U(−bound, bound) with
 * `bound = gain * sqrt(3 / fan)`.
 *
 * A weight without elements, of whatever rank, is left as it is, as in PyTorch,
 * with one warning for each shape. Its options are checked all the same.
 *
 * @param tensor The weight to fill, of rank at least 2; of a float dtype.
 * @param options The nonlinearity, the mode and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, the mode or nonlinearity is
 * unknown, or the slope is not finite.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see He, Zhang, Ren and Sun, 2015; `torch.nn.init.kaiming_uniform_`,
 * PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assert } from "@std/assert";
 *
 * const w = init.kaimingUniform(empty([33, 16, 3, 3]));
 * const bound = Math.sqrt(6 / 144);
 * assert(w.toFloat32().every((x) => Math.abs(x) <= bound));
 * ```
 */
export function kaimingUniform<T extends Tensor>(
  tensor: T,
  options: KaimingOptions = {},
): T {
  const plan = scale("kaimingUniform", tensor, options);
  if (plan === undefined) return tensor;
  const bound = uniformBound(plan.std);
  return drawUniform(tensor, -bound, bound, plan.drawer);
}

/**
 * Fills a weight from N(0, std²) with `std = gain / sqrt(fan)`.
 *
 * A weight without elements, of whatever rank, is left as it is, as in PyTorch,
 * with one warning for each shape. Its options are checked all the same.
 *
 * @param tensor The weight to fill, of rank at least 2; of a float dtype.
 * @param options The nonlinearity, the mode and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, the mode or nonlinearity is
 * unknown, or the slope is not finite.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see He, Zhang, Ren and Sun, 2015, equation 10;
 * `torch.nn.init.kaiming_normal_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const w = init.kaimingNormal(empty([3, 2]), { generator, mode: "fan_in" });
 * assertEquals(
 *   w.at(0).toString(),
 *   "tensor([ 1.5410, -0.2934])",
 * );
 * ```
 */
export function kaimingNormal<T extends Tensor>(
  tensor: T,
  options: KaimingOptions = {},
): T {
  const plan = scale("kaimingNormal", tensor, options);
  if (plan === undefined) return tensor;
  return drawNormal(tensor, 0, plan.std, plan.drawer);
}

/** Returns the standard deviation; nothing where there is nothing to fill. */
function scale(
  name: string,
  tensor: Tensor,
  options: KaimingOptions,
): { std: number; drawer: Drawer } | undefined {
  const action = actionOf(name);
  const { generator, ...rest } = withDefaults(action, options, {
    negativeSlope: 0,
    mode: "fan_in" as FanMode,
    nonlinearity: "leaky_relu" as Nonlinearity,
    generator: undefined as Generator | undefined,
  });
  checkFillable(action, tensor);
  const mode = checkMode(action, rest.mode);
  const gain = calculateGain(rest.nonlinearity, rest.negativeSlope);
  const source = generatorOf(action, generator);
  if (tensor.numel() === 0) {
    const shape = formatShape(tensor.shape);
    warnOnce(
      `init.${name}: a tensor of shape ${shape} has no elements and stays as it is`,
    );
    return undefined;
  }
  const { fanIn, fanOut } = fan(tensor);
  const std = kaimingStd(mode === "fan_in" ? fanIn : fanOut, gain);
  return {
    std,
    drawer: { name, options: { ...rest, mode }, generator: source },
  };
}

/** PyTorch takes the mode in any case of letters. */
function checkMode(action: string, mode: unknown): FanMode {
  const lower = typeof mode === "string" ? mode.toLowerCase() : mode;
  if (lower !== "fan_in" && lower !== "fan_out") {
    throw new RangeError(
      `Cannot ${action} as mode must be one of fan_in, fan_out: current value is ${
        describe(mode)
      }`,
    );
  }
  return lower;
}
