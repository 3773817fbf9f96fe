/**
 * Bilinear layers.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { biasBound } from "../init/scaling.ts";
import { count, flag } from "../core/options.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { uniformWithin } from "./fills.ts";
import { Module } from "./module.ts";
import { formatPython } from "./python.ts";

/** Arguments of {@linkcode Bilinear} by name. */
export interface BilinearOptions extends LayerOptions {
  /** Size of each first input, at least 1. */
  readonly in1Features?: number;
  /** Size of each second input, at least 0. */
  readonly in2Features?: number;
  /** Size of each output, at least 0. */
  readonly outFeatures?: number;
  /** Whether there is a bias. Default: true. */
  readonly bias?: boolean;
}

/**
 * A bilinear layer, `y = x1ᵀ · weight · x2 + bias`, with the first weights that
 * PyTorch gives it.
 *
 * Draws: weight `[outFeatures, in1Features, in2Features]`, then bias
 * `[outFeatures]`, both from U(−1/√in1Features, 1/√in1Features). The second
 * input does not enter, though each output sums over both.
 *
 * @see `torch.nn.Bilinear`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const bilinear = new nn.Bilinear(20, 30, 40);
 * assertEquals(bilinear.weight.size(), [40, 20, 30]);
 * ```
 */
export class Bilinear extends Module {
  /** Size of each first input. */
  declare readonly in1Features: number;
  /** Size of each second input. */
  declare readonly in2Features: number;
  /** Size of each output. */
  declare readonly outFeatures: number;
  /** The weight, `[outFeatures, in1Features, in2Features]`. */
  declare weight: Tensor;
  /** The bias, `[outFeatures]`; null where there is none. */
  declare bias: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `in1Features, in2Features, outFeatures, bias`, and an object
   * of options.
   * @throws {RangeError} If a size is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        in1Features: number,
        in2Features: number,
        outFeatures: number,
        bias: boolean,
      ],
      BilinearOptions
    >
  ) {
    super();
    const { bias, dtype, generator, ...sizes } = readArguments(
      "Bilinear",
      given,
      {
        in1Features: count(1),
        in2Features: count(0),
        outFeatures: count(0),
        bias: flag(true),
      },
    );
    const { in1Features, in2Features, outFeatures } = sizes;
    Object.assign(this, sizes);
    const fill = uniformWithin(biasBound(in1Features));
    this.makeParameters([
      { name: "weight", shape: [outFeatures, in1Features, in2Features], fill },
      { name: "bias", shape: bias ? [outFeatures] : null, fill },
    ], { dtype, generator });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return [
      `in1_features=${this.in1Features}`,
      `in2_features=${this.in2Features}`,
      `out_features=${this.outFeatures}`,
      `bias=${formatPython(this.bias !== null)}`,
    ].join(", ");
  }
}
