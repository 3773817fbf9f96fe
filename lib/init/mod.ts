/**
 * Initializers as `init.*`: in-place fills that return the tensor, named and
 * computed as in `torch.nn.init`, with their options and distributions as data.
 *
 * @example
 * ```ts
 * import { empty, manualSeed } from "@fanin/fanin";
 * import { initializers, xavierUniform } from "@fanin/fanin/init";
 * import { assert, assertEquals } from "@std/assert";
 *
 * manualSeed(0);
 * const bound = Math.sqrt(6 / (4 + 3));
 * const weight = xavierUniform(empty([3, 4]));
 * assert(weight.data.every((value) => Math.abs(value) <= bound));
 * assertEquals(Object.keys(xavierUniform.options), ["gain"]);
 * assertEquals(initializers.xavierUniform, xavierUniform);
 * ```
 *
 * @module
 */

export type { Option, OptionTable } from "../core/options.ts";
export type { Initializer, RandomOptions } from "./initializer.ts";
export {
  bilinear,
  constant,
  type ConstantOptions,
  deltaOrthogonal,
  dirac,
  type DiracOptions,
  eye,
  identity,
  initializers,
  kaimingNormal,
  type KaimingOptions,
  kaimingUniform,
  lecunNormal,
  type LecunOptions,
  lecunUniform,
  normal,
  type NormalOptions,
  ones,
  orthogonal,
  type OrthogonalOptions,
  sparse,
  type SparseOptions,
  truncNormal,
  type TruncNormalOptions,
  uniform,
  type UniformOptions,
  varianceScaling,
  type VarianceScalingOptions,
  xavierNormal,
  type XavierOptions,
  xavierUniform,
  zeros,
} from "./initializers.ts";
