/**
 * How the weights of a stack are filled: by an initialiser's name, with
 * options, or by a function.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import * as initialisers from "../init/init.ts";
import { theoryOf } from "../init/theory.ts";
import type { Generator } from "../random/generator.ts";
import { moments } from "../statistics/moments.ts";

const {
  uniform,
  normal,
  truncNormal,
  xavierUniform,
  xavierNormal,
  kaimingUniform,
  kaimingNormal,
  orthogonal,
  sparse,
  constant,
  ones,
  zeros,
  eye,
} = initialisers;
const random = {
  uniform,
  normal,
  truncNormal,
  xavierUniform,
  xavierNormal,
  kaimingUniform,
  kaimingNormal,
  orthogonal,
  sparse,
};
const fixed = { constant, ones, zeros, eye };
const names = [...Object.keys(random), ...Object.keys(fixed)];

/** The initialisers that fill a matrix, by their names in `init`. */
export type InitialiserName =
  | "uniform"
  | "normal"
  | "truncNormal"
  | "xavierUniform"
  | "xavierNormal"
  | "kaimingUniform"
  | "kaimingNormal"
  | "orthogonal"
  | "sparse"
  | "constant"
  | "ones"
  | "zeros"
  | "eye";

/** The options of an initialiser, all but the generator. */
export type InitialiserOptions<Name extends InitialiserName> =
  Parameters<typeof initialisers[Name]> extends [unknown, (infer Options)?]
    ? Omit<NonNullable<Options>, "generator">
    : never;

/** An initialiser with its options: `{ name: "normal", std: 0.01 }`. */
export type NamedInitialiser = {
  readonly [Name in InitialiserName]:
    & { readonly name: Name }
    & InitialiserOptions<Name>;
}[InitialiserName];

/** A function that fills a weight `[fanOut, fanIn]`. */
export type WeightFiller = (
  weight: Tensor<"float32">,
  generator: Generator,
) => void;

/** How weights are filled. */
export type Initialiser = InitialiserName | NamedInitialiser | WeightFiller;

/** An initialiser that is ready to fill. */
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
 * @param init The initialiser.
 * @throws {TypeError} If it is neither a name, an object with one, nor a
 * function.
 * @throws {RangeError} If the name is unknown.
 */
export function fillingOf(action: string, init: Initialiser): Filling {
  if (typeof init === "function") {
    return { label: init.name || "a function", fill: init };
  }
  const given = typeof init === "string" ? { name: init } : init;
  if (typeof given !== "object" || given === null || !("name" in given)) {
    throw new TypeError(
      `Cannot ${action} as init must be an initialiser's name, an object with one, or a function: current value is ${
        describe(init)
      }`,
    );
  }
  const { name, ...options } = given;
  if (!names.includes(name)) {
    throw new RangeError(
      `Cannot ${action} as init must be one of ${
        names.join(", ")
      }: current value is ${describe(name)}`,
    );
  }
  const label = [
    name,
    ...Object.entries(options).map(([key, value]) => `${key}: ${short(value)}`),
  ].join(", ");
  return { label, fill: fillerOf(name, options) };
}

/** A number to four digits: √5 is 2.236. */
function short(value: unknown): string {
  return typeof value === "number"
    ? String(Number(value.toPrecision(4)))
    : String(value);
}

/** Fillers by name take options of their own, which each checks itself. */
function fillerOf(name: InitialiserName, options: object): WeightFiller {
  type Fill = (weight: Tensor, options: object) => Tensor;
  if (Object.hasOwn(fixed, name)) {
    const fill = fixed[name as keyof typeof fixed] as Fill;
    return (weight) => void fill(weight, options);
  }
  const fill = random[name as keyof typeof random] as Fill;
  return (weight, generator) => void fill(weight, { ...options, generator });
}

/** A mean this many standard errors from 0 is taken for another than 0. */
const farErrors = 5;

/**
 * Returns the variance of a weight's elements as mean-field theory needs it:
 * the initialiser's where it is known, or else the measured one; null where
 * their mean is not 0.
 *
 * @param weight The weight, filled.
 */
export function weightVariance(weight: Tensor<"float32">): number | null {
  const theory = theoryOf(weight);
  if (theory !== undefined) return theory.mean === 0 ? theory.std ** 2 : null;
  const { count, mean, sampleStd } = moments(weight.data);
  const far = farErrors * sampleStd / Math.sqrt(count);
  return Math.abs(mean) <= far ? sampleStd ** 2 : null;
}
