/**
 * Convolutions, plain and transposed.
 *
 * @module
 */

import {
  cannot,
  count,
  describe,
  flag,
  oneOf,
  type Option,
  perAxis,
} from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import {
  actionOf,
  affine,
  checkMultiple,
  type Given,
  type LayerOptions,
  read,
} from "./layer.ts";
import { Module, own } from "./module.ts";
import { formatArguments } from "./python.ts";

/** Arguments of convolutions by name. */
export interface ConvOptions {
  /** Channels of the input; a multiple of `groups`. */
  readonly inChannels: number;
  /** Channels of the output; a multiple of `groups`. */
  readonly outChannels: number;
  /** Size of the kernel, at least 1 along each axis. */
  readonly kernelSize: number | readonly number[];
  /** Step of the kernel, at least 1. Default: 1. */
  readonly stride?: number | readonly number[];
  /** Padding on both sides, at least 0, or a rule. Default: 0. */
  readonly padding?: number | readonly number[] | "same" | "valid";
  /** Distance between the kernel's elements, at least 1. Default: 1. */
  readonly dilation?: number | readonly number[];
  /** Blocks of channels that are connected among themselves. Default: 1. */
  readonly groups?: number;
  /** Whether there is a bias. Default: true. */
  readonly bias?: boolean;
  /** What fills the padding. Default: zeros. */
  readonly paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
}

/** Arguments of transposed convolutions by name. */
export interface ConvTransposeOptions
  extends Omit<ConvOptions, "padding" | "paddingMode"> {
  /** Padding that is taken off both sides, at least 0. Default: 0. */
  readonly padding?: number | readonly number[];
  /**
   * Size added to one side of the output: at least 0, and less than the stride
   * or the dilation along each axis. Default: 0.
   */
  readonly outputPadding?: number | readonly number[];
  /** What fills the padding: only zeros. Default: zeros. */
  readonly paddingMode?: "zeros";
}

/** The argument lists of convolutions. */
export type ConvArguments = Given<
  [
    inChannels: "inChannels",
    outChannels: "outChannels",
    kernelSize: "kernelSize",
    stride: "stride",
    padding: "padding",
    dilation: "dilation",
    groups: "groups",
    bias: "bias",
    paddingMode: "paddingMode",
  ],
  ConvOptions
>;

/** The argument lists of transposed convolutions. */
export type ConvTransposeArguments = Given<
  [
    inChannels: "inChannels",
    outChannels: "outChannels",
    kernelSize: "kernelSize",
    stride: "stride",
    padding: "padding",
    outputPadding: "outputPadding",
    groups: "groups",
    bias: "bias",
    dilation: "dilation",
    paddingMode: "paddingMode",
  ],
  ConvTransposeOptions
>;

const paddingModes = ["zeros", "reflect", "replicate", "circular"] as const;

/**
 * The base of all convolutions, plain and transposed.
 *
 * @internal
 */
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
  /** Distance between the kernel's elements along each axis. */
  readonly dilation: readonly number[];
  /** Whether it is a transposed convolution. */
  readonly transposed: boolean;
  /** Size added to one side of the output along each axis. */
  readonly outputPadding: readonly number[];
  /** Blocks of channels that are connected among themselves. */
  readonly groups: number;
  /** What the padding is filled with. */
  readonly paddingMode: "zeros" | "reflect" | "replicate" | "circular";
  /**
   * The weight: `[outChannels, inChannels / groups, ...kernelSize]`, transposed
   * `[inChannels, outChannels / groups, ...kernelSize]`.
   */
  weight: Tensor;
  /** The bias, `[outChannels]`; null if there is none. */
  bias: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param args Its arguments, checked.
   */
  constructor(
    args:
      & Omit<Conv, keyof Module | "weight" | "bias">
      & { readonly bias: boolean }
      & LayerOptions,
  ) {
    super();
    const { inChannels, outChannels, kernelSize, groups, transposed } = args;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize;
    this.stride = args.stride;
    this.padding = args.padding;
    this.dilation = args.dilation;
    this.transposed = transposed;
    this.outputPadding = args.outputPadding;
    this.groups = groups;
    this.paddingMode = args.paddingMode;
    const [rows, columns] = transposed
      ? [inChannels, outChannels]
      : [outChannels, inChannels];
    [this.weight, this.bias] = own(
      this,
      affine(
        [rows, columns / groups, ...kernelSize],
        args.bias ? outChannels : null,
      ),
      args,
    );
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    const { padding, dilation, outputPadding, groups, paddingMode } = this;
    const isPadded = typeof padding === "string" || padding.some(Boolean);
    return formatArguments([this.inChannels, this.outChannels], {
      kernel_size: this.kernelSize,
      stride: this.stride,
      padding: isPadded ? padding : undefined,
      dilation: dilation.some((step) => step !== 1) ? dilation : undefined,
      output_padding: outputPadding.some(Boolean) ? outputPadding : undefined,
      groups: groups === 1 ? undefined : groups,
      bias: this.bias === null ? false : undefined,
      padding_mode: paddingMode === "zeros" ? undefined : paddingMode,
    });
  }
}

/**
 * A convolution over one spatial axis, with PyTorch's default weights.
 *
 * Draws: weight `[outChannels, inChannels / groups, length]`, then bias
 * `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with
 * `fanIn = inChannels / groups * length`. Stride, padding and dilation do not
 * matter.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Conv1d";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: ConvArguments) {
    super(readConv(Conv1d, 1, given));
  }
}

/**
 * A convolution over two spatial axes, with PyTorch's default weights.
 *
 * Draws: weight `[outChannels, inChannels / groups, height, width]`, then bias
 * `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with
 * `fanIn = inChannels / groups * height * width`. Stride, padding and dilation
 * do not matter.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Conv2d";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: ConvArguments) {
    super(readConv(Conv2d, 2, given));
  }
}

/**
 * A convolution over three spatial axes, with PyTorch's default weights.
 *
 * Draws: weight `[outChannels, inChannels / groups, depth, height, width]`,
 * then bias `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with
 * `fanIn = inChannels / groups * depth * height * width`. Stride, padding and
 * dilation do not matter.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Conv3d";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: ConvArguments) {
    super(readConv(Conv3d, 3, given));
  }
}

/**
 * A transposed convolution over one spatial axis, with PyTorch's default
 * weights.
 *
 * Draws: weight `[inChannels, outChannels / groups, length]`, then bias
 * `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with PyTorch's
 * `fanIn = outChannels / groups * length`: it takes axis 1 for the inputs, which
 * here are at axis 0.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "ConvTranspose1d";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: ConvTransposeArguments) {
    super(readConvTranspose(ConvTranspose1d, 1, given));
  }
}

/**
 * A transposed convolution over two spatial axes, with PyTorch's default
 * weights.
 *
 * Draws: weight `[inChannels, outChannels / groups, height, width]`, then bias
 * `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with PyTorch's
 * `fanIn = outChannels / groups * height * width`: it takes axis 1 for the
 * inputs, which here are at axis 0.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "ConvTranspose2d";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: ConvTransposeArguments) {
    super(readConvTranspose(ConvTranspose2d, 2, given));
  }
}

/**
 * A transposed convolution over three spatial axes, with PyTorch's default
 * weights.
 *
 * Draws: weight `[inChannels, outChannels / groups, depth, height, width]`,
 * then bias `[outChannels]`, both from U(−1/√fanIn, 1/√fanIn) with PyTorch's
 * `fanIn = outChannels / groups * depth * height * width`: it takes axis 1
 * for the inputs, which here are at axis 0.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "ConvTranspose3d";

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: ConvTransposeArguments) {
    super(readConvTranspose(ConvTranspose3d, 3, given));
  }
}

/**
 * Checks that channels divide into groups.
 *
 * @param action What is being done, for the error message.
 * @param channels Both numbers of channels, and the groups.
 * @throws {RangeError} If a number of channels is not a multiple of the groups.
 */
export function checkGroups(
  action: string,
  { inChannels, outChannels, groups }: Readonly<
    Record<"inChannels" | "outChannels" | "groups", number>
  >,
): void {
  checkMultiple(action, { inChannels, groups });
  checkMultiple(action, { outChannels, groups });
}

function readConv(
  layer: { readonly title: string },
  axes: number,
  given: readonly unknown[],
) {
  const args = read(layer, {
    inChannels: count(0),
    outChannels: count(0),
    kernelSize: perAxis(axes, 1),
    stride: perAxis(axes, 1, 1),
    padding: padding(axes),
    dilation: perAxis(axes, 1, 1),
    groups: count(1, 1),
    bias: flag(true),
    paddingMode: oneOf(paddingModes, "zeros"),
  }, given);
  const action = actionOf(layer);
  checkGroups(action, args);
  if (args.padding === "same" && args.stride.some((step) => step !== 1)) {
    throw new RangeError(
      cannot(
        action,
        'stride must be 1 where padding is "same"',
        describe(args.stride),
      ),
    );
  }
  const outputPadding: readonly number[] = new Array(axes).fill(0);
  return { ...args, transposed: false, outputPadding };
}

function readConvTranspose(
  layer: { readonly title: string },
  axes: number,
  given: readonly unknown[],
) {
  const args = read(layer, {
    inChannels: count(0),
    outChannels: count(0),
    kernelSize: perAxis(axes, 1),
    stride: perAxis(axes, 1, 1),
    padding: perAxis(axes, 0, 0),
    outputPadding: perAxis(axes, 0, 0),
    groups: count(1, 1),
    bias: flag(true),
    dilation: perAxis(axes, 1, 1),
    paddingMode: oneOf<"zeros">(["zeros"], "zeros"),
  }, given);
  const action = actionOf(layer);
  checkGroups(action, args);
  const { outputPadding, stride, dilation } = args;
  if (outputPadding.some((n, i) => n >= Math.max(stride[i], dilation[i]))) {
    throw new RangeError(
      cannot(
        action,
        "outputPadding must be less than stride or dilation along each axis",
        describe(outputPadding),
      ),
    );
  }
  return { ...args, transposed: true };
}

function padding(axes: number): Option<readonly number[] | "same" | "valid"> {
  const counts = perAxis(axes, 0, 0);
  return {
    fallback: counts.fallback,
    read: (action, name, value) =>
      value === "same" || value === "valid"
        ? value
        : counts.read(action, name, value),
  };
}
