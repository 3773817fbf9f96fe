/**
 * Layers without parameters: places in a model, with PyTorch's names and texts.
 *
 * @module
 */

import type { Option } from "../core/options.ts";
import { readArguments } from "./arguments.ts";
import { Module } from "./module.ts";

/**
 * The base of layers that have no parameters. This library does not compute
 * with layers: these keep the names of a model's other layers and its text as
 * they are in PyTorch. They take `dtype` and `generator`, as every layer, and
 * use neither.
 */
export abstract class Plain extends Module {
  /**
   * Makes the layer; its arguments become fields.
   *
   * @param given The constructor's arguments.
   * @param signature How each argument is read, in PyTorch's order.
   * @throws {RangeError} If an argument is out of range.
   * @throws {TypeError} If one is of the wrong kind, or unknown.
   */
  constructor(
    given: readonly unknown[],
    signature: Readonly<Record<string, Option<unknown>>>,
  ) {
    super();
    const { dtype: _, generator: __, ...args } = readArguments(
      new.target.name,
      given,
      signature,
    );
    Object.assign(this, args);
  }
}

/**
 * What its input is. It takes any arguments and leaves them, as in PyTorch.
 *
 * @see `torch.nn.Identity`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.Identity()), "Identity()");
 * ```
 */
export class Identity extends Plain {
  /**
   * Makes the layer.
   *
   * @param _given Anything.
   */
  constructor(..._given: unknown[]) {
    super([], {});
  }
}
