/**
 * Defines initializers: a name, a table of options, and a rule that turns the
 * options and a tensor's shape into a distribution. Calling one fills a tensor.
 *
 * @module
 */

import { checkDtype, type FloatDtype } from "../core/dtype.ts";
import {
  type AnyTable,
  byName,
  cannot,
  describe,
  frozen,
  type Option,
  type OptionTable,
  readOptions,
  suggestion,
} from "../core/options.ts";
import { checkShape } from "../core/shape.ts";
import { checkTensor, type Tensor } from "../core/tensor.ts";
import { generatorOf } from "../random/default_generator.ts";
import {
  checkDistribution,
  checkFloat,
  type Distribution,
  type Target,
} from "../random/distribution.ts";
import { type AnyGenerator, fill, remember } from "../random/generator.ts";

/** The option of every initializer that draws. */
export interface RandomOptions {
  /** Where the random numbers come from. Default: the default generator. */
  readonly generator?: AnyGenerator;
}

/**
 * An options object, which may be omitted if every option may.
 *
 * @internal
 */
export type OptionsArgument<O> = Record<never, never> extends O ? [options?: O]
  : [options: O];

/**
 * An initializer; calling it fills a tensor in place and returns it.
 *
 * @example
 * ```ts
 * import { init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const { title, random, options } = init.kaimingUniform;
 * assertEquals([title, random], ["kaimingUniform", true]);
 * assertEquals(options.mode.choices, ["fan_in", "fan_out"]);
 * const target = { shape: [60_000, 140_000], dtype: "float32" } as const;
 * assertEquals(init.xavierNormal.distribution(target), {
 *   kind: "normal",
 *   mean: 0,
 *   std: Math.sqrt(2 / 200_000),
 * });
 * ```
 */
export interface Initializer<O extends object = object> {
  /**
   * Fills a tensor in place.
   *
   * @param tensor The tensor to fill; of a float dtype.
   * @param given The options.
   * @returns The tensor.
   */
  <T extends Tensor>(
    tensor: T & FloatOnly<T>,
    ...given: OptionsArgument<O>
  ): T;
  /** Its name in `init`; minifiers leave it alone. */
  readonly title: string;
  /** Its options except the generator, in PyTorch's order. */
  readonly options: OptionTable<Omit<O, "generator">>;
  /** Whether it draws, and takes a generator. */
  readonly random: boolean;
  /**
   * Returns the distribution it fills from, without drawing or allocating;
   * undefined if it leaves the tensor unchanged.
   *
   * @param target The tensor's shape and dtype, or a tensor.
   * @param given The options.
   */
  distribution(
    target: Target,
    ...given: OptionsArgument<O>
  ): Distribution | undefined;
}

/**
 * Refuses, in types, a tensor that is known to have no float dtype. One whose
 * dtype is known only at run time is accepted.
 *
 * @internal
 */
export type FloatOnly<T extends Tensor> =
  [Extract<T["dtype"], FloatDtype>] extends [never]
    ? { readonly dtype: FloatDtype }
    : unknown;

/** An initializer with any options. */
// deno-lint-ignore no-explicit-any
export type AnyInitializer = Initializer<any>;

/**
 * Initializers by name.
 *
 * @internal
 */
export type Initializers = Readonly<Record<string, AnyInitializer>>;

/** Options as a rule receives them: checked, with defaults. */
export type Complete<O> = {
  readonly [K in keyof Omit<O, "generator">]-?: Exclude<O[K], undefined>;
};

/**
 * Turns options and a target into a distribution; undefined leaves the tensor
 * unchanged. It checks combinations that no single option can check; the
 * numbers, dtype and rank of the distribution are checked afterwards.
 */
export type Rule<O> = (
  options: Complete<O>,
  target: Target,
  action: string,
) => Distribution | undefined;

/** Without one, only a fill that draws asks for the default generator. */
const anyGenerator: Option<AnyGenerator | undefined> = {
  read: (action, _name, value) =>
    value === undefined ? undefined : generatorOf(action, value),
};

/**
 * Makes an initializer that draws.
 *
 * @param title Its name.
 * @param options Its options except the generator.
 * @param rule What it draws.
 */
export function define<O extends RandomOptions>(
  title: string,
  options: OptionTable<Omit<O, "generator">>,
  rule: Rule<O>,
): Initializer<O> {
  return make(title, options, rule, true);
}

/**
 * Makes an initializer that draws nothing.
 *
 * @param title Its name.
 * @param options Its options.
 * @param rule What it fills with.
 */
export function defineFixed<O extends object>(
  title: string,
  options: OptionTable<Omit<O, "generator">>,
  rule: Rule<O>,
): Initializer<O> {
  return make(title, options, rule, false);
}

/**
 * Returns an initializer by its name in `init` or in PyTorch, with or without
 * the underscore at the end.
 *
 * @param action What is being done, for the error message.
 * @param name The name: `kaimingNormal`, `kaiming_normal` or `kaiming_normal_`.
 * @param initializers The existing initializers.
 * @throws {TypeError} If it is no string.
 * @throws {RangeError} If it names none.
 */
export function initializerOf(
  action: string,
  name: unknown,
  initializers: Initializers,
): AnyInitializer {
  if (typeof name !== "string") {
    throw new TypeError(
      cannot(action, "init must be a string", describe(name)),
    );
  }
  const camel = name.replace(/_$/, "")
    .replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  if (Object.hasOwn(initializers, camel)) return initializers[camel];
  const names = Object.keys(initializers);
  throw new RangeError(
    cannot(
      action,
      `init must be one of ${names.join(", ")}`,
      describe(name) + suggestion(camel, names),
    ),
  );
}

function make<O extends object>(
  title: string,
  options: OptionTable<Omit<O, "generator">>,
  rule: Rule<O>,
  random: boolean,
): Initializer<O> {
  const action = `fill with init.${title}`;
  const table = options as AnyTable;
  const all = random ? { ...table, generator: anyGenerator } : table;
  let defaults: Complete<O> | undefined;
  const read = (given: object | undefined) => {
    if (given === undefined) {
      defaults ??= Object.freeze(readOptions(action, {}, table)) as Complete<O>;
      return { values: defaults, generator: undefined };
    }
    const { generator, ...values } = readOptions(action, given, all);
    return {
      values: values as Complete<O>,
      generator: generator as AnyGenerator | undefined,
    };
  };
  const ask = (values: Complete<O>, target: Target) => {
    checkFloat(action, target.dtype);
    const found = rule(values, target, action);
    if (found !== undefined) checkDistribution(action, found, target);
    return found;
  };
  /** Refuses PyTorch's arguments by position. */
  function checkByName(given: readonly unknown[]): void {
    const [first] = given;
    if (given.length > 1 || Object(first) !== first && first !== undefined) {
      throw byName(action, given, table);
    }
  }
  function initialize<T extends Tensor>(tensor: T, given?: object): T {
    checkTensor(action, tensor);
    if (arguments.length > 1) checkByName(Array.from(arguments).slice(1));
    const { values, generator } = read(given);
    const distribution = ask(values, tensor);
    if (distribution === undefined) return tensor;
    const target = tensor as Tensor as Tensor<FloatDtype>;
    if (random) fill(target, distribution, generatorOf(action, generator));
    else fill(target, distribution);
    remember(tensor, { initializer: title, options: values, distribution });
    return tensor;
  }
  function distribution(
    target: Target,
    given?: object,
  ): Distribution | undefined {
    if (
      typeof target !== "object" || target === null || !("shape" in target)
    ) {
      throw new TypeError(
        cannot(
          action,
          "the target must be a tensor or { shape, dtype }",
          describe(target),
        ),
      );
    }
    checkByName(Array.from(arguments).slice(1));
    const { shape, dtype } = target;
    checkDtype(action, dtype);
    checkShape(action, shape);
    return ask(read(given).values, { shape, dtype });
  }
  const facts = { title, options: frozen(options), random, distribution };
  return Object.freeze(
    Object.assign(initialize, facts),
  ) as unknown as Initializer<O>;
}
