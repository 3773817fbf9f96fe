/**
 * Normalization: of batches, instances, groups and layers, and by the root mean
 * square.
 *
 * @module
 */

import { count, flag, named, orNull, real, sizes } from "../core/options.ts";
import { perform } from "../core/recording.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { ones, zeros } from "../init/initializers.ts";
import { actionOf, checkMultiple, type Given, read } from "./layer.ts";
import { Module, own, type ParameterSpec } from "./module.ts";
import { formatArguments, formatFloat } from "./python.ts";

/** Arguments of batch and instance normalization by name. */
export interface NormOptions {
  /** Channels of the input, at least 0. */
  readonly numFeatures: number;
  /** Added to the variance; at least 0. Default: 1e-5. */
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
  /** Whether there is a bias besides the weight. Default: true. */
  readonly bias?: boolean;
}

/**
 * The argument lists of batch and instance normalization; bias is passed by
 * name.
 */
export type NormArguments = Given<
  [
    numFeatures: "numFeatures",
    eps: "eps",
    momentum: "momentum",
    affine: "affine",
    trackRunningStats: "trackRunningStats",
  ],
  NormOptions
>;

/**
 * The base of batch and instance normalization.
 *
 * @internal
 */
export abstract class ChannelNorm extends Module {
  /** Channels of the input. */
  readonly numFeatures: number;
  /** Added to the variance. */
  readonly eps: number;
  /** The weight of a new batch; null for the average of all. */
  readonly momentum: number | null;
  /** Whether the layer was made with a weight. */
  readonly affine: boolean;
  /** Whether the layer was made with running statistics. */
  readonly trackRunningStats: boolean;
  /** The scale, `[numFeatures]`; null if there is none. */
  weight: Tensor | null;
  /** The shift, `[numFeatures]`; null if there is none. */
  bias: Tensor | null;
  /** The running mean, a buffer; null if there is none. */
  running_mean: Tensor | null;
  /** The running variance, a buffer; null if there is none. */
  running_var: Tensor | null;
  /** The number of batches so far, an int64 buffer; null if there is none. */
  num_batches_tracked: Tensor<"int64"> | null;

  /**
   * Makes the layer.
   *
   * @param layer The layer's class.
   * @param given The constructor's arguments.
   * @param learns Whether it has parameters and running statistics by default.
   */
  constructor(
    layer: { readonly title: string },
    given: NormArguments,
    learns: boolean,
  ) {
    super();
    const args = read(layer, {
      numFeatures: count(0),
      eps: real(1e-5, { low: 0 }),
      momentum: orNull(real(0.1, { low: 0, high: 1 })),
      affine: flag(learns),
      trackRunningStats: flag(learns),
      bias: named(flag(true)),
    }, given);
    const { numFeatures, affine, trackRunningStats } = args;
    this.numFeatures = numFeatures;
    this.eps = args.eps;
    this.momentum = args.momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    const shape = trackRunningStats ? [numFeatures] : null;
    [
      this.weight,
      this.bias,
      this.running_mean,
      this.running_var,
      this.num_batches_tracked,
    ] = own(this, [
      ...scaleAndShift([numFeatures], affine, args.bias),
      { name: "running_mean", shape, fill: allZeros, buffer: true },
      { name: "running_var", shape, fill: allOnes, buffer: true },
      {
        name: "num_batches_tracked",
        shape: trackRunningStats ? [] : null,
        fill: toNoBatches,
        buffer: true,
        dtype: "int64",
        mayLack: true,
      },
    ], args);
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([this.numFeatures], {
      eps: formatFloat(this.eps),
      momentum: formatFloat(this.momentum),
      affine: this.affine,
      bias: this.bias !== null,
      track_running_stats: this.trackRunningStats,
    });
  }
}

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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "BatchNorm1d";

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: NormArguments) {
    super(BatchNorm1d, given, true);
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "BatchNorm2d";

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: NormArguments) {
    super(BatchNorm2d, given, true);
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "BatchNorm3d";

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: NormArguments) {
    super(BatchNorm3d, given, true);
  }
}

/**
 * Instance normalization of inputs `[batch, channels, length]`. By default
 * there are no parameters and no buffers; if there are, they start like those
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "InstanceNorm1d";

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: NormArguments) {
    super(InstanceNorm1d, given, false);
  }
}

/**
 * Instance normalization of inputs `[batch, channels, height, width]`. By
 * default there are no parameters and no buffers; if there are, they start like
 * those of batch normalization, and nothing is drawn.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "InstanceNorm2d";

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: NormArguments) {
    super(InstanceNorm2d, given, false);
  }
}

/**
 * Instance normalization of inputs `[batch, channels, depth, height, width]`.
 * By default there are no parameters and no buffers; if there are, they start
 * like those of batch normalization, and nothing is drawn.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "InstanceNorm3d";

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(...given: NormArguments) {
    super(InstanceNorm3d, given, false);
  }
}

const groupNormTable = {
  numGroups: count(1),
  numChannels: count(0),
  eps: real(1e-5, { low: 0 }),
  affine: flag(true),
  bias: named(flag(true)),
};

/**
 * Group normalization. Nothing is drawn: weight 1, bias 0.
 *
 * @see `torch.nn.GroupNorm`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.GroupNorm(3, 6, { bias: false });
 * assertEquals(norm.weight!.toArray(), [1, 1, 1, 1, 1, 1]);
 * assertEquals(
 *   String(norm),
 *   "GroupNorm(3, 6, eps=1e-05, affine=True, bias=False)",
 * );
 * ```
 */
export class GroupNorm extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "GroupNorm";
  /** Blocks of channels. */
  readonly numGroups: number;
  /** Channels of the input. */
  readonly numChannels: number;
  /** Added to the variance. */
  readonly eps: number;
  /** Whether the layer was made with a weight. */
  readonly affine: boolean;
  /** The scale, `[numChannels]`; null if there is none. */
  weight: Tensor | null;
  /** The shift, `[numChannels]`; null if there is none. */
  bias: Tensor | null;

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name; `bias` by name only.
   */
  constructor(
    ...given: Given<
      [
        numGroups: "numGroups",
        numChannels: "numChannels",
        eps: "eps",
        affine: "affine",
      ],
      {
        /** Blocks of channels, at least 1. */
        readonly numGroups: number;
        /** Channels of the input, a multiple of `numGroups`. */
        readonly numChannels: number;
        /** Added to the variance; at least 0. Default: 1e-5. */
        readonly eps?: number;
        /** Whether there are a weight and a bias. Default: true. */
        readonly affine?: boolean;
        /** Whether there is a bias besides the weight. Default: true. */
        readonly bias?: boolean;
      }
    >
  ) {
    super();
    const args = read(GroupNorm, groupNormTable, given);
    const { numGroups, numChannels, affine } = args;
    checkMultiple(actionOf(GroupNorm), { numChannels, numGroups });
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = args.eps;
    this.affine = affine;
    [this.weight, this.bias] = own(
      this,
      scaleAndShift([numChannels], affine, args.bias),
      args,
    );
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([this.numGroups, this.numChannels], {
      eps: formatFloat(this.eps),
      affine: this.affine,
      bias: this.bias !== null,
    });
  }
}

const layerNormTable = {
  normalizedShape: sizes(0),
  eps: real(1e-5, { low: 0 }),
  elementwiseAffine: flag(true),
  bias: flag(true),
};

/**
 * Layer normalization. Nothing is drawn: weight 1, bias 0.
 *
 * @see `torch.nn.LayerNorm`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.LayerNorm([2, 3]);
 * assertEquals(norm.weight!.toArray(), [[1, 1, 1], [1, 1, 1]]);
 * assertEquals(norm.bias!.size(), [2, 3]);
 * ```
 */
export class LayerNorm extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "LayerNorm";
  /** Sizes of the last axes. */
  readonly normalizedShape: readonly number[];
  /** Added to the variance. */
  readonly eps: number;
  /** Whether the layer was made with a weight. */
  readonly elementwiseAffine: boolean;
  /** The scale, of shape `normalizedShape`; null if there is none. */
  weight: Tensor | null;
  /** The shift, of shape `normalizedShape`; null if there is none. */
  bias: Tensor | null;

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        normalizedShape: "normalizedShape",
        eps: "eps",
        elementwiseAffine: "elementwiseAffine",
        bias: "bias",
      ],
      {
        /** Sizes of the last axes, each at least 0; a number for one axis. */
        readonly normalizedShape: number | readonly number[];
        /** Added to the variance; at least 0. Default: 1e-5. */
        readonly eps?: number;
        /** Whether there are a weight and a bias. Default: true. */
        readonly elementwiseAffine?: boolean;
        /** Whether there is a bias besides the weight. Default: true. */
        readonly bias?: boolean;
      }
    >
  ) {
    super();
    const args = read(LayerNorm, layerNormTable, given);
    const { normalizedShape, elementwiseAffine } = args;
    this.normalizedShape = normalizedShape;
    this.eps = args.eps;
    this.elementwiseAffine = elementwiseAffine;
    [this.weight, this.bias] = own(
      this,
      scaleAndShift(normalizedShape, elementwiseAffine, args.bias),
      args,
    );
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([this.normalizedShape], {
      eps: formatFloat(this.eps),
      elementwise_affine: this.elementwiseAffine,
      bias: this.bias !== null,
    });
  }
}

const rmsNormTable = {
  normalizedShape: sizes(0),
  eps: orNull(real(undefined, { low: 0 })),
  elementwiseAffine: flag(true),
};

/**
 * Root mean square normalization. Nothing is drawn: weight 1. It has no bias.
 *
 * @see `torch.nn.RMSNorm`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const norm = new nn.RMSNorm(4);
 * assertEquals(norm.weight!.toArray(), [1, 1, 1, 1]);
 * assertEquals(
 *   String(norm),
 *   "RMSNorm((4,), eps=None, elementwise_affine=True)",
 * );
 * ```
 */
export class RMSNorm extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "RMSNorm";
  /** Sizes of the last axes. */
  readonly normalizedShape: readonly number[];
  /** Added to the mean square; null for the dtype's own. */
  readonly eps: number | null;
  /** Whether the layer was made with a weight. */
  readonly elementwiseAffine: boolean;
  /** The scale, of shape `normalizedShape`; null if there is none. */
  weight: Tensor | null;

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        normalizedShape: "normalizedShape",
        eps: "eps",
        elementwiseAffine: "elementwiseAffine",
      ],
      {
        /** Sizes of the last axes, each at least 0; a number for one axis. */
        readonly normalizedShape: number | readonly number[];
        /**
         * Added to the mean square; at least 0. Default: null, the distance
         * from 1 to the next number in the dtype of the computation.
         */
        readonly eps?: number | null;
        /** Whether there is a weight. Default: true. */
        readonly elementwiseAffine?: boolean;
      }
    >
  ) {
    super();
    const args = read(RMSNorm, rmsNormTable, given);
    const { normalizedShape, elementwiseAffine } = args;
    this.normalizedShape = normalizedShape;
    this.eps = args.eps;
    this.elementwiseAffine = elementwiseAffine;
    const shape = elementwiseAffine ? normalizedShape : null;
    [this.weight] = own(this, [{ name: "weight", shape, fill: allOnes }], args);
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([this.normalizedShape], {
      eps: formatFloat(this.eps),
      elementwise_affine: this.elementwiseAffine,
    });
  }
}

/** Weight 1 and bias 0. */
function scaleAndShift(
  shape: Shape,
  affine: boolean,
  bias: boolean,
): [weight: ParameterSpec, bias: ParameterSpec] {
  return [
    { name: "weight", shape: affine ? shape : null, fill: allOnes },
    { name: "bias", shape: affine && bias ? shape : null, fill: allZeros },
  ];
}

function allOnes(tensor: Tensor): void {
  ones(tensor);
}

function allZeros(tensor: Tensor): void {
  zeros(tensor);
}

/** `init` fills float dtypes only. */
function toNoBatches(batches: Tensor): void {
  perform({
    tensors: [batches],
    draws: false,
    run: () => batches.data.fill(0n as never),
  });
}
