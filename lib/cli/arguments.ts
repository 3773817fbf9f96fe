/**
 * Parses a command's arguments into options and operands, and reads their
 * texts.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { areOneFile } from "../checkpoint/files.ts";
import { cannot, clip, describe, suggestion } from "../core/options.ts";
import type { Shape } from "../core/shape.ts";

/**
 * An error in the use of a command; a pointer to its help follows the message.
 */
export class UsageError extends Error {
  /** The class's name. */
  override readonly name = "UsageError";
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
  /** The operands, in order. */
  readonly operands: readonly string[];
  /** Whether each flag was given. */
  readonly flags: Readonly<Record<Flag, boolean>>;
  /** The text of each option that was given. */
  readonly values: Readonly<Partial<Record<Value, string>>>;
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
 * Returns the options and operands of a command. All are text: a number keeps
 * its digits, and one below 0 may follow its option or be an operand.
 *
 * @param args The arguments after the command's name.
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
  const flagNames: readonly string[] = flags;
  const valueNames: readonly string[] = values;
  const parsed = parseArgs(joinNegatives(args, values, short), {
    boolean: flagNames,
    negatable: flagNames,
    string: valueNames,
    collect: valueNames,
    alias: aliasesOf(short),
    unknown(argument: string, key?: string) {
      if (key !== undefined && !isNumber(argument)) {
        throw unknownOption(argument, key, [...flags, ...values]);
      }
      operands.push(argument);
      return false;
    },
  }) as Readonly<Record<string, unknown>>;
  // Arguments after `--` do not reach the function above.
  operands.push(...parsed._ as string[]);
  const given = flags.map((name) => [name, parsed[name] === true]);
  const texts = values.flatMap((name) => valueOf(name, parsed[name]));
  return {
    operands,
    flags: Object.fromEntries(given) as Record<Flag, boolean>,
    values: Object.fromEntries(texts) as Partial<Record<Value, string>>,
  };
}

/**
 * Returns a finite number.
 *
 * @param name What it is, for the error message: `--std`.
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
 * @param name What it is, for the error message: `--groups`.
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
 * @param name What it is, for the error message: `--shard-size`.
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
 * @param name What it is, for the error message: `--seed`.
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
 * @param name What it is, for the error message: `--dtype`.
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

function unknownOption(
  argument: string,
  key: string,
  names: readonly string[],
): UsageError {
  const hint = suggestion(key, names).replace("mean ", "mean --");
  return new UsageError(
    `Unknown option ${clip(argument.replace(/=.*/s, ""), 60)}${hint}`,
  );
}

/** The names by letter, as parseArgs wants the letters by name. */
function aliasesOf(
  short: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(short).map(([letter, name]) => [name, letter]),
  );
}

/** parseArgs takes `-0.5` for an option, so it is joined to the name before it. */
function joinNegatives(
  args: readonly string[],
  values: readonly string[],
  short: Readonly<Record<string, string>>,
): string[] {
  const taking = new Set([
    ...values.map((name) => `--${name}`),
    ...Object.keys(short).map((letter) => `-${letter}`),
  ]);
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
  const rule = others.length > 0
    ? "it must come once"
    : text === ""
    ? "it must have a value"
    : undefined;
  if (rule === undefined) return [[name, text]];
  throw new UsageError(cannot(`read --${name}`, rule));
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

/**
 * Checks that a command does not write over what it reads.
 *
 * @param outputs The files that it writes.
 * @param inputs The files that it reads.
 * @throws {UsageError} If two of them are one file, by whatever names.
 */
export async function checkOutputs(
  outputs: readonly string[],
  inputs: readonly string[],
): Promise<void> {
  for (const output of outputs) {
    const action = `write ${JSON.stringify(output)}`;
    for (const input of inputs) {
      if (!await areOneFile(action, output, input)) continue;
      throw new UsageError(
        cannot(action, "it must be no file that is read", describe(input)),
      );
    }
  }
}
