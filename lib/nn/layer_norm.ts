/**
 * Layer normalization: a mean and a variance over the last axes.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { flag, real, sizes } from "../core/options.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { Module } from "./module.ts";
import { normParameters } from "./norm.ts";
import { formatFloat, formatPython } from "./python.ts";

/** Arguments of {@linkcode LayerNorm} by name. */
export interface LayerNormOptions extends LayerOptions {
  /** Sizes of the last axes, each at least 0; a number for one axis. */
  readonly normalizedShape?: number | readonly number[];
  /** Is added to the variance; at least 0. Default: 1e-5. */
  readonly eps?: number;
  /** Whether there are a weight and a bias. Default: true. */
  readonly elementwiseAffine?: boolean;
  /** Whether there is a bias beside the weight. Default: true. */
  readonly bias?: boolean;
}

/**
 * Layer normalization. Nothing is drawn: weight 1, bias 0.
 *
 * @see `torch.nn.LayerNorm`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.LayerNorm([2, 3]);
 * assertEquals(norm.weight!.toArray(), [[1, 1, 1], [1, 1, 1]]);
 * assertEquals(norm.bias!.size(), [2, 3]);
 * ```
 */
export class LayerNorm extends Module {
  /** Sizes of the last axes. */
  declare readonly normalizedShape: readonly number[];
  /** Is added to the variance. */
  declare readonly eps: number;
  /** Whether the layer was made with a weight. */
  declare readonly elementwiseAffine: boolean;
  /** The scale, of shape `normalizedShape`; null where there is none. */
  declare weight: Tensor | null;
  /** The shift, of shape `normalizedShape`; null where there is none. */
  declare bias: Tensor | null;

  /**
   * Makes the layer.
   *
   * @param given `normalizedShape, eps, elementwiseAffine, bias`, and an object
   * of options.
   * @throws {RangeError} If an argument is out of range, or the shape has no
   * axis.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        normalizedShape: number | readonly number[],
        eps: number,
        elementwiseAffine: boolean,
        bias: boolean,
      ],
      LayerNormOptions
    >
  ) {
    super();
    const { bias, dtype, generator, ...args } = readArguments(
      "LayerNorm",
      given,
      {
        normalizedShape: sizes(0),
        eps: real(1e-5, { low: 0 }),
        elementwiseAffine: flag(true),
        bias: flag(true),
      },
    );
    Object.assign(this, args);
    this.makeParameters(
      normParameters(args.normalizedShape, args.elementwiseAffine, bias),
      { dtype, generator },
    );
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return [
      formatPython(this.normalizedShape),
      `eps=${formatFloat(this.eps)}`,
      `elementwise_affine=${formatPython(this.elementwiseAffine)}`,
      `bias=${formatPython(this.bias !== null)}`,
    ].join(", ");
  }
}
