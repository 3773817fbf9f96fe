/**
 * Convolutions.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { affineParameters } from "./affine.ts";
import type { LayerOptions } from "./arguments.ts";
import {
  type ConvArguments,
  type PaddingMode,
  readConv,
} from "./conv_arguments.ts";
import { Module } from "./module.ts";
import { formatPython } from "./python.ts";

/** What convolutions of all ranks share, plain and transposed. */
export abstract class Conv extends Module {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Channels of the output. */
  readonly outChannels: number;
  /** Size of the kernel along each axis. */
  readonly kernelSize: readonly number[];
  /** Step of the kernel along each axis. */
  readonly stride: readonly number[];
  /** Padding on both sides of each axis, or a rule. */
  readonly padding: readonly number[] | "same" | "valid";
  /** Distance between the kernel's places along each axis. */
  readonly dilation: readonly number[];
  /** Whether it is the transpose of a convolution. */
  readonly transposed: boolean;
  /** Size added to one side of the output along each axis. */
  readonly outputPadding: readonly number[];
  /** Blocks of channels that are connected among themselves. */
  readonly groups: number;
  /** With what is padded. */
  readonly paddingMode: PaddingMode;
  /**
   * The weight: `[outChannels, inChannels / groups, ...kernelSize]`, transposed
   * `[inChannels, outChannels / groups, ...kernelSize]`.
   */
  weight: Tensor;
  /** The bias, `[outChannels]`; null where there is none. */
  bias: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param parts Its arguments, checked.
   */
  constructor(
    { bias, dtype, generator, ...parts }:
      & Omit<Conv, keyof Module | "weight" | "bias">
      & { readonly bias: boolean }
      & LayerOptions,
  ) {
    super();
    const { inChannels, outChannels, kernelSize, groups, transposed } = parts;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize;
    this.stride = parts.stride;
    this.padding = parts.padding;
    this.dilation = parts.dilation;
    this.transposed = transposed;
    this.outputPadding = parts.outputPadding;
    this.groups = groups;
    this.paddingMode = parts.paddingMode;
    const [rows, columns] = transposed
      ? [inChannels, outChannels]
      : [outChannels, inChannels];
    [this.weight, this.bias] = this.own(
      affineParameters(
        [rows, columns / groups, ...kernelSize],
        bias ? outChannels : null,
      ),
      { dtype, generator },
    ) as [Tensor, Tensor | null];
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const { padding, dilation, outputPadding, groups } = this;
    const padded = typeof padding === "string" || padding.some(Boolean);
    return [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${formatPython(this.kernelSize)}`,
      `stride=${formatPython(this.stride)}`,
      padded && `padding=${formatPython(padding)}`,
      dilation.some((step) => step !== 1) &&
      `dilation=${formatPython(dilation)}`,
      outputPadding.some(Boolean) &&
      `output_padding=${formatPython(outputPadding)}`,
      groups !== 1 && `groups=${groups}`,
      this.bias === null && "bias=False",
      this.paddingMode !== "zeros" && `padding_mode=${this.paddingMode}`,
    ].filter(Boolean).join(", ");
  }
}

/**
 * A convolution over one spatial axis, with the first weights that PyTorch
 * gives it.
 *
 * Draws: weight `[outChannels, inChannels / groups, length]`, then bias
 * `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with
 * `fanIn = inChannels / groups * length`. Stride, padding and dilation do not
 * enter.
 *
 * @see `torch.nn.Conv1d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const conv = new nn.Conv1d(16, 33, 3, { stride: 2 });
 * assertEquals(conv.weight.size(), [33, 16, 3]);
 * assertEquals(
 *   conv.toString(),
 *   "Conv1d(16, 33, kernel_size=(3,), stride=(2,))",
 * );
 * ```
 */
export class Conv1d extends Conv {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inChannels, outChannels, kernelSize, stride, padding,
   * dilation, groups, bias, paddingMode`, and an object of options.
   * @throws {RangeError} If a size is out of range, or the channels are no
   * multiples of the groups.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ConvArguments) {
    super(readConv("Conv1d", 1, given));
  }
}

/**
 * A convolution over two spatial axes, with the first weights that PyTorch
 * gives it.
 *
 * Draws: weight `[outChannels, inChannels / groups, height, width]`, then bias
 * `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with
 * `fanIn = inChannels / groups * height * width`. Stride, padding and dilation
 * do not enter.
 *
 * @see `torch.nn.Conv2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const conv = new nn.Conv2d(16, 33, 3, { stride: 2 });
 * assertEquals(conv.weight.size(), [33, 16, 3, 3]);
 * assertEquals(
 *   conv.toString(),
 *   "Conv2d(16, 33, kernel_size=(3, 3), stride=(2, 2))",
 * );
 * ```
 */
export class Conv2d extends Conv {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inChannels, outChannels, kernelSize, stride, padding,
   * dilation, groups, bias, paddingMode`, and an object of options.
   * @throws {RangeError} If a size is out of range, or the channels are no
   * multiples of the groups.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ConvArguments) {
    super(readConv("Conv2d", 2, given));
  }
}

/**
 * A convolution over three spatial axes, with the first weights that PyTorch
 * gives it.
 *
 * Draws: weight `[outChannels, inChannels / groups, depth, height, width]`,
 * then bias `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with
 * `fanIn = inChannels / groups * depth * height * width`. Stride, padding and
 * dilation do not enter.
 *
 * @see `torch.nn.Conv3d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const conv = new nn.Conv3d(4, 8, [3, 1, 1]);
 * assertEquals(conv.weight.size(), [8, 4, 3, 1, 1]);
 * assertEquals(
 *   conv.toString(),
 *   "Conv3d(4, 8, kernel_size=(3, 1, 1), stride=(1, 1, 1))",
 * );
 * ```
 */
export class Conv3d extends Conv {
  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inChannels, outChannels, kernelSize, stride, padding,
   * dilation, groups, bias, paddingMode`, and an object of options.
   * @throws {RangeError} If a size is out of range, or the channels are no
   * multiples of the groups.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: ConvArguments) {
    super(readConv("Conv3d", 3, given));
  }
}
