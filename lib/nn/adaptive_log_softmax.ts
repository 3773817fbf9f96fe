/**
 * The adaptive softmax: frequent classes in a head, the others in clusters.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import { count, counts, flag, real } from "../core/options.ts";
import {
  actionOf,
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { ModuleList, Sequential } from "./containers.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** Arguments of {@linkcode AdaptiveLogSoftmaxWithLoss} by name. */
export interface AdaptiveLogSoftmaxWithLossOptions extends LayerOptions {
  /** Size of each input, at least 0. */
  readonly inFeatures?: number;
  /** The number of classes, at least 2, the frequent ones first. */
  readonly nClasses?: number;
  /** Where clusters begin: at least one, increasing, in [1, nClasses − 1]. */
  readonly cutoffs?: readonly number[];
  /** By what clusters get narrower, one by one; at least 1. Default: 4. */
  readonly divValue?: number;
  /** Whether the head has a bias. Default: false. */
  readonly headBias?: boolean;
}

/**
 * The adaptive softmax and its loss, with the first weights that PyTorch gives
 * it. PyTorch also takes a `divValue` below 1, with which the clusters of rare
 * classes would be the wide ones.
 *
 * Draws: the head, `Linear(inFeatures, cutoffs[0] + clusters)`, then for each
 * cluster k = 1, 2, … two linear layers without bias, by way of
 * `floor(inFeatures / divValue ** k)` features.
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
  /** Size of each input. */
  declare readonly inFeatures: number;
  /** The number of classes. */
  declare readonly nClasses: number;
  /** Where clusters end, that of the head first and `nClasses` last. */
  declare readonly cutoffs: readonly number[];
  /** By what clusters get narrower. */
  declare readonly divValue: number;
  /** Whether the head was made with a bias. */
  declare readonly headBias: boolean;
  /** The frequent classes, and one output for each cluster. */
  declare readonly head: Linear;
  /** The clusters, two linear layers each. */
  declare readonly tail: ModuleList;

  /**
   * Makes the layers and draws their weights.
   *
   * @param given `inFeatures, nClasses, cutoffs, divValue, headBias`, and an
   * object of options.
   * @throws {RangeError} If an argument is out of range, or the cutoffs do not
   * increase.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        inFeatures: number,
        nClasses: number,
        cutoffs: readonly number[],
        divValue: number,
        headBias: boolean,
      ],
      AdaptiveLogSoftmaxWithLossOptions
    >
  ) {
    super();
    const { dtype, generator, ...args } = readArguments(
      "AdaptiveLogSoftmaxWithLoss",
      given,
      {
        inFeatures: count(0),
        nClasses: count(2),
        cutoffs: counts(1),
        divValue: real(4, { low: 1 }),
        headBias: flag(false),
      },
    );
    const { inFeatures, nClasses, divValue, headBias } = args;
    checkCutoffs(args.cutoffs, nClasses);
    const cutoffs = [...args.cutoffs, nClasses];
    const clusters = args.cutoffs.length;
    const linear = (inputs: number, outputs: number, bias = false) =>
      new Linear(inputs, outputs, bias, { dtype, generator });
    const head = linear(inFeatures, cutoffs[0] + clusters, headBias);
    const tail = new ModuleList();
    for (let index = 0; index < clusters; index++) {
      const width = floorDivide(inFeatures, divValue ** (index + 1));
      const classes = cutoffs[index + 1] - cutoffs[index];
      tail.append(
        new Sequential(linear(inFeatures, width), linear(width, classes)),
      );
    }
    Object.assign(this, { ...args, cutoffs, head, tail });
  }

  /**
   * Draws the weights of all layers below it anew, in the order in which they
   * were drawn.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  override resetParameters(
    options: Pick<LayerOptions, "generator"> = {},
  ): this {
    for (const module of [...this.head.modules(), ...this.tail.modules()]) {
      module.resetParameters(options);
    }
    return this;
  }
}

function checkCutoffs(cutoffs: readonly number[], nClasses: number): void {
  const ends = [...cutoffs, nClasses];
  if (
    cutoffs.length === 0 ||
    cutoffs.some((cutoff, index) => cutoff >= ends[index + 1])
  ) {
    throw new RangeError(
      `Cannot ${
        actionOf("AdaptiveLogSoftmaxWithLoss")
      } as cutoffs must be at least one, increasing, and below nClasses ${nClasses}: current value is ${
        describe(cutoffs)
      }`,
    );
  }
}

/** Python's `//`, which is exact where the quotient would be rounded up. */
function floorDivide(dividend: number, divisor: number): number {
  return Math.round((dividend - dividend % divisor) / divisor);
}
