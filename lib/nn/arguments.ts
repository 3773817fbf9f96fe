/**
 * The arguments of layers: any leading run of PyTorch's by position, the rest
 * by name in one last object.
 *
 * @module
 */

import { checkDtype, type Dtype, dtypes } from "../core/dtype.ts";
import {
  cannot,
  describe,
  type Option,
  withDefaults,
} from "../core/options.ts";
import { streamOf } from "../random/default_generator.ts";
import type { AnyGenerator } from "../random/generator.ts";

/** What every layer takes beside PyTorch's arguments. */
export interface LayerOptions {
  /** The element type of the parameters. Default: float32. */
  readonly dtype?: Dtype;
  /** Where the first weights come from. Default: the default generator. */
  readonly generator?: AnyGenerator;
}

/**
 * The argument lists of a layer: each leading run of `Positional`, with or
 * without an object of named options after it.
 */
export type LayerArguments<Positional extends unknown[], Options> =
  | [...Positional, options?: Options]
  | (Positional extends [...infer Fewer, unknown]
    ? LayerArguments<Fewer, Options>
    : never);

/** The arguments of a layer, in PyTorch's order. */
type Signature = Readonly<Record<string, Option<unknown>>>;

/** What reading gives: each argument, and what every layer takes. */
type Read<S extends Signature> =
  & { [K in keyof S]: S[K] extends Option<infer T> ? T : never }
  & LayerOptions;

const dtype: Option<Dtype> = {
  fallback: "float32",
  named: true,
  read(action, _, value) {
    checkDtype(action, value);
    if (dtypes[value].kind === "float") return value;
    throw new TypeError(
      `Cannot ${action} as dtype must be a float dtype: current value is ${value}`,
    );
  },
};

const generator: Option<AnyGenerator> = {
  named: true,
  read: (action, _, value) => streamOf(action, value),
};

/**
 * Returns a layer's arguments by name, checked, with defaults in place of what
 * is missing.
 *
 * @param layer The layer's name, for the error's sentence.
 * @param given What the constructor was given.
 * @param signature How each argument is read, in PyTorch's order. Every layer
 * also takes `dtype` and `generator`, by name.
 * @throws {TypeError} If there are too many arguments, a name is unknown, or
 * one is given twice, or is of the wrong kind.
 * @throws {RangeError} If an argument is out of range.
 */
export function readArguments<S extends Signature>(
  layer: string,
  given: readonly unknown[],
  signature: S,
): Read<S> {
  const action = actionOf(layer);
  const last = given.at(-1);
  const options = isOptions(last) ? last : {};
  const positional = isOptions(last) ? given.slice(0, -1) : given;
  // Twice: its own come first in messages, and hold where both have a name.
  const wanted: Signature = { ...signature, dtype, generator, ...signature };
  const names = Object.keys(wanted);
  const ordered = names.filter((name) => !wanted[name].named);
  checkGivenOnce(action, positional, ordered, options);
  const values: Record<string, unknown> = withDefaults(
    action,
    options,
    Object.fromEntries(names.map((name) => [name, undefined])),
  );
  positional.forEach((value, index) => values[ordered[index]] = value);
  for (const name of names) {
    const { fallback } = wanted[name];
    const value = values[name] === undefined ? fallback : values[name];
    values[name] = wanted[name].read(action, name, value);
  }
  return values as Read<S>;
}

/**
 * Returns how the making of a layer is named in an error's sentence.
 *
 * @param layer The layer's name in `nn`.
 */
export function actionOf(layer: string): string {
  return `make nn.${layer}`;
}

function checkGivenOnce(
  action: string,
  positional: readonly unknown[],
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): void {
  if (positional.length > names.length) {
    throw new TypeError(
      `Cannot ${action} as the arguments must be at most ${names.length} (${
        names.join(", ")
      }) and one object: current value is ${positional.length} arguments`,
    );
  }
  positional.forEach((value, index) => {
    const name = names[index];
    if (Object.hasOwn(options, name)) {
      throw new TypeError(
        `Cannot ${action} as ${name} must be given once: current value is ${
          describe(value)
        } by position and ${describe(options[name])} by name`,
      );
    }
  });
}

function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
