/**
 * The arguments of convolutions, plain and transposed.
 *
 * @module
 */

import { describe, type Option } from "../core/options.ts";
import { count, flag, oneOf, perAxis } from "../core/options.ts";
import { actionOf, type LayerOptions, readArguments } from "./arguments.ts";
import type { Given } from "./layer.ts";
import { checkGroups } from "./groups.ts";

/** A size for each spatial axis, or one for all. */
export type PerAxis = number | readonly number[];

/** How a convolution pads: a count for each axis, or a rule. */
export type Padding = PerAxis | "same" | "valid";

/** With what a convolution pads. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/** Arguments of convolutions by name. */
export interface ConvOptions extends LayerOptions {
  /** Channels of the input; a multiple of `groups`. */
  readonly inChannels: number;
  /** Channels of the output; a multiple of `groups`. */
  readonly outChannels: number;
  /** Size of the kernel, at least 1 along each axis. */
  readonly kernelSize: PerAxis;
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

/** Arguments of transposed convolutions by name. */
export interface ConvTransposeOptions extends ConvOptions {
  /** Padding that is taken off both sides, at least 0. Default: 0. */
  readonly padding?: PerAxis;
  /**
   * Size added to one side of the output: at least 0, and less than the stride
   * or the dilation along each axis. Default: 0.
   */
  readonly outputPadding?: PerAxis;
  /** With what is padded: only zeros. Default: zeros. */
  readonly paddingMode?: "zeros";
}

/** The argument lists of convolutions. */
export type ConvArguments = Given<
  [inChannels: number, outChannels: number, kernelSize: PerAxis],
  [
    stride: PerAxis,
    padding: Padding,
    dilation: PerAxis,
    groups: number,
    bias: boolean,
    paddingMode: PaddingMode,
  ],
  ConvOptions
>;

/** The argument lists of transposed convolutions. */
export type ConvTransposeArguments = Given<
  [inChannels: number, outChannels: number, kernelSize: PerAxis],
  [
    stride: PerAxis,
    padding: PerAxis,
    outputPadding: PerAxis,
    groups: number,
    bias: boolean,
    dilation: PerAxis,
    paddingMode: "zeros",
  ],
  ConvTransposeOptions
>;

const paddingModes = ["zeros", "reflect", "replicate", "circular"] as const;

/**
 * Returns what a convolution is made of.
 *
 * @param layer The layer's name.
 * @param axes The number of spatial axes.
 * @param given The constructor's arguments.
 * @throws {RangeError} If an argument is out of range, or does not fit another.
 * @throws {TypeError} If an argument is of the wrong kind, or unknown.
 */
export function readConv(
  layer: string,
  axes: number,
  given: readonly unknown[],
) {
  const args = readArguments(layer, given, {
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
  checkGroups(actionOf(layer), args);
  if (args.padding === "same" && args.stride.some((step) => step !== 1)) {
    throw new RangeError(
      `Cannot ${
        actionOf(layer)
      } as stride must be 1 where padding is "same": current value is ${
        describe(args.stride)
      }`,
    );
  }
  const outputPadding: readonly number[] = new Array(axes).fill(0);
  return { ...args, transposed: false, outputPadding };
}

/**
 * Returns what a transposed convolution is made of.
 *
 * @param layer The layer's name.
 * @param axes The number of spatial axes.
 * @param given The constructor's arguments.
 * @throws {RangeError} If an argument is out of range, or does not fit another.
 * @throws {TypeError} If an argument is of the wrong kind, or unknown.
 */
export function readConvTranspose(
  layer: string,
  axes: number,
  given: readonly unknown[],
) {
  const args = readArguments(layer, given, {
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
  });
  checkGroups(actionOf(layer), args);
  const { outputPadding, stride, dilation } = args;
  if (outputPadding.some((n, i) => n >= Math.max(stride[i], dilation[i]))) {
    throw new RangeError(
      `Cannot ${
        actionOf(layer)
      } as outputPadding must be less than stride or dilation along each axis: current value is ${
        describe(outputPadding)
      }`,
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
