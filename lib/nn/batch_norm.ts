/**
 * Batch normalization: a mean and a variance of each channel in a batch.
 *
 * @module
 */

import { ChannelNorm, type ChannelNormArguments } from "./channel_norm.ts";

/**
 * Batch normalization of inputs `[batch, channels]` or `[batch, channels,
 * length]`. Nothing is drawn: weight 1, bias 0, running mean 0, running
 * variance 1.
 *
 * @see `torch.nn.BatchNorm1d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const { running_var, num_batches_tracked } = new nn.BatchNorm1d(2);
 * assertEquals(running_var!.toArray(), [1, 1]);
 * assertEquals(num_batches_tracked!.dtype, "int64");
 * ```
 */
export class BatchNorm1d extends ChannelNorm {
  /**
   * Makes the layer.
   *
   * @param given `numFeatures, eps, momentum, affine, trackRunningStats`, and
   * an object of options, which alone can hold `bias`.
   * @throws {RangeError} If an argument is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ChannelNormArguments) {
    super("BatchNorm1d", given, true);
  }
}

/**
 * Batch normalization of inputs `[batch, channels, height, width]`. Nothing is
 * drawn: weight 1, bias 0, running mean 0, running variance 1.
 *
 * @see `torch.nn.BatchNorm2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.BatchNorm2d(64);
 * assertEquals(Object.keys(norm.stateDict()), [
 *   "weight",
 *   "bias",
 *   "running_mean",
 *   "running_var",
 *   "num_batches_tracked",
 * ]);
 * ```
 */
export class BatchNorm2d extends ChannelNorm {
  /**
   * Makes the layer.
   *
   * @param given `numFeatures, eps, momentum, affine, trackRunningStats`, and
   * an object of options, which alone can hold `bias`.
   * @throws {RangeError} If an argument is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ChannelNormArguments) {
    super("BatchNorm2d", given, true);
  }
}

/**
 * Batch normalization of inputs `[batch, channels, depth, height, width]`.
 * Nothing is drawn: weight 1, bias 0, running mean 0, running variance 1.
 *
 * @see `torch.nn.BatchNorm3d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.BatchNorm3d(8, { trackRunningStats: false });
 * assertEquals(norm.running_mean, null);
 * assertEquals(norm.bias!.numel(), 8);
 * ```
 */
export class BatchNorm3d extends ChannelNorm {
  /**
   * Makes the layer.
   *
   * @param given `numFeatures, eps, momentum, affine, trackRunningStats`, and
   * an object of options, which alone can hold `bias`.
   * @throws {RangeError} If an argument is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ChannelNormArguments) {
    super("BatchNorm3d", given, true);
  }
}
