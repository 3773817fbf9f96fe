/**
 * Transposed convolutions.
 *
 * @module
 */

import { Conv } from "./conv.ts";
import {
  type ConvTransposeArguments,
  readConvTranspose,
} from "./conv_arguments.ts";

/**
 * A transposed convolution over one spatial axis, with the first weights that
 * PyTorch gives it.
 *
 * Draws: weight `[inChannels, outChannels / groups, length]`, then bias
 * `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with PyTorch's
 * `fanIn = outChannels / groups * length`, which is taken from axis 1 and swaps
 * in and out.
 *
 * @see `torch.nn.ConvTranspose1d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const conv = new nn.ConvTranspose1d(16, 33, 3, { stride: 2 });
 * assertEquals(conv.weight.size(), [16, 33, 3]);
 * assertEquals(
 *   conv.toString(),
 *   "ConvTranspose1d(16, 33, kernel_size=(3,), stride=(2,))",
 * );
 * ```
 */
export class ConvTranspose1d extends Conv {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inChannels, outChannels, kernelSize, stride, padding,
   * outputPadding, groups, bias, dilation, paddingMode`, and an object of
   * options.
   * @throws {RangeError} If a size is out of range, or the channels are no
   * multiples of the groups.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ConvTransposeArguments) {
    super(readConvTranspose("ConvTranspose1d", 1, given));
  }
}

/**
 * A transposed convolution over two spatial axes, with the first weights that
 * PyTorch gives it.
 *
 * Draws: weight `[inChannels, outChannels / groups, height, width]`, then bias
 * `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with PyTorch's
 * `fanIn = outChannels / groups * height * width`, which is taken from axis 1
 * and swaps in and out.
 *
 * @see `torch.nn.ConvTranspose2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const conv = new nn.ConvTranspose2d(8, 12, 3, 2, 0, 1, 4);
 * assertEquals(conv.weight.size(), [8, 3, 3, 3]);
 * assertEquals(
 *   conv.toString(),
 *   "ConvTranspose2d(8, 12, kernel_size=(3, 3), stride=(2, 2), output_padding=(1, 1), groups=4)",
 * );
 * ```
 */
export class ConvTranspose2d extends Conv {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inChannels, outChannels, kernelSize, stride, padding,
   * outputPadding, groups, bias, dilation, paddingMode`, and an object of
   * options.
   * @throws {RangeError} If a size is out of range, or the channels are no
   * multiples of the groups.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ConvTransposeArguments) {
    super(readConvTranspose("ConvTranspose2d", 2, given));
  }
}

/**
 * A transposed convolution over three spatial axes, with the first weights that
 * PyTorch gives it.
 *
 * Draws: weight `[inChannels, outChannels / groups, depth, height, width]`,
 * then bias `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with PyTorch's
 * `fanIn = outChannels / groups * depth * height * width`, which is taken from
 * axis 1 and swaps in and out.
 *
 * @see `torch.nn.ConvTranspose3d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const conv = new nn.ConvTranspose3d(4, 8, [3, 1, 1]);
 * assertEquals(conv.weight.size(), [4, 8, 3, 1, 1]);
 * assertEquals(
 *   conv.toString(),
 *   "ConvTranspose3d(4, 8, kernel_size=(3, 1, 1), stride=(1, 1, 1))",
 * );
 * ```
 */
export class ConvTranspose3d extends Conv {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inChannels, outChannels, kernelSize, stride, padding,
   * outputPadding, groups, bias, dilation, paddingMode`, and an object of
   * options.
   * @throws {RangeError} If a size is out of range, or the channels are no
   * multiples of the groups.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ConvTransposeArguments) {
    super(readConvTranspose("ConvTranspose3d", 3, given));
  }
}
