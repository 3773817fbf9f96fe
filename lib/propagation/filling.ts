/**
 * Fills the weights of a stack by an initializer, its name, a distribution or a
 * function.
 *
 * @module
 */

import { cannot, checkAtOnce, describe, isPlain } from "../core/options.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type AnyInitializer, initializerOf } from "../init/initializer.ts";
import { initializers } from "../init/initializers.ts";
import type * as rules from "../init/initializers.ts";
import { moments } from "../numerics/moments.ts";
import {
  checkDistribution,
  type Distribution,
  draws,
  expectationOf,
  readDistribution,
  type Target,
} from "../random/distribution.ts";
import { type AnyGenerator, fill, filledBy } from "../random/generator.ts";

/**
 * A function that fills a weight `[fanOut, fanIn]`.
 *
 * @internal
 */
export type WeightFiller = (
  weight: Tensor<"float32">,
  generator: AnyGenerator,
) => void;

/**
 * How weights are filled: an initializer, its name here or in PyTorch, its name
 * here with options, a distribution, or a function of a weight and a generator.
 *
 * @internal
 */
export type Filler =
  | string
  | {
    readonly [Name in keyof typeof rules]: typeof rules[Name] extends
      { distribution(target: Target, ...given: infer Given): unknown }
      ? { readonly name: Name } & Omit<NonNullable<Given[0]>, "generator">
      : never;
  }[keyof typeof rules]
  // Without its call, so that a function's parameters get the types below.
  | { readonly title: string; readonly random: boolean }
  | Distribution
  | WeightFiller;

/** A filler that is ready to fill. */
export interface Filling {
  /** Its name: `kaimingNormal, nonlinearity: relu`. */
  readonly label: string;
  /**
   * The distribution it draws from; undefined if only the filled weight reveals
   * it.
   */
  readonly distribution?: Distribution;
  /**
   * Checks that it can fill a weight, before anything is drawn.
   *
   * @param shape The weight's shape.
   */
  readonly check: (shape: Shape) => void;
  /** Fills a weight. */
  readonly fill: WeightFiller;
}

/** A mean this many standard errors from 0 counts as nonzero. */
const farErrors = 5;

/**
 * Returns a filler, ready to fill.
 *
 * @param action What is being done, for the error message.
 * @param init How weights are filled.
 * @throws {TypeError} If it is none of the ways.
 * @throws {RangeError} If a name is unknown.
 */
export function fillingOf(action: string, init: Filler): Filling {
  if (typeof init === "string") {
    return byInitializer(initializerOf(action, init, initializers), {});
  }
  if (typeof init === "function") {
    return "distribution" in init
      ? byInitializer(init as AnyInitializer, {})
      : byFunction(action, init);
  }
  if (isPlain(init) && Object.hasOwn(init, "kind")) {
    return byDistribution(action, readDistribution(action, "init", init));
  }
  if (isPlain(init) && Object.hasOwn(init, "name")) {
    const { name, ...options }: Readonly<Record<string, unknown>> = init;
    if (Object.hasOwn(options, "generator")) {
      throw new TypeError(
        cannot(action, "generator must be an option of the run, not of init"),
      );
    }
    return byInitializer(initializerOf(action, name, initializers), options);
  }
  throw new TypeError(
    cannot(
      action,
      "init must be an initializer, its name, an object with a name, a distribution or a function",
      describe(init),
    ),
  );
}

/**
 * Returns the variance of a weight's elements as mean-field theory needs it:
 * the expected one if it is known what filled it, or else the measured one;
 * null if their mean is not 0.
 *
 * @param weight The weight, filled.
 * @param drawn What it was drawn from, if that is known. Default: what the
 * initializer that filled it drew from.
 */
export function weightVariance(
  weight: Tensor<"float32">,
  drawn?: Distribution,
): number | null {
  const filled = filledBy(weight);
  const distribution = drawn ?? filled?.distribution;
  if (distribution !== undefined) {
    const { mean, std } = expectationOf(
      distribution,
      weight.shape,
      filled?.zeroed,
    );
    return mean === 0 ? std ** 2 : null;
  }
  const { count, mean, sampleStd } = moments(weight.data);
  const far = farErrors * sampleStd / Math.sqrt(count);
  return Math.abs(mean) <= far ? sampleStd ** 2 : null;
}

function byInitializer(initializer: AnyInitializer, options: object): Filling {
  const { title, random } = initializer;
  return {
    label: labelOf(title, options),
    check: (shape) => void initializer.distribution(targetOf(shape), options),
    fill: (weight, generator) =>
      void initializer(weight, random ? { ...options, generator } : options),
  };
}

function byDistribution(action: string, distribution: Distribution): Filling {
  return {
    label: distributionLabel(distribution),
    distribution,
    check: (shape) => checkDistribution(action, distribution, targetOf(shape)),
    fill: (weight, generator) =>
      fill(weight, distribution, draws(distribution) ? generator : undefined),
  };
}

/** What is scaled goes by its kind and the factor: `uniform × 0.2, low: -1`. */
function distributionLabel(distribution: Distribution, factors = ""): string {
  if (distribution.kind === "scaled") {
    const { by, of } = distribution;
    return distributionLabel(of, ` × ${shortText(by)}${factors}`);
  }
  const { kind, ...numbers } = distribution;
  return labelOf(`${kind}${factors}`, numbers);
}

function byFunction(action: string, fill: WeightFiller): Filling {
  // One that is written in the options gets the option's name.
  const isNamed = !["", "init"].includes(fill.name);
  return {
    label: isNamed ? fill.name : "a function",
    check() {},
    fill: (weight, generator) =>
      checkAtOnce(action, "init", fill(weight, generator)),
  };
}

function targetOf(shape: Shape): Target {
  return { shape, dtype: "float32" };
}

function labelOf(name: string, options: object): string {
  const parts = Object.entries(options)
    .map(([key, value]) => `${key}: ${shortText(value)}`);
  return [name, ...parts].join(", ");
}

/** Numbers have four digits: √5 is 2.236. */
function shortText(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  return typeof value === "string" ? value : describe(value);
}
