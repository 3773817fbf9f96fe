/**
 * What batch and instance normalization share.
 *
 * @module
 */

import { perform } from "../core/recording.ts";
import type { Tensor } from "../core/tensor.ts";
import { allOnes, allZeros } from "./fills.ts";
import { count, flag, named, orNull, real } from "../core/options.ts";
import {
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import type { ParameterSpec } from "./fields.ts";
import { Module } from "./module.ts";
import { normParameters } from "./norm.ts";
import { formatFloat, formatPython } from "./python.ts";

/** Arguments of batch and instance normalization by name. */
export interface ChannelNormOptions extends LayerOptions {
  /** Channels of the input, at least 0. */
  readonly numFeatures?: number;
  /** Is added to the variance; at least 0. Default: 1e-5. */
  readonly eps?: number;
  /**
   * The weight of a new batch in the running statistics, in [0, 1]; null for
   * the average of all batches. Default: 0.1.
   */
  readonly momentum?: number | null;
  /**
   * Whether there are a weight and a bias. Default: true for batches, false for
   * instances.
   */
  readonly affine?: boolean;
  /**
   * Whether there are running statistics. Default: true for batches, false for
   * instances.
   */
  readonly trackRunningStats?: boolean;
  /** Whether there is a bias beside the weight. Default: true. */
  readonly bias?: boolean;
}

/** The argument lists of batch and instance normalization. */
export type ChannelNormArguments = LayerArguments<
  [
    numFeatures: number,
    eps: number,
    momentum: number | null,
    affine: boolean,
    trackRunningStats: boolean,
  ],
  ChannelNormOptions
>;

/** What normalizations of each channel share. */
export abstract class ChannelNorm extends Module {
  /** Channels of the input. */
  declare readonly numFeatures: number;
  /** Is added to the variance. */
  declare readonly eps: number;
  /** The weight of a new batch; null for the average of all. */
  declare readonly momentum: number | null;
  /** Whether the layer was made with a weight. */
  declare readonly affine: boolean;
  /** Whether the layer was made with running statistics. */
  declare readonly trackRunningStats: boolean;
  /** The scale, `[numFeatures]`; null where there is none. */
  declare weight: Tensor | null;
  /** The shift, `[numFeatures]`; null where there is none. */
  declare bias: Tensor | null;
  /** The running mean, a buffer; null where there is none. */
  declare running_mean: Tensor | null;
  /** The running variance, a buffer; null where there is none. */
  declare running_var: Tensor | null;
  /** The number of batches so far, an int64 buffer; null where there is none. */
  declare num_batches_tracked: Tensor<"int64"> | null;

  /**
   * Makes the layer.
   *
   * @param name The layer's name.
   * @param given The constructor's arguments.
   * @param learns Whether it has parameters and running statistics by default.
   */
  constructor(name: string, given: ChannelNormArguments, learns: boolean) {
    super();
    const { bias, dtype, generator, ...args } = readArguments(name, given, {
      numFeatures: count(0),
      eps: real(1e-5, { low: 0 }),
      momentum: orNull(real(0.1, { low: 0, high: 1 })),
      affine: flag(learns),
      trackRunningStats: flag(learns),
      bias: named(flag(true)),
    });
    const { numFeatures, affine, trackRunningStats } = args;
    Object.assign(this, args);
    this.makeParameters([
      ...normParameters([numFeatures], affine, bias),
      ...runningStatistics(trackRunningStats ? numFeatures : null),
    ], { dtype, generator });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return [
      this.numFeatures,
      `eps=${formatFloat(this.eps)}`,
      `momentum=${formatFloat(this.momentum)}`,
      `affine=${formatPython(this.affine)}`,
      `bias=${formatPython(this.bias !== null)}`,
      `track_running_stats=${formatPython(this.trackRunningStats)}`,
    ].join(", ");
  }
}

/** The statistics of so many channels; null for a layer without. */
function runningStatistics(channels: number | null): ParameterSpec[] {
  const shape = channels === null ? null : [channels];
  return [
    { name: "running_mean", shape, fill: allZeros, buffer: true },
    { name: "running_var", shape, fill: allOnes, buffer: true },
    {
      name: "num_batches_tracked",
      shape: channels === null ? null : [],
      fill: (batches) =>
        perform({
          tensors: [batches],
          draws: false,
          run: () => batches.data.fill(0n as never),
        }),
      buffer: true,
      dtype: "int64",
    },
  ];
}
