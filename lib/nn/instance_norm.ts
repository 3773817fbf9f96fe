/**
 * Instance normalization: a mean and a variance of each channel in each sample.
 *
 * @module
 */

import { ChannelNorm, type ChannelNormArguments } from "./channel_norm.ts";

/**
 * Instance normalization of inputs `[batch, channels, length]`. By default
 * there are no parameters and no buffers; where there are, they start as those
 * of batch normalization, and nothing is drawn.
 *
 * @see `torch.nn.InstanceNorm1d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.InstanceNorm1d(3);
 * assertEquals(norm.stateDict(), {});
 * ```
 */
export class InstanceNorm1d extends ChannelNorm {
  /**
   * Makes the layer.
   *
   * @param given `numFeatures, eps, momentum, affine, trackRunningStats`, and
   * an object of options, which alone can hold `bias`.
   * @throws {RangeError} If an argument is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ChannelNormArguments) {
    super("InstanceNorm1d", given, false);
  }
}

/**
 * Instance normalization of inputs `[batch, channels, height, width]`. By
 * default there are no parameters and no buffers; where there are, they start
 * as those of batch normalization, and nothing is drawn.
 *
 * @see `torch.nn.InstanceNorm2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.InstanceNorm2d(3, { affine: true });
 * assertEquals(norm.weight!.toArray(), [1, 1, 1]);
 * assertEquals(norm.running_mean, null);
 * ```
 */
export class InstanceNorm2d extends ChannelNorm {
  /**
   * Makes the layer.
   *
   * @param given `numFeatures, eps, momentum, affine, trackRunningStats`, and
   * an object of options, which alone can hold `bias`.
   * @throws {RangeError} If an argument is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ChannelNormArguments) {
    super("InstanceNorm2d", given, false);
  }
}

/**
 * Instance normalization of inputs `[batch, channels, depth, height, width]`.
 * By default there are no parameters and no buffers; where there are, they
 * start as those of batch normalization, and nothing is drawn.
 *
 * @see `torch.nn.InstanceNorm3d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.InstanceNorm3d(2, { trackRunningStats: true });
 * assertEquals(norm.weight, null);
 * assertEquals(norm.running_mean!.toArray(), [0, 0]);
 * ```
 */
export class InstanceNorm3d extends ChannelNorm {
  /**
   * Makes the layer.
   *
   * @param given `numFeatures, eps, momentum, affine, trackRunningStats`, and
   * an object of options, which alone can hold `bias`.
   * @throws {RangeError} If an argument is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ChannelNormArguments) {
    super("InstanceNorm3d", given, false);
  }
}
