/**
 * How the weights of a stack are filled: by an initializer, its name, a
 * distribution or a function.
 *
 * @module
 */

import { cannot, describe, isPlain } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { type AnyInitializer, initializerOf } from "../init/initializer.ts";
import { initializers } from "../init/initializers.ts";
import { moments } from "../numerics/moments.ts";
import {
  checkDistribution,
  type Distribution,
  draws,
  expectationOf,
} from "../random/distribution.ts";
import { type AnyGenerator, fill, filledBy } from "../random/generator.ts";

/** A function that fills a weight `[fanOut, fanIn]`. */
export type WeightFiller = (
  weight: Tensor<"float32">,
  generator: AnyGenerator,
) => void;

/**
 * How weights are filled: an initializer, its name here or in PyTorch, its name
 * with options, what is drawn, or a function of a weight and a generator.
 */
export type Filler =
  | string
  | { readonly name: string; readonly [option: string]: unknown }
  | Omit<AnyInitializer, never>
  | Distribution
  | WeightFiller;

/** A filler that is ready to fill. */
export interface Filling {
  /** What it is called: `kaimingNormal, nonlinearity: relu`. */
  readonly label: string;
  /** Fills a weight. */
  readonly fill: WeightFiller;
}

/**
 * Returns the function that fills, and what to call it.
 *
 * @param action What is being done, for the error's sentence.
 * @param init How weights are filled.
 * @throws {TypeError} If it is none of the ways.
 * @throws {RangeError} If a name is unknown.
 */
export function fillingOf(action: string, init: Filler): Filling {
  if (typeof init === "function") {
    return "distribution" in init
      ? named(init as AnyInitializer, {})
      : { label: init.name || "a function", fill: init };
  }
  if (typeof init === "string") {
    return named(initializerOf(action, init, initializers), {});
  }
  if (isPlain(init) && "kind" in init) {
    return drawn(init as unknown as Distribution);
  }
  if (!isPlain(init) || !("name" in init)) {
    throw new TypeError(
      cannot(
        action,
        "init must be an initializer, its name, an object with a name, a distribution or a function",
        describe(init),
      ),
    );
  }
  const { name, ...options } = init;
  return named(initializerOf(action, name, initializers), options);
}

function drawn(distribution: Distribution): Filling {
  const { kind, ...numbers } = distribution;
  return {
    label: labelOf(kind, numbers),
    fill(weight, generator) {
      checkDistribution("fill a weight", distribution, weight);
      fill(weight, distribution, draws(distribution) ? generator : undefined);
    },
  };
}

/** The initializer checks its options. */
function named(initializer: AnyInitializer, options: object): Filling {
  const { title, random } = initializer;
  return {
    label: labelOf(title, options),
    fill: (weight, generator) =>
      void initializer(weight, random ? { ...options, generator } : options),
  };
}

function labelOf(name: string, options: object): string {
  return [
    name,
    ...Object.entries(options).map(([key, value]) => `${key}: ${short(value)}`),
  ].join(", ");
}

/** A number to four digits: √5 is 2.236. */
function short(value: unknown): string {
  return typeof value === "number"
    ? String(Number(value.toPrecision(4)))
    : typeof value === "string"
    ? value
    : describe(value);
}

/** A mean this many standard errors from 0 is taken for another than 0. */
const farErrors = 5;

/**
 * Returns the variance of a weight's elements as mean-field theory needs it:
 * the expected one where it is known what filled it, or else the measured one;
 * null where their mean is not 0.
 *
 * @param weight The weight, filled.
 */
export function weightVariance(weight: Tensor<"float32">): number | null {
  const filled = filledBy(weight);
  if (filled !== undefined) {
    const { distribution, zeroed } = filled;
    const { mean, std } = expectationOf(distribution, weight.shape, zeroed);
    return mean === 0 ? std ** 2 : null;
  }
  const { count, mean, sampleStd } = moments(weight.data);
  const far = farErrors * sampleStd / Math.sqrt(count);
  return Math.abs(mean) <= far ? sampleStd ** 2 : null;
}
