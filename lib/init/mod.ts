/**
 * Initializers as `init.*`: in-place fills that return the tensor, named and
 * computed as in `torch.nn.init`.
 *
 * @module
 */

export type {
  AnyInitializer,
  Initializer,
  Initializers,
  OptionsArgument,
  RandomOptions,
} from "./initializer.ts";
export * from "./initializers.ts";
