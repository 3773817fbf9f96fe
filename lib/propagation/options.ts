/**
 * What a run of `propagate` is given, checked before anything is drawn.
 *
 * @module
 */

import {
  cannot,
  checkCount,
  checkFinite,
  describe,
  withDefaults,
} from "../core/options.ts";
import { type Activation, type Curve, curveOf } from "./activations.ts";
import { streamOf } from "../random/default_generator.ts";
import type { AnyGenerator } from "../random/generator.ts";
import { Generator } from "../random/torch/generator.ts";
import { type Filler, type Filling, fillingOf } from "./filling.ts";

/** How far a run has come. */
export interface Progress {
  /** The direction. */
  readonly pass: "forward" | "backward";
  /** The layer that is done, from 1. */
  readonly layer: number;
  /** How many layers are done, both ways. */
  readonly done: number;
  /** How many there are, both ways: twice the depth. */
  readonly total: number;
}

/** Options of {@linkcode propagate}. */
export interface PropagateOptions {
  /** How many layers, at least 1. Default: 10. */
  readonly depth?: number;
  /**
   * How many units the inputs and every layer have, at least 1; or a list of
   * depth + 1 widths, the inputs' first. Default: 256.
   */
  readonly width?: number | readonly number[];
  /** What follows each layer, the last one too. Default: relu. */
  readonly activation?: Activation;
  /** The slope of leaky_relu below 0. Default: 0.01. */
  readonly negativeSlope?: number;
  /**
   * How weights are filled: an initializer, its name, `{ name, ...options }`,
   * what is drawn, or a function of a weight and a generator. Default:
   * `kaimingNormal` with the gain of the activation; of relu for gelu and silu,
   * which have none in PyTorch's table.
   */
  readonly init?: Filler;
  /** Biases are drawn from N(0, biasStd²). Default: 0, no bias. */
  readonly biasStd?: number;
  /** How many inputs, at least 2. Default: 256. */
  readonly batch?: number;
  /** The seed of all that is random. Default: 0. */
  readonly seed?: number | bigint;
  /** Where all that is random comes from, in place of a seed. */
  readonly generator?: AnyGenerator;
  /** How many bins histograms have; 0 for none. Default: 60. */
  readonly bins?: number;
  /** Called after each layer, forward and backward. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Options that are complete and checked. */
export interface Plan {
  /** The inputs' width, then each layer's. */
  readonly widths: readonly number[];
  /** The activation's name. */
  readonly activation: Activation;
  /** The activation. */
  readonly curve: Curve;
  /** What fills the weights. */
  readonly filling: Filling;
  /** The standard deviation of the biases. */
  readonly biasStd: number;
  /** How many inputs. */
  readonly batch: number;
  /** How many bins; 0 for no histogram. */
  readonly bins: number;
  /** The seed; null where a generator was given. */
  readonly seed: number | bigint | null;
  /** Where all that is random comes from. */
  readonly generator: AnyGenerator;
  /** Called after each layer. */
  readonly onProgress: (progress: Progress) => void;
}

const action = "propagate signals";
const defaultDepth = 10;

/**
 * Returns complete options.
 *
 * @param options What the caller gave.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If a number is out of its interval or a name unknown.
 */
export function planOf(options: PropagateOptions): Plan {
  const given = withDefaults(action, options, {
    depth: undefined as number | undefined,
    width: 256 as number | readonly number[],
    activation: "relu" as Activation,
    negativeSlope: 0.01,
    init: undefined as Filler | undefined,
    biasStd: 0,
    batch: 256,
    seed: undefined as number | bigint | undefined,
    generator: undefined as AnyGenerator | undefined,
    bins: 60,
    onProgress: (() => {}) as (progress: Progress) => void,
  });
  const { activation, negativeSlope, biasStd, batch, bins } = given;
  checkFinite(action, "negativeSlope", negativeSlope);
  const curve = curveOf(action, activation, negativeSlope);
  checkFinite(action, "biasStd", biasStd);
  if (biasStd < 0) {
    throw new RangeError(
      `Cannot ${action} as biasStd must be at least 0: current value is ${biasStd}`,
    );
  }
  checkCount(action, "batch", batch, 2);
  checkCount(action, "bins", bins, 0);
  if (given.seed !== undefined && given.generator !== undefined) {
    throw new TypeError(
      cannot(action, "seed must be left out beside generator"),
    );
  }
  const { onProgress } = given;
  if (typeof onProgress !== "function") {
    throw new TypeError(
      `Cannot ${action} as onProgress must be a function: current value is ${
        describe(onProgress)
      }`,
    );
  }
  const filling = fillingOf(
    action,
    given.init ?? usual(activation, negativeSlope),
  );
  const widths = widthsOf(given.depth, given.width);
  return {
    ...{ widths, activation, curve, filling, biasStd, batch, bins },
    ...sourceOf(given.seed, given.generator),
    onProgress,
  };
}

function sourceOf(
  seed: number | bigint = 0,
  generator: AnyGenerator | undefined,
): Pick<Plan, "seed" | "generator"> {
  if (generator === undefined) return { seed, generator: new Generator(seed) };
  return { seed: null, generator: streamOf(action, generator) };
}

/** He et al.'s rule, with PyTorch's gain. */
function usual(activation: Activation, negativeSlope: number): Filler {
  const name = "kaimingNormal";
  if (activation === "leaky_relu") {
    return { name, nonlinearity: activation, negativeSlope };
  }
  return activation === "gelu" || activation === "silu"
    ? { name, nonlinearity: "relu" }
    : { name, nonlinearity: activation };
}

function widthsOf(
  depth: number | undefined,
  width: number | readonly number[],
): readonly number[] {
  if (depth !== undefined) checkCount(action, "depth", depth, 1);
  if (!Array.isArray(width)) {
    checkCount(action, "width", width, 1);
    return new Array((depth ?? defaultDepth) + 1).fill(width);
  }
  width.forEach((one) => checkCount(action, "each width", one, 1));
  const wanted = depth === undefined ? Math.max(2, width.length) : depth + 1;
  if (width.length !== wanted) {
    throw new RangeError(
      `Cannot ${action} as width must be one number or a list of ${wanted}, the inputs' first: current value is ${
        describe(width)
      }`,
    );
  }
  return [...width];
}
