/**
 * Figures of weights: pure functions from tensors and options to a
 * figure.
 *
 * @module
 */

export { compare, type CompareOptions } from "./compare.ts";
export { kernels, type KernelsOptions } from "./kernels.ts";
export { weights, type WeightsOptions } from "./weights.ts";
export type { FigureOptions } from "./options.ts";
export type { ParameterOwner, Source } from "./source.ts";
export type {
  NamedDistribution,
  TheoryOption,
  UniformInterval,
} from "./theory_option.ts";
export type { Range } from "./tiles.ts";
