/**
 * Going over the modules of a model.
 *
 * @module
 */

import type { Module } from "./module.ts";

/**
 * Calls a function with every module of a model, children before the module
 * that holds them. `module.apply(visit)` does the same.
 *
 * @param module The model, which comes last.
 * @param visit What is called.
 * @returns The model.
 * @see `torch.nn.Module.apply`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { init, nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Linear(8, 2));
 * nn.apply(model, (module) => {
 *   if (module instanceof nn.Linear) init.ones(module.weight);
 * });
 * assertEquals(model.stateDict()["1.weight"].at(0, 0).item(), 1);
 * ```
 */
export function apply<M extends Module>(
  module: M,
  visit: (module: Module) => void,
): M {
  return module.apply(visit);
}
