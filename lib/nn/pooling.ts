/**
 * Pooling layers. They have no parameters and compute nothing here: they are
 * places in a model.
 *
 * @module
 */

import { asGiven, count, flag, orNull } from "../core/options.ts";
import type { LayerArguments, LayerOptions } from "./arguments.ts";
import type { PerAxis } from "./conv_arguments.ts";
import { Plain } from "./plain.ts";
import { formatPython } from "./python.ts";

/** Arguments of {@linkcode MaxPool2d} by name. */
export interface MaxPoolOptions extends LayerOptions {
  /** Size of the window, at least 1 along each axis. */
  readonly kernelSize?: PerAxis;
  /** Step of the window, at least 1. Default: null, which is its size. */
  readonly stride?: PerAxis | null;
  /** Padding on both sides, at least 0. Default: 0. */
  readonly padding?: PerAxis;
  /** Distance between the window's places, at least 1. Default: 1. */
  readonly dilation?: PerAxis;
  /** Whether the places of the maxima are returned, too. Default: false. */
  readonly returnIndices?: boolean;
  /** Whether output sizes are rounded up. Default: false. */
  readonly ceilMode?: boolean;
}

/**
 * The largest of each window's numbers.
 *
 * @see `torch.nn.MaxPool2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   String(new nn.MaxPool2d(3, 2, 1)),
 *   "MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)",
 * );
 * ```
 */
export class MaxPool2d extends Plain {
  /** The window's size. */
  declare readonly kernelSize: PerAxis;
  /** The window's step. */
  declare readonly stride: PerAxis;
  /** Padding on both sides. */
  declare readonly padding: PerAxis;
  /** Distance between the window's places. */
  declare readonly dilation: PerAxis;
  /** Whether the places of the maxima are returned, too. */
  declare readonly returnIndices: boolean;
  /** Whether output sizes are rounded up. */
  declare readonly ceilMode: boolean;

  /**
   * Makes the layer.
   *
   * @param given `kernelSize, stride, padding, dilation, returnIndices,
   * ceilMode`, and an object of options.
   * @throws {RangeError} If a size is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        kernelSize: PerAxis,
        stride: PerAxis | null,
        padding: PerAxis,
        dilation: PerAxis,
        returnIndices: boolean,
        ceilMode: boolean,
      ],
      MaxPoolOptions
    >
  ) {
    super(given, {
      ...frame,
      dilation: asGiven(2, count(1, 1)),
      returnIndices: flag(false),
      ceilMode: flag(false),
    });
    Object.assign(this, { stride: this.stride ?? this.kernelSize });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return [
      windowText(this),
      `dilation=${formatPython(this.dilation)}`,
      `ceil_mode=${formatPython(this.ceilMode)}`,
    ].join(", ");
  }
}

/** Arguments of {@linkcode AvgPool2d} by name. */
export interface AvgPoolOptions extends LayerOptions {
  /** Size of the window, at least 1 along each axis. */
  readonly kernelSize?: PerAxis;
  /** Step of the window, at least 1. Default: null, which is its size. */
  readonly stride?: PerAxis | null;
  /** Padding on both sides, at least 0. Default: 0. */
  readonly padding?: PerAxis;
  /** Whether output sizes are rounded up. Default: false. */
  readonly ceilMode?: boolean;
  /** Whether padding counts in the mean. Default: true. */
  readonly countIncludePad?: boolean;
  /** What is divided by, at least 1. Default: null, the window's places. */
  readonly divisorOverride?: number | null;
}

/**
 * The mean of each window's numbers.
 *
 * @see `torch.nn.AvgPool2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   String(new nn.AvgPool2d(2)),
 *   "AvgPool2d(kernel_size=2, stride=2, padding=0)",
 * );
 * ```
 */
export class AvgPool2d extends Plain {
  /** The window's size. */
  declare readonly kernelSize: PerAxis;
  /** The window's step. */
  declare readonly stride: PerAxis;
  /** Padding on both sides. */
  declare readonly padding: PerAxis;
  /** Whether output sizes are rounded up. */
  declare readonly ceilMode: boolean;
  /** Whether padding counts in the mean. */
  declare readonly countIncludePad: boolean;
  /** What is divided by; null for the window's places. */
  declare readonly divisorOverride: number | null;

  /**
   * Makes the layer.
   *
   * @param given `kernelSize, stride, padding, ceilMode, countIncludePad,
   * divisorOverride`, and an object of options.
   * @throws {RangeError} If a size is out of range.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        kernelSize: PerAxis,
        stride: PerAxis | null,
        padding: PerAxis,
        ceilMode: boolean,
        countIncludePad: boolean,
        divisorOverride: number | null,
      ],
      AvgPoolOptions
    >
  ) {
    super(given, {
      ...frame,
      ceilMode: flag(false),
      countIncludePad: flag(true),
      divisorOverride: orNull(count(1)),
    });
    Object.assign(this, { stride: this.stride ?? this.kernelSize });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return windowText(this);
  }
}

/** Arguments of {@linkcode AdaptiveAvgPool2d} by name. */
export interface AdaptivePoolOptions extends LayerOptions {
  /** Size of the output; null keeps an axis as it is. */
  readonly outputSize?: number | readonly (number | null)[];
}

/**
 * The mean of windows whose size follows from that of the output.
 *
 * @see `torch.nn.AdaptiveAvgPool2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   String(new nn.AdaptiveAvgPool2d([1, null])),
 *   "AdaptiveAvgPool2d(output_size=(1, None))",
 * );
 * ```
 */
export class AdaptiveAvgPool2d extends Plain {
  /** Size of the output; null keeps an axis as it is. */
  declare readonly outputSize: number | readonly (number | null)[];

  /**
   * Makes the layer.
   *
   * @param given `outputSize`, or an object of options.
   * @throws {RangeError} If a size is negative or fractional.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [outputSize: number | readonly (number | null)[]],
      AdaptivePoolOptions
    >
  ) {
    super(given, { outputSize: asGiven(2, count(0), orNull(count(0))) });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return `output_size=${formatPython(this.outputSize)}`;
  }
}

const frame = {
  kernelSize: asGiven(2, count(1)),
  stride: orNull(asGiven(2, count(1))),
  padding: asGiven(2, count(0, 0)),
};

function windowText(pool: MaxPool2d | AvgPool2d): string {
  return [
    `kernel_size=${formatPython(pool.kernelSize)}`,
    `stride=${formatPython(pool.stride)}`,
    `padding=${formatPython(pool.padding)}`,
  ].join(", ");
}
