/**
 * The options of initialisers as arguments.
 *
 * @module
 */

import type { Initialiser, InitOptions } from "../materialize/initialisers.ts";
import { UsageError } from "./usage_error.ts";
import { readNumber } from "./values.ts";

/** The options whose value is a word, and those whose value is a number. */
const words: readonly string[] = ["mode", "nonlinearity"];

const kaiming = ["negative-slope", "mode", "nonlinearity"];

/** What each initialiser of `init` takes, by its name there. */
const taken: Readonly<Record<string, readonly string[]>> = {
  uniform: ["low", "high"],
  normal: ["mean", "std"],
  truncNormal: ["mean", "std", "low", "high"],
  xavierUniform: ["gain"],
  xavierNormal: ["gain"],
  kaimingUniform: kaiming,
  kaimingNormal: kaiming,
  orthogonal: ["gain"],
  sparse: ["sparsity", "std"],
  constant: ["value"],
  dirac: ["groups"],
  ones: [],
  zeros: [],
  eye: [],
};

/** PyTorch's names, where they differ. */
const torchNames: readonly string[] = ["a", "b", "val"];

/** Constants may be these, as Python writes them; other options refuse them. */
const notFinite: ReadonlyMap<string, number> = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

/** The names of all options of all initialisers, PyTorch's names too. */
export const fillOptions: readonly string[] = [
  ...new Set(Object.values(taken).flat()),
  ...torchNames,
];

/**
 * Returns the options that were given to an initialiser.
 *
 * @param initialiser The initialiser.
 * @param values The texts of all options that were given, by name.
 * @throws {UsageError} If it does not take one of them, one comes by both of its
 * names, or a text is no number.
 */
export function readFillOptions(
  { name, torchNames }: Initialiser,
  values: Readonly<Record<string, string | undefined>>,
): InitOptions {
  const options: Record<string, number | string> = {};
  for (const given of fillOptions) {
    const text = values[given];
    if (text === undefined) continue;
    const option = torchNames[given] ?? camelCase(given);
    if (!taken[name].map(camelCase).includes(option)) {
      throw new UsageError(`${name} has no --${given}; ${listOf(name)}`);
    }
    if (option in options) {
      throw new UsageError(`--${given} came twice, by two names`);
    }
    options[option] = words.includes(option)
      ? text
      : notFinite.get(text.toLowerCase()) ?? readNumber(`--${given}`, text);
  }
  return options;
}

function listOf(name: string): string {
  const names = taken[name].map((option) => `--${option}`);
  return names.length === 0
    ? "it has no options"
    : `its options are ${names.join(", ")}`;
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}
