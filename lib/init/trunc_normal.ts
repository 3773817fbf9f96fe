/**
 * The truncated normal initialiser.
 *
 * @module
 */

import { withDefaults } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { warnOnce } from "../core/warn.ts";
import { checkNormal } from "../distributions/normal.ts";
import { fillTruncatedNormal } from "../distributions/truncated_normal.ts";
import { checkUniform } from "../distributions/uniform.ts";
import { truncatedMoments } from "../math/truncated_normal.ts";
import type { Generator } from "../random/generator.ts";
import { actionOf } from "./draw.ts";
import { performRecipe } from "./recipe.ts";
import { checkFillable, generatorOf, type RandomOptions } from "./target.ts";
import { setTheory } from "./theory.ts";

/** Options of {@linkcode truncNormal}. */
export interface TruncNormalOptions extends RandomOptions {
  /** The mean before the cut. Default: 0. */
  readonly mean?: number;
  /** The standard deviation before the cut, above 0. Default: 1. */
  readonly std?: number;
  /** The lower end, absolute; `a` in PyTorch. Default: −2. */
  readonly low?: number;
  /** The upper end, absolute; `b` in PyTorch. Default: 2. */
  readonly high?: number;
}

/**
 * Fills a tensor with values from N(mean, std²) cut to [low, high].
 *
 * The ends are absolute, and `std` is that before the cut: with ±2 std the
 * values' own is 0.88 std. Float32, float16 and bfloat16 equal PyTorch to the
 * bit. Float64 is within 1e-12 where normals are drawn.
 *
 * Draws: rounds of normals for the whole tensor while any value is outside;
 * rounds of uniforms where at most 0.3 of the normal lies inside. Warns where
 * the mean is more than 2 std outside, as PyTorch: once for a mean and its ends.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @param options The distribution, its ends and the generator.
 * @returns The tensor.
 * @throws {RangeError} If a number is not finite, `std` not above 0, or
 * `low >= high`.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `torch.nn.init.trunc_normal_`, PyTorch 2.13.0; older versions draw by
 * the inverse of the error function, and give other numbers
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assert } from "@std/assert";
 *
 * const w = init.truncNormal(empty([64, 64]), { std: 0.02, low: -0.04, high: 0.04 });
 * assert(w.toFloat32().every((x) => Math.abs(x) <= Math.fround(0.04)));
 * ```
 */
export function truncNormal<T extends Tensor>(
  tensor: T,
  options: TruncNormalOptions = {},
): T {
  const name = "truncNormal";
  const action = actionOf(name);
  const { generator, ...law } = withDefaults(action, options, {
    mean: 0,
    std: 1,
    low: -2,
    high: 2,
    generator: undefined as Generator | undefined,
  });
  const { mean, std, low, high } = law;
  checkFillable(action, tensor);
  checkNormal(action, mean, std);
  checkUniform(action, low, high, tensor.dtype);
  if (std === 0 || low === high) {
    throw new RangeError(
      `Cannot ${action} as std and high - low must be above 0: current value is std ${std}, low ${low} and high ${high}`,
    );
  }
  if (mean < low - 2 * std || mean > high + 2 * std) {
    warnOnce(
      `init.${name}: the mean ${mean} is more than 2 std outside [${low}, ${high}]; the distribution may be off`,
    );
  }
  const source = generatorOf(action, generator);
  performRecipe({ kind: "truncatedNormal", ...law }, tensor, () => {
    fillTruncatedNormal(tensor, law, source);
  });
  const moments = truncatedMoments((low - mean) / std, (high - mean) / std);
  setTheory(tensor, {
    name,
    options: law,
    distribution: "truncatedNormal",
    mean: mean + moments.mean * std,
    std: moments.std * std,
    bound: null,
    cut: law,
  });
  return tensor;
}
