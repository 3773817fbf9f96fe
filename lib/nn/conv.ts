/**
 * Convolutions.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { affineParameters } from "./affine.ts";
import { count, flag, oneOf, perAxis } from "./argument_kinds.ts";
import {
  actionOf,
  type Argument,
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { Module } from "./module.ts";
import { formatPython } from "./python.ts";

/** A size for each spatial axis, or one for all. */
export type PerAxis = number | readonly number[];

/** How a convolution pads: a count for each axis, or a rule. */
export type Padding = PerAxis | "same" | "valid";

/** With what a convolution pads. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/** Arguments of convolutions by name. */
export interface ConvOptions extends LayerOptions {
  /** Channels of the input; a multiple of `groups`. */
  readonly inChannels?: number;
  /** Channels of the output; a multiple of `groups`. */
  readonly outChannels?: number;
  /** Size of the kernel, at least 1 along each axis. */
  readonly kernelSize?: PerAxis;
  /** Step of the kernel, at least 1. Default: 1. */
  readonly stride?: PerAxis;
  /** Padding on both sides, at least 0, or a rule. Default: 0. */
  readonly padding?: Padding;
  /** Distance between the kernel's places, at least 1. Default: 1. */
  readonly dilation?: PerAxis;
  /** Blocks of channels that are connected among themselves. Default: 1. */
  readonly groups?: number;
  /** Whether there is a bias. Default: true. */
  readonly bias?: boolean;
  /** With what is padded. Default: zeros. */
  readonly paddingMode?: PaddingMode;
}

/** The argument lists of convolutions. */
export type ConvArguments = LayerArguments<
  [
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis,
    stride: PerAxis,
    padding: Padding,
    dilation: PerAxis,
    groups: number,
    bias: boolean,
    paddingMode: PaddingMode,
  ],
  ConvOptions
>;

const paddingModes = ["zeros", "reflect", "replicate", "circular"] as const;

/** What convolutions of all ranks share. */
export abstract class Conv extends Module {
  /** Channels of the input. */
  declare readonly inChannels: number;
  /** Channels of the output. */
  declare readonly outChannels: number;
  /** Size of the kernel along each axis. */
  declare readonly kernelSize: readonly number[];
  /** Step of the kernel along each axis. */
  declare readonly stride: readonly number[];
  /** Padding on both sides of each axis, or a rule. */
  declare readonly padding: readonly number[] | "same" | "valid";
  /** Distance between the kernel's places along each axis. */
  declare readonly dilation: readonly number[];
  /** Blocks of channels that are connected among themselves. */
  declare readonly groups: number;
  /** With what is padded. */
  declare readonly paddingMode: PaddingMode;
  /** The weight, `[outChannels, inChannels / groups, ...kernelSize]`. */
  declare weight: Tensor;
  /** The bias, `[outChannels]`; null where there is none. */
  declare bias: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param name The layer's name.
   * @param axes The number of spatial axes.
   * @param given The constructor's arguments.
   */
  constructor(name: string, axes: number, given: readonly unknown[]) {
    super();
    const { bias, dtype, generator, ...args } = readArguments(name, given, {
      inChannels: count(0),
      outChannels: count(0),
      kernelSize: perAxis(axes, 1),
      stride: perAxis(axes, 1, 1),
      padding: padding(axes),
      dilation: perAxis(axes, 1, 1),
      groups: count(1, 1),
      bias: flag(true),
      paddingMode: oneOf(paddingModes, "zeros"),
    });
    const { inChannels, outChannels, kernelSize, groups } = args;
    checkGroups(name, args);
    if (args.padding === "same" && args.stride.some((step) => step !== 1)) {
      throw new RangeError(
        `Cannot ${
          actionOf(name)
        } as stride must be 1 where padding is "same": current value is ${
          describe(args.stride)
        }`,
      );
    }
    Object.assign(this, args);
    this.makeParameters(
      affineParameters(
        [outChannels, inChannels / groups, ...kernelSize],
        bias ? outChannels : null,
      ),
      { dtype, generator },
    );
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const { padding, dilation, groups } = this;
    const padded = isRule(padding) || padding.some((size) => size !== 0);
    return [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${formatPython(this.kernelSize)}`,
      `stride=${formatPython(this.stride)}`,
      padded && `padding=${formatPython(padding)}`,
      dilation.some((step) => step !== 1) &&
      `dilation=${formatPython(dilation)}`,
      groups !== 1 && `groups=${groups}`,
      this.bias === null && "bias=False",
      this.paddingMode !== "zeros" && `padding_mode=${this.paddingMode}`,
    ].filter(Boolean).join(", ");
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
    super("Conv2d", 2, given);
  }
}

function isRule(padding: unknown): padding is "same" | "valid" {
  return padding === "same" || padding === "valid";
}

function padding(axes: number): Argument<readonly number[] | "same" | "valid"> {
  const counts = perAxis(axes, 0, 0);
  return {
    fallback: counts.fallback,
    read: (action, name, value) =>
      isRule(value) ? value : counts.read(action, name, value),
  };
}

/**
 * Checks that the channels of a convolution are multiples of its groups.
 *
 * @param layer The layer's name, for the error's sentence.
 * @param args Its channels and groups.
 * @throws {RangeError} If they are not.
 */
export function checkGroups(
  layer: string,
  args: Readonly<Record<"inChannels" | "outChannels" | "groups", number>>,
): void {
  for (const name of ["inChannels", "outChannels"] as const) {
    if (args[name] % args.groups !== 0) {
      throw new RangeError(
        `Cannot ${
          actionOf(layer)
        } as ${name} must be a multiple of groups ${args.groups}: current value is ${
          args[name]
        }`,
      );
    }
  }
}
