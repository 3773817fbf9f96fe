/**
 * The initialisers of `torch.nn.init`. Each fills a tensor in place and
 * returns it.
 *
 * @module
 */

export { constant, type ConstantOptions, ones, zeros } from "./constant.ts";
export { dirac, type DiracOptions, eye } from "./identity.ts";
export {
  type FanMode,
  kaimingNormal,
  type KaimingOptions,
  kaimingUniform,
} from "./kaiming.ts";
export { normal, type NormalOptions } from "./normal.ts";
export { orthogonal, type OrthogonalOptions } from "./orthogonal.ts";
export { sparse, type SparseOptions } from "./sparse.ts";
export type { RandomOptions } from "./target.ts";
export { truncNormal, type TruncNormalOptions } from "./trunc_normal.ts";
export { uniform, type UniformOptions } from "./uniform.ts";
export { xavierNormal, type XavierOptions, xavierUniform } from "./xavier.ts";
