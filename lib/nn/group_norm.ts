/**
 * Group normalization: a mean and a variance of each block of channels.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { count, flag, named, real } from "../core/options.ts";
import {
  actionOf,
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { Module } from "./module.ts";
import { normParameters } from "./norm.ts";
import { formatFloat, formatPython } from "./python.ts";

/** Arguments of {@linkcode GroupNorm} by name. */
export interface GroupNormOptions extends LayerOptions {
  /** Blocks of channels, at least 1. */
  readonly numGroups?: number;
  /** Channels of the input, a multiple of `numGroups`. */
  readonly numChannels?: number;
  /** Is added to the variance; at least 0. Default: 1e-5. */
  readonly eps?: number;
  /** Whether there are a weight and a bias. Default: true. */
  readonly affine?: boolean;
  /** Whether there is a bias beside the weight. Default: true. */
  readonly bias?: boolean;
}

/**
 * Group normalization. Nothing is drawn: weight 1, bias 0.
 *
 * @see `torch.nn.GroupNorm`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.GroupNorm(3, 6, { bias: false });
 * assertEquals(norm.weight!.toArray(), [1, 1, 1, 1, 1, 1]);
 * assertEquals(
 *   String(norm),
 *   "GroupNorm(3, 6, eps=1e-05, affine=True, bias=False)",
 * );
 * ```
 */
export class GroupNorm extends Module {
  /** Blocks of channels. */
  declare readonly numGroups: number;
  /** Channels of the input. */
  declare readonly numChannels: number;
  /** Is added to the variance. */
  declare readonly eps: number;
  /** Whether the layer was made with a weight. */
  declare readonly affine: boolean;
  /** The scale, `[numChannels]`; null where there is none. */
  declare weight: Tensor | null;
  /** The shift, `[numChannels]`; null where there is none. */
  declare bias: Tensor | null;

  /**
   * Makes the layer.
   *
   * @param given `numGroups, numChannels, eps, affine`, and an object of
   * options, which alone can hold `bias`.
   * @throws {RangeError} If an argument is out of range, or the channels are no
   * multiple of the groups.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [numGroups: number, numChannels: number, eps: number, affine: boolean],
      GroupNormOptions
    >
  ) {
    super();
    const { bias, dtype, generator, ...args } = readArguments(
      "GroupNorm",
      given,
      {
        numGroups: count(1),
        numChannels: count(0),
        eps: real(1e-5, { low: 0 }),
        affine: flag(true),
        bias: named(flag(true)),
      },
    );
    const { numGroups, numChannels, affine } = args;
    if (numChannels % numGroups !== 0) {
      throw new RangeError(
        `Cannot ${
          actionOf("GroupNorm")
        } as numChannels must be a multiple of numGroups ${numGroups}: current value is ${numChannels}`,
      );
    }
    Object.assign(this, args);
    this.makeParameters(
      normParameters([numChannels], affine, bias),
      { dtype, generator },
    );
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return [
      `${this.numGroups}, ${this.numChannels}`,
      `eps=${formatFloat(this.eps)}`,
      `affine=${formatPython(this.affine)}`,
      `bias=${formatPython(this.bias !== null)}`,
    ].join(", ");
  }
}
