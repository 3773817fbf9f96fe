/**
 * What the text of an argument stands for.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import {
  type AnyTable,
  cannot,
  describe,
  suggestion,
} from "../core/options.ts";
import type { Shape } from "../core/shape.ts";
import type { AnyInitializer } from "../init/initializer.ts";
import { initializers } from "../init/initializers.ts";

/** Arguments that make no sense: the message is followed by how to get help. */
export class UsageError extends Error {
  /** The class's name. */
  override readonly name = "UsageError";
}

/** Bytes of each unit of a size; without an i they are powers of ten. */
const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Returns a finite number.
 *
 * @param name What it is, for the error's sentence: `--std`.
 * @param text The text: `0.02`, `1e-3`.
 * @throws {UsageError} If it is none.
 */
export function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) {
    throw misread(name, "a number", text);
  }
  return number;
}

/**
 * Returns a whole number.
 *
 * @param name What it is, for the error's sentence: `--groups`.
 * @param text The text.
 * @param least The least that it may be.
 * @throws {UsageError} If it is none, or less.
 */
export function readCount(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!/^[+-]?\d+$/.test(text) || number < least || !isSafe(number)) {
    throw misread(name, `a whole number of at least ${least}`, text);
  }
  return number;
}

/**
 * Returns the bytes of a size: `2GB` is 2,000,000,000, `1.5GiB` 1,610,612,736.
 *
 * @param name What it is, for the error's sentence: `--shard-size`.
 * @param text The text: digits, and a unit or none.
 * @throws {UsageError} If it is no size, or no whole number of bytes above 0.
 */
export function readSize(name: string, text: string): number {
  const [, digits, unit] = /^([\d.]+)\s*((?:[kmgt]i?)?b)?$/i.exec(text) ?? [];
  const bytes = Number(digits ?? NaN) * units[unit?.toLowerCase() ?? ""];
  if (!isSafe(bytes) || bytes < 1) {
    throw misread(name, "a size such as 500MB, 2GB or 1GiB", text);
  }
  return bytes;
}

/**
 * Returns a shape from operands: `33,16,3,3`, or `33 16 3 3`, or `[33, 16]`.
 *
 * @param texts The operands.
 * @throws {UsageError} If a size is no whole number of at least 0, or there is
 * none; `[]` is the shape of a scalar.
 */
export function readShape(texts: readonly string[]): Shape {
  const text = texts.join(" ").trim();
  const bare = text.replace(/^\[(.*)\]$/s, "$1").trim();
  if (bare === "" && text !== "") return [];
  const sizes = bare.split(/\s*[,×]\s*|\s+|(?<=\d)x(?=\d)/);
  if (!sizes.every((size) => /^\d+$/.test(size) && isSafe(Number(size)))) {
    throw misread("a shape", "sizes such as 33,16,3,3", text);
  }
  return sizes.map(Number);
}

/**
 * Returns a seed; a bigint, so that all 64 bits are kept.
 *
 * @param name What it is, for the error's sentence: `--seed`.
 * @param text The text: a whole number, below 0 too, or hexadecimal.
 * @throws {UsageError} If it is none.
 */
export function readSeed(name: string, text: string): bigint {
  if (!/^(-?\d+|0x[\da-f]+)$/i.test(text)) {
    throw misread(name, "a whole number", text);
  }
  return BigInt(text);
}

/**
 * Returns one of some words.
 *
 * @param name What it is, for the error's sentence: `--dtype`.
 * @param text The text.
 * @param choices The words.
 * @throws {UsageError} If it is none of them.
 */
export function readChoice<T extends string>(
  name: string,
  text: string,
  choices: readonly T[],
): T {
  const choice = choices.find((word) => word === text);
  if (choice === undefined) {
    throw misread(
      name,
      `one of ${choices.join(", ")}`,
      text,
      suggestion(text, choices),
    );
  }
  return choice;
}

function isSafe(value: number): boolean {
  return Number.isSafeInteger(value);
}

function misread(
  name: string,
  rule: string,
  text: string,
  hint = "",
): UsageError {
  return new UsageError(
    cannot(`read ${name}`, `it must be ${rule}`, `${describe(text)}${hint}`),
  );
}

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
function flagsOf(
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

/** The options that a command takes. `--help` is the frame's. */
interface Declared<Flag extends string, Value extends string> {
  /** Options without a value; `--no-NAME` takes one back. */
  readonly flags?: readonly Flag[];
  /** Options with a value: `--NAME VALUE` or `--NAME=VALUE`. */
  readonly values?: readonly Value[];
  /** One letter for the name of an option: `{ o: "out" }`. */
  readonly short?: Readonly<Record<string, Flag | Value>>;
}

/** What was given. */
interface Given<Flag extends string, Value extends string> {
  /** What is no option, in order. */
  readonly operands: readonly string[];
  /** Whether each flag was given. */
  readonly flags: Readonly<Record<Flag, boolean>>;
  /** The text of each option that was given. */
  readonly values: Readonly<Partial<Record<Value, string>>>;
}

/**
 * Returns the options and operands of a command. All are text: a number keeps
 * its digits, and one below 0 may follow its option or be an operand.
 *
 * @param args What follows the command's name.
 * @param declared The options that there are.
 * @throws {UsageError} If an option is unknown, comes twice, or lacks its value.
 */
export function readArguments<
  Flag extends string = never,
  Value extends string = never,
>(
  args: readonly string[],
  { flags = [], values = [], short = {} }: Declared<Flag, Value>,
): Given<Flag, Value> {
  const operands: string[] = [];
  const parsed = parseArgs(joined(args, values, short), {
    boolean: [...flags],
    negatable: [...flags],
    string: [...values],
    collect: [...values],
    alias: byName(short),
    unknown(argument: string, key?: string) {
      if (key !== undefined && !isNumber(argument)) {
        throw unknownOption(argument, key, [...flags, ...values]);
      }
      operands.push(argument);
      return false;
    },
  }) as Readonly<Record<string, unknown>>;
  // What follows `--` does not pass by the function above.
  operands.push(...parsed._ as string[]);
  const given = flags.map((name) => [name, parsed[name] === true]);
  const texts = values.flatMap((name) => valueOf(name, parsed[name]));
  return {
    operands,
    flags: Object.fromEntries(given) as Record<Flag, boolean>,
    values: Object.fromEntries(texts) as Partial<Record<Value, string>>,
  };
}

function unknownOption(
  argument: string,
  key: string,
  names: readonly string[],
): UsageError {
  const hint = suggestion(key, names).replace("mean ", "mean --");
  return new UsageError(
    `Unknown option ${argument.replace(/=.*/s, "")}${hint}`,
  );
}

/** The names by letter, as parseArgs wants the letters by name. */
function byName(
  short: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(short).map(([letter, name]) => [name, letter]),
  );
}

/** parseArgs takes `-0.5` for options: it goes with the name before it. */
function joined(
  args: readonly string[],
  values: readonly string[],
  short: Readonly<Record<string, string>>,
): string[] {
  const taking = new Set(
    [
      ...values.map((name) => `--${name}`),
      ...Object.keys(short).map((letter) => `-${letter}`),
    ],
  );
  return args.reduce<string[]>((done, argument) => {
    const before = done.at(-1) ?? "";
    return taking.has(before) && isNumber(argument)
      ? [...done.slice(0, -1), `${before}=${argument}`]
      : [...done, argument];
  }, []);
}

function isNumber(argument: string): boolean {
  return /^-(\d|\.\d|inf)/i.test(argument);
}

function valueOf(name: string, given: unknown): [string, string][] {
  const [text, ...others] = (given ?? []) as readonly string[];
  if (text === undefined) return [];
  if (others.length > 0) throw new UsageError(`--${name} came twice`);
  if (text === "") throw new UsageError(`--${name} must have a value`);
  return [[name, text]];
}
