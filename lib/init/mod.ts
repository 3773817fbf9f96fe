/**
 * Initializers as `init.*`: in-place fills that return the tensor, named and
 * computed as in `torch.nn.init`; and what their types are made of.
 *
 * @module
 */

export type { Option, OptionTable } from "../core/options.ts";
export type { Distribution, Target } from "../random/distribution.ts";
export type { AnyGenerator } from "../random/generator.ts";
export type {
  AnyInitializer,
  Initializer,
  Initializers,
  OptionsArgument,
  RandomOptions,
} from "./initializer.ts";
export * from "./initializers.ts";
export type { FanLayout, Nonlinearity } from "./scaling.ts";
