/**
 * The linear layer and the cross entropy in one.
 *
 * @module
 */

import { describe, type Option } from "../core/options.ts";
import { elementCount, formatShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import {
  count,
  counts,
  flag,
  integer,
  named,
  oneOf,
  orNull,
  real,
} from "../core/options.ts";
import {
  actionOf,
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { formatFloat, formatPython } from "./python.ts";

/** What a loss makes of the losses of all samples. */
export type Reduction = "none" | "mean" | "sum";

/** Arguments of {@linkcode LinearCrossEntropyLoss} by name. */
export interface LinearCrossEntropyLossOptions extends LayerOptions {
  /** Size of each input, at least 0. */
  readonly inFeatures?: number;
  /** The number of classes, at least 0. */
  readonly numClasses?: number;
  /** Sizes of further axes of the output, each at least 0. Default: none. */
  readonly outFeatures?: readonly number[];
  /** Whether the linear layer has a bias. Default: false. */
  readonly bias?: boolean;
  /** What is made of the losses of all samples. Default: mean. */
  readonly reduction?: Reduction;
  /** A weight for each class, `[numClasses]`. Default: null, none. */
  readonly weight?: Tensor | null;
  /** A class that does not count. Default: null, none. */
  readonly ignoreIndex?: number | null;
  /** The share of the uniform distribution, in [0, 1]. Default: 0. */
  readonly labelSmoothing?: number;
}

/**
 * The cross entropy of a linear layer's outputs, with the first weights that
 * PyTorch gives that layer. PyTorch's `options`, which say how the computation
 * is cut, are left out.
 *
 * Draws: as its linear layer. The class weights are a buffer, the tensor that
 * was given.
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
  /** The number of classes. */
  declare readonly numClasses: number;
  /** Sizes of further axes of the output. */
  declare readonly outFeatures: readonly number[];
  /** What is made of the losses of all samples. */
  declare readonly reduction: Reduction;
  /** The weight of each class, a buffer; null where there is none. */
  declare weight: Tensor | null;
  /** The class that does not count; null for none. */
  declare readonly ignoreIndex: number | null;
  /** The share of the uniform distribution. */
  declare readonly labelSmoothing: number;
  /** The linear layer, one output for each class and further place. */
  declare readonly linear: Linear;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `inFeatures, numClasses`, and an object of options, which
   * alone can hold the others.
   * @throws {RangeError} If an argument is out of range, or the weights are not
   * one for each class.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [inFeatures: number, numClasses: number],
      LinearCrossEntropyLossOptions
    >
  ) {
    super();
    const { inFeatures, weight, bias, dtype, generator, ...args } =
      readArguments("LinearCrossEntropyLoss", given, {
        inFeatures: count(0),
        numClasses: count(0),
        outFeatures: named(counts(0, [])),
        bias: named(flag(false)),
        reduction: named(oneOf(["none", "mean", "sum"], "mean")),
        weight: named(orNull(someTensor)),
        ignoreIndex: named(orNull(integer())),
        labelSmoothing: named(real(0, { low: 0, high: 1 })),
      });
    const { numClasses, outFeatures } = args;
    checkClassWeights(weight, numClasses);
    const outputs = elementCount([numClasses, ...outFeatures]);
    Object.assign(this, { ...args, weight });
    if (weight !== null) this.registerBuffer("weight", weight);
    const options = { dtype, generator };
    Object.assign(this, {
      linear: new Linear(inFeatures, outputs, bias, options),
    });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return [
      `in_features=${this.linear.inFeatures}`,
      `num_classes=${this.numClasses}`,
      `out_features=${formatPython(this.outFeatures)}`,
      `bias=${formatPython(this.linear.bias !== null)}`,
      `reduction=${this.reduction}`,
      `ignore_index=${formatPython(this.ignoreIndex)}`,
      `label_smoothing=${formatFloat(this.labelSmoothing)}`,
      "options=None",
    ].join(", ");
  }
}

const someTensor: Option<Tensor> = {
  read(action, name, value) {
    if (value instanceof Tensor) return value;
    throw new TypeError(
      `Cannot ${action} as ${name} must be a Tensor: current value is ${
        describe(value)
      }`,
    );
  },
};

function checkClassWeights(weight: Tensor | null, numClasses: number): void {
  const wanted = formatShape([numClasses]);
  if (weight !== null && formatShape(weight.shape) !== wanted) {
    throw new RangeError(
      `Cannot ${
        actionOf("LinearCrossEntropyLoss")
      } as weight must be of shape ${wanted}: current value is ${
        formatShape(weight.shape)
      }`,
    );
  }
}
