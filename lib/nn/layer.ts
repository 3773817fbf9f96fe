/**
 * Defines layers: their argument lists, and the tables that read them.
 *
 * @module
 */

import { checkDtype, type Dtype, dtypes } from "../core/dtype.ts";
import {
  type AnyTable,
  cannot,
  describe,
  isPlain,
  type Option,
  type ReadBy,
  readOptions,
} from "../core/options.ts";
import { elementCount, type Shape } from "../core/shape.ts";
import { kaimingUniform, uniform } from "../init/initializers.ts";
import type { AnyGenerator } from "../random/generator.ts";
import { biasBound } from "../init/scaling.ts";
import { generator, Module, type ParameterSpec } from "./module.ts";

/** The options of every layer besides PyTorch's arguments. */
export interface LayerOptions {
  /** The element type of the parameters. Default: float32. */
  readonly dtype?: Dtype;
  /** Where the first weights come from. Default: the default generator. */
  readonly generator?: AnyGenerator;
}

/**
 * The argument lists of a layer: any leading run of PyTorch's arguments by
 * position, the others by name in one last object. Required arguments must be
 * in one or the other; `dtype` and `generator` go by name.
 *
 * `Order` lists the names in PyTorch's order, `Options` has their types:
 * arguments that are not optional are required.
 *
 * @example
 * ```ts
 * import type { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * type LinearArguments = nn.Given<
 *   [inFeatures: "inFeatures", outFeatures: "outFeatures", bias: "bias"],
 *   { inFeatures: number; outFeatures: number; bias?: boolean }
 * >;
 * const lists: LinearArguments[] = [
 *   [3, 2],
 *   [3, 2, false],
 *   [3, { outFeatures: 2 }],
 *   [{ inFeatures: 3, outFeatures: 2, dtype: "float64" }],
 * ];
 * assertEquals(lists.length, 4);
 * // @ts-expect-error: outFeatures is needed
 * lists.push([3]);
 * ```
 */
export type Given<Order extends readonly (keyof Options)[], Options> =
  | [
    ...{ [I in keyof Order]: Exclude<Options[Order[I]], undefined> },
    ...Last<Omit<Options & LayerOptions, Order[number]>>,
  ]
  | (Order extends [...infer Fewer extends (keyof Options)[], unknown]
    ? Given<Fewer, Options>
    : never);

/**
 * An options object, which may be left out where each option may.
 *
 * @internal
 */
type Last<Options> = Record<never, never> extends Options ? [options?: Options]
  : [options: Options];

const dtype: Option<Dtype> = {
  fallback: "float32",
  named: true,
  read(action, _, value) {
    checkDtype(action, value);
    if (dtypes[value].isFilled) return value;
    throw new TypeError(
      cannot(action, "dtype must be a float dtype of 16 bits or more", value),
    );
  },
};

/**
 * Checks a layer's arguments and returns them by name, with defaults for those
 * that were omitted.
 *
 * @param layer The layer's class.
 * @param table How each argument is read, in PyTorch's order. Every layer takes
 * `dtype` and `generator`, too, unless the table has its own.
 * @param given What the constructor was given.
 * @throws {TypeError} If there are too many arguments, a name is unknown, or
 * one is given twice, or is of the wrong kind.
 * @throws {RangeError} If an argument is out of range.
 */
export function read<S extends AnyTable>(
  layer: { readonly title: string },
  table: S,
  given: readonly unknown[],
): ReadBy<S> & LayerOptions {
  const action = actionOf(layer);
  // The table's names come first in messages, and its own options take
  // precedence.
  const all: AnyTable = { ...table, dtype, generator, ...table };
  const last = given.at(-1);
  const options = isPlain(last) ? last : {};
  const positional = isPlain(last) ? given.length - 1 : given.length;
  const values: Record<string, unknown> = { ...options };
  if (positional > 0) {
    const names = Object.keys(all).filter((name) => !all[name].named);
    if (positional > names.length) {
      const few = names.length === 0 ? "" : ` (${names.join(", ")})`;
      throw new TypeError(
        cannot(
          action,
          `arguments must be at most ${names.length}${few} and one object`,
          `${positional} arguments`,
        ),
      );
    }
    for (let index = 0; index < positional; index++) {
      const name = names[index];
      if (options[name] !== undefined) {
        throw givenTwice(action, name, given[index], options[name]);
      }
      values[name] = given[index];
    }
  }
  return readOptions(action, values, all) as ReadBy<S> & LayerOptions;
}

/**
 * Describes the making of a layer, for an error message.
 *
 * @param layer The layer's class.
 */
export function actionOf(layer: { readonly title: string }): string {
  return `make nn.${layer.title}`;
}

/**
 * Checks that one argument is a multiple of another.
 *
 * @param action What is being done, for the error message.
 * @param sizes The multiple and the divisor, by their names.
 * @throws {RangeError} If it is not.
 */
export function checkMultiple(
  action: string,
  sizes: Readonly<Record<string, number>>,
): void {
  const [[name, multiple], [divisorName, divisor]] = Object.entries(sizes);
  if (multiple % divisor === 0) return;
  throw new RangeError(
    cannot(
      action,
      `${name} must be a multiple of ${divisorName} ${divisor}`,
      multiple,
    ),
  );
}

/** Returns an option that is a module. */
export function module(): Option<Module> {
  return {
    read(action, name, value) {
      if (value instanceof Module) return value;
      throw new TypeError(
        cannot(action, `${name} must be a module`, describe(value)),
      );
    },
  };
}

/**
 * Returns the fill from U(−1/√fanIn, 1/√fanIn), which PyTorch's layers share.
 *
 * @param fanIn The inputs of one output, as PyTorch counts them; 0 fills with
 * zeros.
 */
export function uniformByInputs(fanIn: number): ParameterSpec["fill"] {
  const high = biasBound(fanIn);
  return (tensor, options) =>
    uniform(tensor, { low: 0 - high, high, ...options });
}

/**
 * Returns the weight and the bias of a linear layer or a convolution. Both are
 * drawn from U(−1/√fanIn, 1/√fanIn), the weight by Kaiming's rule with a slope
 * of √5, which is the same up to rounding.
 *
 * @param shape The weight's shape, with the inputs at axis 1.
 * @param biases The number of biases; null for a layer without.
 * @see `Linear.reset_parameters`, `_ConvNd.reset_parameters`, PyTorch 2.13.0
 */
export function affine(
  shape: Shape,
  biases: number | null,
): [weight: ParameterSpec<Shape>, bias: ParameterSpec] {
  return [
    {
      name: "weight",
      shape,
      fill: (weight, options) =>
        kaimingUniform(weight, { negativeSlope: Math.sqrt(5), ...options }),
    },
    {
      name: "bias",
      shape: biases === null ? null : [biases],
      fill: uniformByInputs(elementCount(shape.slice(1))),
    },
  ];
}

function givenTwice(
  action: string,
  name: string,
  first: unknown,
  second: unknown,
): TypeError {
  return new TypeError(
    cannot(
      action,
      `${name} must be given once`,
      `${describe(first)} by position and ${describe(second)} by name`,
    ),
  );
}
