/**
 * Linear layers.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { affineParameters } from "./affine.ts";
import { count, flag } from "./argument_kinds.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { Module } from "./module.ts";
import { formatPython } from "./python.ts";

/** Arguments of {@linkcode Linear} by name. */
export interface LinearOptions extends LayerOptions {
  /** Size of each input, at least 0. */
  readonly inFeatures?: number;
  /** Size of each output, at least 0. */
  readonly outFeatures?: number;
  /** Whether there is a bias. Default: true. */
  readonly bias?: boolean;
}

/**
 * A linear layer, `y = x · weightᵀ + bias`, with the first weights that
 * PyTorch gives it.
 *
 * Draws: weight `[outFeatures, inFeatures]`, then bias `[outFeatures]`, both
 * from U(−1/√inFeatures, 1/√inFeatures).
 *
 * @see `torch.nn.Linear`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const linear = new nn.Linear(1, 10);
 * assertEquals(linear.weight.size(), [10, 1]);
 * assertEquals(
 *   linear.toString(),
 *   "Linear(in_features=1, out_features=10, bias=True)",
 * );
 * ```
 */
export class Linear extends Module {
  /** Size of each input. */
  declare readonly inFeatures: number;
  /** Size of each output. */
  declare readonly outFeatures: number;
  /** The weight, `[outFeatures, inFeatures]`. */
  declare weight: Tensor;
  /** The bias, `[outFeatures]`; null where there is none. */
  declare bias: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inFeatures, outFeatures, bias`, and an object of options.
   * @throws {RangeError} If a size is negative or fractional.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [inFeatures: number, outFeatures: number, bias: boolean],
      LinearOptions
    >
  ) {
    super();
    const { inFeatures, outFeatures, bias, ...options } = readArguments(
      "Linear",
      given,
      { inFeatures: count(0), outFeatures: count(0), bias: flag(true) },
    );
    Object.assign(this, { inFeatures, outFeatures });
    this.makeParameters(
      affineParameters([outFeatures, inFeatures], bias ? outFeatures : null),
      options,
    );
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return [
      `in_features=${this.inFeatures}`,
      `out_features=${this.outFeatures}`,
      `bias=${formatPython(this.bias !== null)}`,
    ].join(", ");
  }
}
