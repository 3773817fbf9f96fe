/**
 * The activation whose negative slope is learned.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { constant } from "../init/mod.ts";
import { count, real } from "../core/options.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { Module } from "./module.ts";

/** Arguments of {@linkcode PReLU} by name. */
export interface PReLUOptions extends LayerOptions {
  /** The number of slopes: 1, or one for each channel. Default: 1. */
  readonly numParameters?: number;
  /** The first value of each slope. Default: 0.25. */
  readonly init?: number;
}

/**
 * The activation `max(0, x) + weight · min(0, x)`. Nothing is drawn: each
 * weight is `init`.
 *
 * @see `torch.nn.PReLU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const prelu = new nn.PReLU(3);
 * assertEquals(prelu.weight.toArray(), [0.25, 0.25, 0.25]);
 * assertEquals(String(prelu), "PReLU(num_parameters=3)");
 * ```
 */
export class PReLU extends Module {
  /** The number of slopes. */
  declare readonly numParameters: number;
  /** The first value of each slope. */
  declare readonly init: number;
  /** The slopes, `[numParameters]`. */
  declare weight: Tensor;

  /**
   * Makes the layer.
   *
   * @param given `numParameters, init`, and an object of options.
   * @throws {RangeError} If the number is negative or fractional, or the slope
   * not finite.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [numParameters: number, init: number],
      PReLUOptions
    >
  ) {
    super();
    const { numParameters, init, ...options } = readArguments("PReLU", given, {
      numParameters: count(0, 1),
      init: real(0.25),
    });
    Object.assign(this, { numParameters, init });
    this.makeParameters([{
      name: "weight",
      shape: [numParameters],
      fill: (weight) => constant(weight, { value: init }),
    }], options);
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}
