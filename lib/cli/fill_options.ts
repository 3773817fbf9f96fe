/**
 * Options of initializers as flags of the command line.
 *
 * @module
 */

import type { AnyTable } from "../core/options.ts";
import type { AnyInitializer } from "../init/initializer.ts";
import { initializers } from "../init/initializers.ts";
import { UsageError } from "./usage_error.ts";
import { readNumber } from "./values.ts";

/** Numbers as Python writes them, where an option takes them. */
const notFinite: ReadonlyMap<string, number> = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

const kebab = (name: string) =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The flags of all initializers, and PyTorch's names of them. */
export const fillOptions: readonly string[] = [
  ...new Set(
    Object.values(initializers).flatMap(flagsOf).map(([flag]) => flag),
  ),
];

/**
 * Returns the options that were given to an initializer.
 *
 * @param initializer The initializer.
 * @param values The texts of all options that were given, by name.
 * @throws {UsageError} If it does not take one of them, one comes by both of its
 * names, or a text is no number.
 */
export function readFillOptions(
  initializer: AnyInitializer,
  values: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, unknown>> {
  const names = new Map(flagsOf(initializer));
  const table = initializer.options as AnyTable;
  const options: Record<string, unknown> = {};
  for (const flag of fillOptions) {
    const text = values[flag];
    if (text === undefined) continue;
    const name = names.get(flag);
    if (name === undefined) {
      throw new UsageError(
        `${initializer.title} has no --${flag}; ${listOf(initializer)}`,
      );
    }
    if (Object.hasOwn(options, name)) {
      throw new UsageError(`--${flag} came twice, by two names`);
    }
    options[name] = table[name].choices === undefined
      ? notFinite.get(text.toLowerCase()) ?? readNumber(`--${flag}`, text)
      : text;
  }
  return options;
}

/**
 * Returns an initializer's flags with the options that they are: their names in
 * kebab case, and PyTorch's of one word.
 *
 * @param initializer The initializer.
 */
export function flagsOf(
  { options }: AnyInitializer,
): (readonly [flag: string, option: string])[] {
  return Object.entries(options as AnyTable).flatMap(
    ([name, { also = [], asText = true }]) =>
      asText
        ? [kebab(name), ...also.filter((other) => !other.includes("_"))]
          .map((flag) => [flag, name] as const)
        : [],
  );
}

function listOf(initializer: AnyInitializer): string {
  const names = new Set(flagsOf(initializer).map(([, name]) => kebab(name)));
  return names.size === 0
    ? "it has no options"
    : `its options are ${[...names].map((name) => `--${name}`).join(", ")}`;
}
