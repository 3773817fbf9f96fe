/**
 * Layers that multiply by a weight: linear, bilinear, and PReLU.
 *
 * @module
 */

import { count, flag, real } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { constant } from "../init/initializers.ts";
import { affine, type Given, read, uniformByInputs } from "./layer.ts";
import { Module, own } from "./module.ts";
import { formatArguments } from "./python.ts";

const linearTable = {
  inFeatures: count(0),
  outFeatures: count(0),
  bias: flag(true),
};

/**
 * A linear layer, `y = weight · x + bias`, with PyTorch's default weights.
 *
 * Draws: weight `[outFeatures, inFeatures]`, then bias `[outFeatures]`, both
 * from U(−1/√inFeatures, 1/√inFeatures).
 *
 * @see `torch.nn.Linear`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * manualSeed(0);
 * const linear = new nn.Linear(3, 2, { bias: false });
 * assertEquals(linear.weight.size(), [2, 3]);
 * assertEquals(
 *   linear.toString(),
 *   "Linear(in_features=3, out_features=2, bias=False)",
 * );
 * ```
 */
export class Linear extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Linear";
  /** Size of each input. */
  readonly inFeatures: number;
  /** Size of each output. */
  readonly outFeatures: number;
  /** The weight, `[outFeatures, inFeatures]`. */
  weight: Tensor;
  /** The bias, `[outFeatures]`; null if there is none. */
  bias: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [inFeatures: "inFeatures", outFeatures: "outFeatures", bias: "bias"],
      {
        /** Size of each input, at least 0. */
        readonly inFeatures: number;
        /** Size of each output, at least 0. */
        readonly outFeatures: number;
        /** Whether there is a bias. Default: true. */
        readonly bias?: boolean;
      }
    >
  ) {
    super();
    const args = read(Linear, linearTable, given);
    const { inFeatures, outFeatures } = args;
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    [this.weight, this.bias] = own(
      this,
      affine([outFeatures, inFeatures], args.bias ? outFeatures : null),
      args,
    );
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([], {
      in_features: this.inFeatures,
      out_features: this.outFeatures,
      bias: this.bias !== null,
    });
  }
}

const bilinearTable = {
  in1Features: count(1),
  in2Features: count(0),
  outFeatures: count(0),
  bias: flag(true),
};

/**
 * A bilinear layer, `y = x1ᵀ · weight · x2 + bias`, with PyTorch's default
 * weights.
 *
 * Draws: weight `[outFeatures, in1Features, in2Features]`, then bias
 * `[outFeatures]`, both from U(−1/√in1Features, 1/√in1Features). The bound
 * ignores the size of the second input, though each output sums over both.
 *
 * @see `torch.nn.Bilinear`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const bilinear = new nn.Bilinear(20, 30, 40);
 * assertEquals(bilinear.weight.size(), [40, 20, 30]);
 * ```
 */
export class Bilinear extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Bilinear";
  /** Size of each first input. */
  readonly in1Features: number;
  /** Size of each second input. */
  readonly in2Features: number;
  /** Size of each output. */
  readonly outFeatures: number;
  /** The weight, `[outFeatures, in1Features, in2Features]`. */
  weight: Tensor;
  /** The bias, `[outFeatures]`; null if there is none. */
  bias: Tensor | null;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        in1Features: "in1Features",
        in2Features: "in2Features",
        outFeatures: "outFeatures",
        bias: "bias",
      ],
      {
        /** Size of each first input, at least 1. */
        readonly in1Features: number;
        /** Size of each second input, at least 0. */
        readonly in2Features: number;
        /** Size of each output, at least 0. */
        readonly outFeatures: number;
        /** Whether there is a bias. Default: true. */
        readonly bias?: boolean;
      }
    >
  ) {
    super();
    const args = read(Bilinear, bilinearTable, given);
    const { in1Features, in2Features, outFeatures } = args;
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    const fill = uniformByInputs(in1Features);
    [this.weight, this.bias] = own(this, [
      { name: "weight", shape: [outFeatures, in1Features, in2Features], fill },
      { name: "bias", shape: args.bias ? [outFeatures] : null, fill },
    ], args);
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([], {
      in1_features: this.in1Features,
      in2_features: this.in2Features,
      out_features: this.outFeatures,
      bias: this.bias !== null,
    });
  }
}

const preluTable = { numParameters: count(0, 1), init: real(0.25) };

/**
 * The activation `max(0, x) + weight · min(0, x)`. Nothing is drawn: each
 * weight is `init`.
 *
 * @see `torch.nn.PReLU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const prelu = new nn.PReLU(3);
 * assertEquals(prelu.weight.toArray(), [0.25, 0.25, 0.25]);
 * assertEquals(String(prelu), "PReLU(num_parameters=3)");
 * ```
 */
export class PReLU extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "PReLU";
  /** The number of slopes. */
  readonly numParameters: number;
  /** The first value of each slope. */
  readonly init: number;
  /** The slopes, `[numParameters]`. */
  weight: Tensor;

  /**
   * Makes the layer.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [numParameters: "numParameters", init: "init"],
      {
        /** The number of slopes: 1, or one for each channel. Default: 1. */
        readonly numParameters?: number;
        /** The first value of each slope. Default: 0.25. */
        readonly init?: number;
      }
    >
  ) {
    super();
    const args = read(PReLU, preluTable, given);
    const { numParameters, init } = args;
    this.numParameters = numParameters;
    this.init = init;
    [this.weight] = own(this, [{
      name: "weight",
      shape: [numParameters],
      fill: (weight) => constant(weight, { value: init }),
    }], args);
  }

  /** Returns the arguments that the text shows. */
  override extraRepr(): string {
    return formatArguments([], { num_parameters: this.numParameters });
  }
}
