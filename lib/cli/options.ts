/**
 * The arguments of a command: options by name, and operands.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { suggestion } from "../core/options.ts";
import { UsageError } from "./usage_error.ts";

/** The options that a command takes. `--help` is the frame's. */
export interface Declared<Flag extends string, Value extends string> {
  /** Options without a value; `--no-NAME` takes one back. */
  readonly flags?: readonly Flag[];
  /** Options with a value: `--NAME VALUE` or `--NAME=VALUE`. */
  readonly values?: readonly Value[];
  /** One letter for the name of an option: `{ o: "out" }`. */
  readonly short?: Readonly<Record<string, Flag | Value>>;
}

/** What was given. */
export interface Given<Flag extends string, Value extends string> {
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
