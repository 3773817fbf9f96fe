/**
 * Convolutions.
 *
 * @module
 */

import { checkCount, describe } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { affineParameters } from "./affine.ts";
import {
  checkBoolean,
  type LayerArguments,
  readArguments,
} from "./arguments.ts";
import { type LayerOptions, Module } from "./module.ts";
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

const positional = [
  "inChannels",
  "outChannels",
  "kernelSize",
  "stride",
  "padding",
  "dilation",
  "groups",
  "bias",
  "paddingMode",
] as const;

const defaults = {
  inChannels: undefined as number | undefined,
  outChannels: undefined as number | undefined,
  kernelSize: undefined as PerAxis | undefined,
  stride: 1 as PerAxis,
  padding: 0 as Padding,
  dilation: 1 as PerAxis,
  groups: 1,
  bias: true,
  paddingMode: "zeros" as PaddingMode,
  dtype: undefined,
  generator: undefined,
};

const paddingModes = ["zeros", "reflect", "replicate", "circular"];

/** What convolutions of all ranks share. */
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
  /** Blocks of channels that are connected among themselves. */
  readonly groups: number;
  /** With what is padded. */
  readonly paddingMode: PaddingMode;
  /** The weight, `[outChannels, inChannels / groups, ...kernelSize]`. */
  declare readonly weight: Tensor;
  /** The bias, `[outChannels]`; null where there is none. */
  declare readonly bias: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param name The layer's name.
   * @param axes The number of spatial axes.
   * @param given The constructor's arguments.
   */
  constructor(name: string, axes: number, given: readonly unknown[]) {
    super();
    const action = `make nn.${name}`;
    const args = readArguments(name, given, positional, defaults);
    const { inChannels, outChannels, groups, bias, paddingMode } = args;
    const perAxis = (key: keyof ConvOptions, smallest: number) =>
      expand(action, key, args[key], axes, smallest);
    checkCount(action, "groups", groups, 1);
    checkChannels(action, "inChannels", inChannels, groups);
    checkChannels(action, "outChannels", outChannels, groups);
    checkBoolean(action, "bias", bias);
    if (!paddingModes.includes(paddingMode)) {
      throw new RangeError(
        `Cannot ${action} as paddingMode must be one of ${
          paddingModes.join(", ")
        }: current value is ${describe(paddingMode)}`,
      );
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = perAxis("kernelSize", 1);
    this.stride = perAxis("stride", 1);
    this.padding = isRule(args.padding) ? args.padding : perAxis("padding", 0);
    this.dilation = perAxis("dilation", 1);
    this.groups = groups;
    this.paddingMode = paddingMode;
    if (this.padding === "same" && this.stride.some((step) => step !== 1)) {
      throw new RangeError(
        `Cannot ${action} as stride must be 1 where padding is "same": current value is ${
          describe(this.stride)
        }`,
      );
    }
    this.makeParameters(
      affineParameters(
        [outChannels, inChannels / groups, ...this.kernelSize],
        bias ? outChannels : null,
      ),
      args,
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

function checkChannels(
  action: string,
  name: string,
  value: unknown,
  groups: number,
): asserts value is number {
  checkCount(action, name, value, 0);
  if (value % groups !== 0) {
    throw new RangeError(
      `Cannot ${action} as ${name} must be a multiple of groups ${groups}: current value is ${value}`,
    );
  }
}

/** One number for each axis, where one for all was given too. */
function expand(
  action: string,
  name: string,
  value: unknown,
  axes: number,
  smallest: number,
): readonly number[] {
  const sizes = Array.isArray(value) ? value : new Array(axes).fill(value);
  if (sizes.length !== axes) {
    throw new RangeError(
      `Cannot ${action} as ${name} must be a number or ${axes} numbers: current value is ${
        describe(value)
      }`,
    );
  }
  for (const size of sizes) checkCount(action, name, size, smallest);
  return Object.freeze([...sizes]);
}
