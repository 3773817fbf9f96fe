/**
 * Layers that hold a loss and the linear layers before it.
 *
 * @module
 */

import {
  cannot,
  count,
  counts,
  describe,
  flag,
  integer,
  named,
  oneOf,
  type Option,
  orNull,
  real,
} from "../core/options.ts";
import { elementCount, formatShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import type { AnyGenerator } from "../random/generator.ts";
import { ModuleList, Sequential } from "./containers.ts";
import { actionOf, type Given, read } from "./layer.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { formatArguments, formatFloat } from "./python.ts";

const adaptiveTable = {
  inFeatures: count(0),
  nClasses: count(2),
  cutoffs: counts(1),
  divValue: real(4, { low: 1 }),
  headBias: flag(false),
};

/**
 * The adaptive softmax and its loss, with PyTorch's default weights. PyTorch
 * also takes a `divValue` below 1, with which the clusters of rare classes
 * would be the wide ones.
 *
 * Draws: the head, `Linear(inFeatures, cutoffs[0] + clusters)`, then for each
 * cluster k = 1, 2, … two linear layers without bias, through `floor(inFeatures
 * / divValue ** k)` features.
 *
 * @see `torch.nn.AdaptiveLogSoftmaxWithLoss`, PyTorch 2.13.0
 * @see Grave, Joulin, Cissé, Grangier and Jégou, 2017
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const softmax = new nn.AdaptiveLogSoftmaxWithLoss(64, 1000, [20, 200]);
 * assertEquals(
 *   softmax.namedParameters().map(([name, { shape }]) => [name, ...shape]),
 *   [
 *     ["head.weight", 22, 64],
 *     ["tail.0.0.weight", 16, 64],
 *     ["tail.0.1.weight", 180, 16],
 *     ["tail.1.0.weight", 4, 64],
 *     ["tail.1.1.weight", 800, 4],
 *   ],
 * );
 * ```
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "AdaptiveLogSoftmaxWithLoss";
  /** Size of each input. */
  readonly inFeatures: number;
  /** The number of classes. */
  readonly nClasses: number;
  /** Where clusters end: the head's end first, `nClasses` last. */
  readonly cutoffs: readonly number[];
  /** How many times narrower each cluster is than the one before. */
  readonly divValue: number;
  /** Whether the head was made with a bias. */
  readonly headBias: boolean;
  /** The frequent classes, and one output for each cluster. */
  readonly head: Linear;
  /** The clusters, two linear layers each. */
  readonly tail: ModuleList;

  /**
   * Makes the layers and draws their weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        inFeatures: "inFeatures",
        nClasses: "nClasses",
        cutoffs: "cutoffs",
        divValue: "divValue",
        headBias: "headBias",
      ],
      {
        /** Size of each input, at least 0. */
        readonly inFeatures: number;
        /** The number of classes, at least 2, the frequent ones first. */
        readonly nClasses: number;
        /** Where clusters begin: at least one, increasing, in [1, nClasses − 1]. */
        readonly cutoffs: readonly number[];
        /**
         * How many times narrower each cluster is than the one before, at least
         * 1. Default: 4.
         */
        readonly divValue?: number;
        /** Whether the head has a bias. Default: false. */
        readonly headBias?: boolean;
      }
    >
  ) {
    super();
    const args = read(AdaptiveLogSoftmaxWithLoss, adaptiveTable, given);
    const { inFeatures, nClasses, divValue, headBias, dtype, generator } = args;
    checkCutoffs(args.cutoffs, nClasses);
    const cutoffs = [...args.cutoffs, nClasses];
    const clusters = args.cutoffs.length;
    const linear = (inputs: number, outputs: number, bias = false) =>
      new Linear(inputs, outputs, bias, { dtype, generator });
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = cutoffs;
    this.divValue = divValue;
    this.headBias = headBias;
    this.head = linear(inFeatures, cutoffs[0] + clusters, headBias);
    this.tail = new ModuleList();
    for (let index = 0; index < clusters; index++) {
      const width = floorDivide(inFeatures, divValue ** (index + 1));
      const classes = cutoffs[index + 1] - cutoffs[index];
      this.tail.append(
        new Sequential(linear(inFeatures, width), linear(width, classes)),
      );
    }
  }

  /**
   * Redraws the weights of all layers below it, in their original order.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  override resetParameters(
    options: { readonly generator?: AnyGenerator } = {},
  ): this {
    for (const module of [...this.head.modules(), ...this.tail.modules()]) {
      module.resetParameters(options);
    }
    return this;
  }
}

const someTensor: Option<Tensor> = {
  read(action, name, value) {
    if (value instanceof Tensor) return value;
    throw new TypeError(
      cannot(action, `${name} must be a Tensor`, describe(value)),
    );
  },
};

const crossEntropyTable = {
  inFeatures: count(0),
  numClasses: count(0),
  outFeatures: named(counts(0, [])),
  bias: named(flag(false)),
  reduction: named(
    oneOf<"none" | "mean" | "sum">(["none", "mean", "sum"], "mean"),
  ),
  weight: named(orNull(someTensor)),
  ignoreIndex: named(orNull(integer())),
  labelSmoothing: named(real(0, { low: 0, high: 1 })),
};

/**
 * The cross entropy of a linear layer's outputs, with the first weights that
 * PyTorch gives that layer. PyTorch's `options`, which control how the
 * computation is divided, are left out.
 *
 * Draws: as its linear layer. The class weights are a buffer: the given tensor
 * itself.
 *
 * @see `torch.nn.LinearCrossEntropyLoss`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const loss = new nn.LinearCrossEntropyLoss(5, 3, {
 *   outFeatures: [4, 2],
 *   weight: tensor([1, 2, 2]),
 * });
 * assertEquals(Object.keys(loss.stateDict()), ["weight", "linear.weight"]);
 * assertEquals(loss.linear.weight.size(), [24, 5]);
 * ```
 */
export class LinearCrossEntropyLoss extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "LinearCrossEntropyLoss";
  /** The number of classes. */
  readonly numClasses: number;
  /** Sizes of further axes of the output. */
  readonly outFeatures: readonly number[];
  /** How the losses of all samples are combined. */
  readonly reduction: "none" | "mean" | "sum";
  /** The weight of each class, a buffer; null if there is none. */
  weight: Tensor | null;
  /** The class that is ignored; null for none. */
  readonly ignoreIndex: number | null;
  /** The share of the uniform distribution. */
  readonly labelSmoothing: number;
  /** The linear layer, with an output for each class and further index. */
  readonly linear: Linear;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inFeatures` and `numClasses` by position or by name, the
   * others by name.
   */
  constructor(
    ...given: Given<
      [inFeatures: "inFeatures", numClasses: "numClasses"],
      {
        /** Size of each input, at least 0. */
        readonly inFeatures: number;
        /** The number of classes, at least 0. */
        readonly numClasses: number;
        /** Sizes of further axes of the output, each at least 0. Default: none. */
        readonly outFeatures?: readonly number[];
        /** Whether the linear layer has a bias. Default: false. */
        readonly bias?: boolean;
        /** How the losses of all samples are combined. Default: mean. */
        readonly reduction?: "none" | "mean" | "sum";
        /** A weight for each class, `[numClasses]`. Default: null, none. */
        readonly weight?: Tensor | null;
        /** A class that is ignored. Default: null, none. */
        readonly ignoreIndex?: number | null;
        /** The share of the uniform distribution, in [0, 1]. Default: 0. */
        readonly labelSmoothing?: number;
      }
    >
  ) {
    super();
    const args = read(LinearCrossEntropyLoss, crossEntropyTable, given);
    const { numClasses, outFeatures, weight, dtype, generator } = args;
    checkClassWeights(weight, numClasses);
    const outputs = elementCount([numClasses, ...outFeatures]);
    this.numClasses = numClasses;
    this.outFeatures = outFeatures;
    this.reduction = args.reduction;
    this.weight = weight;
    if (weight !== null) this.registerBuffer("weight", weight);
    this.ignoreIndex = args.ignoreIndex;
    this.labelSmoothing = args.labelSmoothing;
    this.linear = new Linear(args.inFeatures, outputs, args.bias, {
      dtype,
      generator,
    });
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([], {
      in_features: this.linear.inFeatures,
      num_classes: this.numClasses,
      out_features: this.outFeatures,
      bias: this.linear.bias !== null,
      reduction: this.reduction,
      ignore_index: this.ignoreIndex,
      label_smoothing: formatFloat(this.labelSmoothing),
      options: null,
    });
  }
}

function checkCutoffs(cutoffs: readonly number[], nClasses: number): void {
  const ends = [...cutoffs, nClasses];
  const increase = cutoffs.every((cutoff, index) => cutoff < ends[index + 1]);
  if (cutoffs.length > 0 && increase) return;
  throw new RangeError(
    cannot(
      actionOf(AdaptiveLogSoftmaxWithLoss),
      `cutoffs must be at least one, increasing, and below nClasses ${nClasses}`,
      describe(cutoffs),
    ),
  );
}

/**
 * Python's `//`, which stays exact even if the quotient would be rounded up.
 */
function floorDivide(dividend: number, divisor: number): number {
  return Math.round((dividend - dividend % divisor) / divisor);
}

function checkClassWeights(weight: Tensor | null, numClasses: number): void {
  const wanted = formatShape([numClasses]);
  if (weight === null || formatShape(weight.shape) === wanted) return;
  throw new RangeError(
    cannot(
      actionOf(LinearCrossEntropyLoss),
      `weight must be of shape ${wanted}`,
      formatShape(weight.shape),
    ),
  );
}
