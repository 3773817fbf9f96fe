/**
 * Root mean square normalization, over the last axes.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { allOnes } from "./fills.ts";
import { flag, orNull, real, sizes } from "../core/options.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { Module } from "./module.ts";
import { formatFloat, formatPython } from "./python.ts";

/** Arguments of {@linkcode RMSNorm} by name. */
export interface RMSNormOptions extends LayerOptions {
  /** Sizes of the last axes, each at least 0; a number for one axis. */
  readonly normalizedShape?: number | readonly number[];
  /**
   * Is added to the mean square; at least 0. Default: null, the distance from 1
   * to the next number in the dtype that is computed in.
   */
  readonly eps?: number | null;
  /** Whether there is a weight. Default: true. */
  readonly elementwiseAffine?: boolean;
}

/**
 * Root mean square normalization. Nothing is drawn: weight 1. It has no bias.
 *
 * @see `torch.nn.RMSNorm`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.RMSNorm(4);
 * assertEquals(norm.weight!.toArray(), [1, 1, 1, 1]);
 * assertEquals(
 *   String(norm),
 *   "RMSNorm((4,), eps=None, elementwise_affine=True)",
 * );
 * ```
 */
export class RMSNorm extends Module {
  /** Sizes of the last axes. */
  declare readonly normalizedShape: readonly number[];
  /** Is added to the mean square; null for the dtype's own. */
  declare readonly eps: number | null;
  /** Whether the layer was made with a weight. */
  declare readonly elementwiseAffine: boolean;
  /** The scale, of shape `normalizedShape`; null where there is none. */
  declare weight: Tensor | null;

  /**
   * Makes the layer.
   *
   * @param given `normalizedShape, eps, elementwiseAffine`, and an object of
   * options.
   * @throws {RangeError} If an argument is out of range, or the shape has no
   * axis.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        normalizedShape: number | readonly number[],
        eps: number | null,
        elementwiseAffine: boolean,
      ],
      RMSNormOptions
    >
  ) {
    super();
    const { dtype, generator, ...args } = readArguments("RMSNorm", given, {
      normalizedShape: sizes(0),
      eps: orNull(real(undefined, { low: 0 })),
      elementwiseAffine: flag(true),
    });
    const shape = args.elementwiseAffine ? args.normalizedShape : null;
    Object.assign(this, args);
    this.makeParameters(
      [{ name: "weight", shape, fill: allOnes }],
      { dtype, generator },
    );
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return [
      formatPython(this.normalizedShape),
      `eps=${formatFloat(this.eps)}`,
      `elementwise_affine=${formatPython(this.elementwiseAffine)}`,
    ].join(", ");
  }
}
