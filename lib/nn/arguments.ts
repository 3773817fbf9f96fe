/**
 * The arguments of layers: any leading run of PyTorch's by position, the rest
 * by name in one last object.
 *
 * @module
 */

import { describe, withDefaults } from "../core/options.ts";

/**
 * The argument lists of a layer: each leading run of `Positional`, with or
 * without an object of named options after it.
 */
export type LayerArguments<Positional extends unknown[], Options> =
  | [...Positional, options?: Options]
  | (Positional extends [...infer Fewer, unknown]
    ? LayerArguments<Fewer, Options>
    : never);

/**
 * Returns a layer's arguments by name, with defaults in place of what is
 * missing.
 *
 * @param layer The layer's name, for the error's sentence.
 * @param given What the constructor was given.
 * @param names PyTorch's positional arguments, in order; all must also be in
 * `defaults`.
 * @param defaults Every argument with its default; undefined where it has none.
 * @throws {TypeError} If there are too many arguments, a name is unknown, or
 * one is given twice.
 */
export function readArguments<T extends object>(
  layer: string,
  given: readonly unknown[],
  names: readonly (keyof T & string)[],
  defaults: T,
): T {
  const action = `make nn.${layer}`;
  const last = given.at(-1);
  const options: Record<string, unknown> = isOptions(last) ? last : {};
  const positional = isOptions(last) ? given.slice(0, -1) : given;
  if (positional.length > names.length) {
    throw new TypeError(
      `Cannot ${action} as the arguments must be at most ${names.length} (${
        names.join(", ")
      }) and one object: current value is ${positional.length} arguments`,
    );
  }
  const result = withDefaults(action, options, defaults);
  positional.forEach((value, index) => {
    const name = names[index];
    if (Object.hasOwn(options, name)) {
      throw new TypeError(
        `Cannot ${action} as ${name} must be given once: current value is ${
          describe(value)
        } by position and ${describe(options[name])} by name`,
      );
    }
    if (value !== undefined) Object.assign(result, { [name]: value });
  });
  return result;
}

/**
 * Checks that an argument is true or false.
 *
 * @param action What is being done, for the error's sentence.
 * @param name The argument's name.
 * @param value Its value.
 * @throws {TypeError} If it is something else.
 */
export function checkBoolean(
  action: string,
  name: string,
  value: unknown,
): asserts value is boolean {
  if (typeof value !== "boolean") {
    throw new TypeError(
      `Cannot ${action} as ${name} must be true or false: current value is ${
        describe(value)
      }`,
    );
  }
}

function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
