/**
 * Options and arguments: tables of the options a function accepts, and the
 * errors for anything else.
 *
 * @module
 */

import { currentDeno } from "./platform.ts";
import { tensorBrand, thisCopy, titleOf } from "./title.ts";

/** One option of an initializer, a layer or another function. */
export interface Option<T> {
  /** Its value if the caller omits it; undefined if the caller must give it. */
  readonly fallback?: T;
  /** Its other names: PyTorch's. */
  readonly also?: readonly string[];
  /** The allowed words; undefined if it is not a word. */
  readonly choices?: readonly string[];
  /**
   * Whether it can be passed by name only, where others can go by position.
   * Default: false.
   */
  readonly named?: boolean;
  /** False if it cannot be written as a number or a word. Default: true. */
  readonly asText?: boolean;
  /**
   * Options that it replaces: callers must not give them together with it. It
   * then has no fallback, and is absent if omitted.
   */
  readonly insteadOf?: readonly string[];
  /**
   * Returns the option's checked value.
   *
   * @param action What is being done, for the error message.
   * @param name The option's name.
   * @param value What was given, or the fallback.
   * @throws {TypeError} If it is of the wrong kind.
   * @throws {RangeError} If it is out of range.
   */
  read(action: string, name: string, value: unknown): T;
}

/** Options by name, in PyTorch's order where PyTorch has them. */
export type OptionTable<O> = {
  readonly [K in keyof O]-?: Option<Exclude<O[K], undefined>>;
};

/** A table whose options are of any type. */
export type AnyTable = Readonly<Record<string, Option<unknown>>>;

/** The result of reading options by a table. */
export type ReadBy<S> = {
  readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never;
};

/** Settings of {@linkcode readOptions}. */
export interface ReadSettings {
  /** What the options are called. Default: `"options"`. */
  readonly what?: string;
  /** Whether options may go by their other names. Default: false. */
  readonly otherNames?: boolean;
}

/**
 * Returns an error message of at most 400 characters: `Cannot X: Y must be Z,
 * got V`.
 *
 * @param action What could not be done, as in "fill with init.normal".
 * @param rule What must hold, as in "std must be at least 0".
 * @param got The value that was given instead, if there is one.
 */
export function cannot(
  action: string,
  rule: string,
  got?: string | number | bigint,
): string {
  const text = typeof got === "bigint"
    ? digitsOf(got)
    : typeof got === "string"
    ? got
    : describe(got);
  const ending = got === undefined ? "" : `, got ${clip(text, 90)}`;
  return clip(`Cannot ${clip(action, 90)}: ${clip(rule, 205)}${ending}`, 400);
}

/**
 * Returns an error whose message says what was being done instead, of the same
 * class if that is one of JavaScript's or Deno's, else a plain Error. It keeps
 * the system's `code`. A DOMException, as an abort is, stays as it is.
 *
 * @param action What could not be done.
 * @param error The error of a part of it, which becomes the cause.
 * @param rule What the message says after that. Default: what the error's does.
 */
export function renamed(
  action: string,
  error: Error,
  rule: string = error.message.replace(/^Cannot [^:]*: /, ""),
): Error {
  if (error instanceof DOMException) return error;
  const known: readonly unknown[] = [
    TypeError,
    RangeError,
    SyntaxError,
    ...Object.values(currentDeno()?.errors ?? {}),
  ];
  // A class of the caller's may take other arguments.
  const Class = known.includes(error.constructor)
    ? error.constructor as ErrorConstructor
    : Error;
  const told = new Class(cannot(action, rule), { cause: error });
  const code = "code" in error && { code: error.code };
  return Object.assign(told, code);
}

/**
 * Describes a value for a message, in at most 80 characters. It never throws,
 * even if reading the value does.
 *
 * @param value Any value.
 */
export function describe(value: unknown): string {
  try {
    return clip(describeWhole(value), 80);
  } catch {
    return `${
      typeof value === "function" ? "a function" : "an object"
    } that cannot be read`;
  }
}

/**
 * Quotes text for a message: cuts it if it is long, and escapes characters that
 * a terminal would obey or not show.
 *
 * @param text Any text.
 */
export function quoted(text: string): string {
  const { length } = text;
  return length <= 60
    ? escaped(text)
    : `${escaped(text.slice(0, 40).toWellFormed())} … of ${length} characters`;
}

/**
 * Returns a name for a message, in at most 60 characters: quoted if it holds
 * characters that a terminal would obey or not show.
 *
 * @param name The name.
 */
export function shownName(name: string): string {
  const whole = clip(name, 50);
  const text = escaped(whole);
  return text === `"${whole}"` ? whole : clip(text, 60);
}

function escaped(text: string): string {
  return withoutHidden(JSON.stringify(text));
}

/**
 * Escapes the characters that a terminal would obey or not show and JSON allows,
 * so that JSON stays JSON.
 *
 * @param json JSON.
 */
export function withoutHidden(json: string): string {
  const hidden =
    /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  return json.replace(
    hidden,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Shortens text to at most a number of characters, with an ellipsis in the
 * middle.
 *
 * @param text Any text.
 * @param most The most characters, at least 3.
 */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor((most - 3) / 3);
  return `${text.slice(0, most - 3 - tail)} … ${text.slice(text.length - tail)}`
    .slice(0, most).toWellFormed();
}

/**
 * Returns `; did you mean …?` for the name nearest to a mistyped one, or "" if
 * none is near. Capitals count as small letters.
 *
 * @param typed What was typed.
 * @param names The existing names.
 */
export function suggestion(typed: string, names: readonly string[]): string {
  // A caller's value may have any type.
  if (typeof typed !== "string") return "";
  const most = Math.min(
    typed.length - 1,
    Math.max(2, Math.floor(typed.length / 3)),
  );
  const [nearest] = typed.length > 64 ? [] : names
    .map((name) => ({
      name,
      distance: editDistance(typed.toLowerCase(), name.toLowerCase()),
    }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? "" : `; did you mean ${nearest.name}?`;
}

/**
 * Checks options and returns them with defaults for those that were omitted.
 *
 * @param action What is being done, for the error message.
 * @param given What the caller gave.
 * @param table The options.
 * @param settings What they are called, and whether other names are allowed.
 * @throws {TypeError} If `given` is not a plain object, or an option has an
 * unknown name, is given under two names, is missing or of the wrong kind.
 * @throws {RangeError} If an option is out of range.
 */
export function readOptions<S extends AnyTable>(
  action: string,
  given: unknown,
  table: S,
  { what = "options", otherNames = false }: ReadSettings = {},
): ReadBy<S> {
  if (!isPlain(given)) throw byName(action, [given], table, what);
  const names = Object.keys(table);
  // Without a prototype, it starts with no names at all.
  const values: Record<string, unknown> = { __proto__: null };
  for (const key of Object.keys(given)) {
    const name = Object.hasOwn(table, key)
      ? key
      : names.find((each) => table[each].also?.includes(key));
    if (name === undefined) {
      throw new TypeError(unknownName(action, what, key, names));
    }
    if (name !== key && !otherNames) {
      throw new TypeError(cannot(action, `${key} must be written ${name}`));
    }
    const value = given[key];
    if (value === undefined) continue;
    if (values[name] !== undefined) {
      throw new TypeError(
        cannot(action, `${name} must come once`, `it as ${key}, too`),
      );
    }
    values[name] = value;
  }
  const replaced = replacedBy(action, values, table);
  const read: Record<string, unknown> = {};
  for (const name of names) {
    const { fallback, insteadOf } = table[name];
    const value = values[name];
    if (value === undefined && (insteadOf || replaced?.includes(name))) {
      continue;
    }
    read[name] = table[name].read(
      action,
      name,
      value === undefined ? fallback : value,
    );
  }
  return read as ReadBy<S>;
}

/**
 * Returns the options with defaults for those that are undefined.
 *
 * @param action What is being done, for the error message.
 * @param options What the caller gave.
 * @param defaults Every option with its default; undefined where it has none.
 * @param what What the options are called. Default: `"options"`.
 * @throws {TypeError} If `options` is not a plain object, or has another name.
 */
export function withDefaults<T extends object>(
  action: string,
  options: unknown,
  defaults: T,
  what = "options",
): T {
  if (!isPlain(options)) throw byName(action, [options], {}, what);
  const result: T = { ...defaults };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new TypeError(
        unknownName(action, what, name, Object.keys(defaults)),
      );
    }
    if (value !== undefined) result[name as keyof T] = value as T[keyof T];
  }
  return result;
}

/**
 * Returns the error for arguments given in place of an options object. For
 * values by position, as in PyTorch, it names the options that they would be.
 *
 * @param action What is being done, for the error message.
 * @param given What was given, in order.
 * @param table The options.
 * @param what What they are called. Default: `"options"`.
 */
export function byName(
  action: string,
  given: readonly unknown[],
  table: AnyTable,
  what = "options",
): TypeError {
  const names = Object.keys(table);
  const named = given.slice(0, names.length).flatMap((value, index) => {
    const isSimple = ["number", "string", "boolean"].includes(typeof value);
    const name = names.find((each) =>
      table[each].choices?.includes(value as string)
    ) ?? names[index];
    return isSimple ? [`${name}: ${describe(value)}`] : [];
  });
  const example = named.length === 0 ? "" : ` such as { ${named.join(", ")} }`;
  const got = given.length === 1
    ? describe(given[0])
    : `${given.length} arguments`;
  return new TypeError(
    cannot(action, `${what} must be a plain object${example}`, got),
  );
}

/**
 * Checks that a function was given no more arguments than it takes, so that
 * options it does not have are not lost. The place and the array that `map` adds
 * are no options.
 *
 * @param action What is being done, for the error message.
 * @param given All arguments.
 * @param most How many the function takes.
 * @returns Whether `map` added a place and an array.
 * @throws {TypeError} If there are more.
 */
export function noMore(
  action: string,
  given: ArrayLike<unknown>,
  most: number,
): boolean {
  const isMapped = given.length === 3 && typeof given[1] === "number" &&
    Array.isArray(given[2]);
  if (isMapped || given.length <= most) return isMapped;
  const rule = most === 0
    ? "there must be no arguments"
    : `there must be no options, and at most ${
      most === 1 ? "one argument" : `${most} arguments`
    }`;
  throw new TypeError(cannot(action, rule, describe(given[most])));
}

/**
 * Returns whether a value is an object as braces make it: no class instance, no
 * array, and without inherited members.
 *
 * @param value Any value.
 */
export function isPlain(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // Objects of another realm have another root, which inherits nothing either.
  return prototype === null ||
    Object.getPrototypeOf(prototype) === null &&
      Object.keys(prototype).length === 0;
}

/**
 * Returns a copy of plain data, frozen to its depths.
 *
 * @param value The data. All but arrays and plain objects stays as it is.
 */
export function frozen<T>(value: T): T;
export function frozen(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  if (!isPlain(value)) return value;
  return Object.freeze(
    Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, frozen(each)]),
    ),
  );
}

/**
 * Checks that a function of the caller's did its work when it returned: what an
 * async one writes comes too late.
 *
 * @param action What is being done, for the error message.
 * @param name The function's name.
 * @param returned What it returned.
 * @throws {TypeError} If that is a promise.
 */
export function checkAtOnce(
  action: string,
  name: string,
  returned: unknown,
): void {
  if (typeof (returned as PromiseLike<unknown> | null)?.then !== "function") {
    return;
  }
  // Its own failure would end the program.
  Promise.resolve(returned).catch(() => {});
  throw new TypeError(cannot(action, `${name} must fill at once`, "a Promise"));
}

/**
 * Checks that an option is a finite number.
 *
 * @param action What is being done, for the error message.
 * @param name The option's name.
 * @param value Its value.
 * @throws {TypeError} If it is not a number.
 * @throws {RangeError} If it is NaN or infinite.
 */
export function checkFinite(
  action: string,
  name: string,
  value: unknown,
): asserts value is number {
  checkNumber(action, name, value);
  if (!Number.isFinite(value)) {
    throw new RangeError(cannot(action, `${name} must be finite`, value));
  }
}

/**
 * Checks that options are functions.
 *
 * @param action What is being done, for the error message.
 * @param callbacks The options by name.
 * @throws {TypeError} If one is none.
 */
export function checkCallbacks(
  action: string,
  callbacks: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(callbacks)) {
    if (typeof value !== "function") {
      throw new TypeError(
        cannot(action, `${name} must be a function`, describe(value)),
      );
    }
  }
}

/**
 * Checks what may abort an action, before it begins.
 *
 * @param action What is being done, for the error message.
 * @param signal The signal; undefined if nothing aborts.
 * @throws {TypeError} If it is no AbortSignal.
 * @throws The signal's reason, if it has aborted.
 */
export function checkSignal(action: string, signal: unknown): void {
  if (signal === undefined) return;
  // One of another realm will do.
  if (typeof (signal as AbortSignal | null)?.throwIfAborted !== "function") {
    throw new TypeError(
      cannot(action, "signal must be an AbortSignal", describe(signal)),
    );
  }
  (signal as AbortSignal).throwIfAborted();
}

/**
 * Checks that an argument is a whole number of at least `smallest`.
 *
 * @param action What is being done, for the error message.
 * @param name The argument's name.
 * @param value Its value.
 * @param smallest The smallest it may be.
 * @throws {TypeError} If it is not a number.
 * @throws {RangeError} If it is fractional or too small.
 */
export function checkCount(
  action: string,
  name: string,
  value: unknown,
  smallest: number,
): asserts value is number {
  checkNumber(action, name, value);
  if (!Number.isSafeInteger(value) || value < smallest) {
    throw new RangeError(
      cannot(
        action,
        `${name} must be an integer of at least ${smallest}`,
        value,
      ),
    );
  }
}

/**
 * Returns an option that is a finite number.
 *
 * @param fallback Its default; undefined where it must be given.
 * @param range Its bounds, included, and its other names.
 */
export function real(
  fallback?: number,
  { low = -Infinity, high = Infinity, also }: {
    readonly low?: number;
    readonly high?: number;
    readonly also?: readonly string[];
  } = {},
): Option<number> {
  return {
    fallback,
    also,
    read(action, name, value) {
      checkFinite(action, name, value);
      if (value >= low && value <= high) return value;
      const range = high === Infinity
        ? `at least ${low}`
        : `in [${low}, ${high}]`;
      throw new RangeError(cannot(action, `${name} must be ${range}`, value));
    },
  };
}

/**
 * Returns an option that is any number, NaN and the infinities included.
 *
 * @param fallback Its default; undefined where it must be given.
 * @param also Its other names.
 */
export function anyNumber(
  fallback?: number,
  also?: readonly string[],
): Option<number> {
  return {
    fallback,
    also,
    read(action, name, value) {
      checkNumber(action, name, value);
      return value;
    },
  };
}

/**
 * Returns an option that is a whole number.
 *
 * @param smallest The smallest it may be.
 * @param fallback Its default; undefined where it must be given.
 */
export function count(smallest: number, fallback?: number): Option<number> {
  return {
    fallback,
    read(action, name, value) {
      checkCount(action, name, value, smallest);
      return value;
    },
  };
}

/**
 * Returns an option that is a whole number of any sign.
 *
 * @param fallback Its default; undefined where it must be given.
 */
export function integer(fallback?: number): Option<number> {
  return count(Number.MIN_SAFE_INTEGER, fallback);
}

/**
 * Returns an option that is true or false.
 *
 * @param fallback Its default.
 */
export function flag(fallback: boolean): Option<boolean> {
  return {
    fallback,
    read(action, name, value) {
      if (typeof value === "boolean") return value;
      throw new TypeError(
        cannot(action, `${name} must be true or false`, describe(value)),
      );
    },
  };
}

/**
 * Returns an option that is a string.
 *
 * @param fallback Its default: a string, or undefined for none.
 */
export function textual<T extends string | undefined>(
  fallback: T,
): Option<string | T> {
  return {
    fallback,
    read(action, name, value) {
      if (typeof value === "string") return value;
      if (value === undefined && fallback === undefined) return fallback;
      throw new TypeError(
        cannot(action, `${name} must be a string`, describe(value)),
      );
    },
  };
}

/**
 * Returns an option that is one of several words.
 *
 * @param choices The words.
 * @param fallback Its default.
 */
export function oneOf<T extends string>(
  choices: readonly T[],
  fallback: T,
): Option<T> {
  return {
    fallback,
    choices,
    read(action, name, value) {
      if ((choices as readonly unknown[]).includes(value)) return value as T;
      const hint = typeof value === "string" ? suggestion(value, choices) : "";
      throw new RangeError(
        cannot(
          action,
          `${name} must be one of ${choices.join(", ")}`,
          describe(value) + hint,
        ),
      );
    },
  };
}

/**
 * Returns an option that may be null, which is also its default unless it has
 * another.
 *
 * @param option How it is read if it is not null.
 */
export function orNull<T>(option: Option<T>): Option<T | null> {
  return {
    ...option,
    fallback: option.fallback === undefined ? null : option.fallback,
    read: (action, name, value) =>
      value === null ? null : option.read(action, name, value),
  };
}

/**
 * Returns an option that is one whole number for each axis; one number applies
 * to all.
 *
 * @param axes The number of axes.
 * @param smallest The smallest that each may be.
 * @param fallback The default; undefined where it must be given.
 */
export function perAxis(
  axes: number,
  smallest: number,
  fallback?: number,
): Option<readonly number[]> {
  return {
    fallback: fallback === undefined
      ? undefined
      : new Array(axes).fill(fallback),
    read(action, name, value) {
      if (Array.isArray(value) && value.length !== axes) {
        throw new RangeError(
          cannot(
            action,
            `${name} must be a number or a list of ${axes}`,
            describe(value),
          ),
        );
      }
      const sizes = Array.isArray(value)
        ? Array.from(value)
        : new Array(axes).fill(value);
      for (const size of sizes) checkCount(action, name, size, smallest);
      return Object.freeze(sizes);
    },
  };
}

/**
 * Returns an option that is one value or a list with one per axis. It is kept
 * as given, since the texts of some layers distinguish the two.
 *
 * @param axes The number of axes.
 * @param one How a single value is read.
 * @param item How a value of a list is read. Default: as a single one.
 */
export function asGiven<T, U = T>(
  axes: number,
  one: Option<T>,
  item: Option<T | U> = one,
): Option<T | readonly (T | U)[]> {
  return {
    fallback: one.fallback,
    read(action, name, value) {
      if (!Array.isArray(value)) return one.read(action, name, value);
      if (value.length === axes) {
        return Object.freeze(
          Array.from(value, (each) => item.read(action, name, each)),
        );
      }
      throw new RangeError(
        cannot(action, `${name} must be one value or ${axes}`, describe(value)),
      );
    },
  };
}

/**
 * Returns an option that is a list of whole numbers.
 *
 * @param smallest The smallest that each may be.
 * @param fallback The default; undefined where it must be given.
 */
export function counts(
  smallest: number,
  fallback?: readonly number[],
): Option<readonly number[]> {
  return {
    fallback,
    read(action, name, value) {
      if (!Array.isArray(value)) {
        throw new TypeError(
          cannot(action, `${name} must be an array`, describe(value)),
        );
      }
      for (const size of value) checkCount(action, name, size, smallest);
      return Object.freeze(Array.from(value));
    },
  };
}

/**
 * Returns an option that is a list of at least one whole number; a single
 * number is read as a list of one.
 *
 * @param smallest The smallest that each may be.
 */
export function sizes(smallest: number): Option<readonly number[]> {
  return {
    read(action, name, value) {
      const list = Array.isArray(value) ? value : [value];
      if (list.length === 0) {
        throw new RangeError(
          cannot(action, `${name} must have a number`, "[]"),
        );
      }
      return counts(smallest).read(action, name, list);
    },
  };
}

/**
 * Returns an option that can be passed by name only.
 *
 * @param option How it is read.
 */
export function named<T>(option: Option<T>): Option<T> {
  return { ...option, named: true };
}

const shown = new Set<string>();

/**
 * Shows a warning on the console, the first time its text occurs.
 *
 * Python does the same for each place in a program.
 *
 * @param text The warning. If it contains a shape or numbers, each of them is
 * warned about once.
 */
export function warnOnce(text: string): void {
  if (shown.has(text)) return;
  shown.add(text);
  console.warn(text);
}

/** Options that others replace and that must therefore not be given. */
function replacedBy(
  action: string,
  given: Readonly<Record<string, unknown>>,
  table: AnyTable,
): readonly string[] | undefined {
  let replaced: readonly string[] | undefined;
  for (const name of Object.keys(given)) {
    const { insteadOf } = table[name];
    if (insteadOf === undefined) continue;
    const both = insteadOf.find((other) => given[other] !== undefined);
    if (both !== undefined) {
      throw new TypeError(
        cannot(action, `${both} must be left out when ${name} is given`),
      );
    }
    replaced = [...replaced ?? [], ...insteadOf];
  }
  return replaced;
}

function unknownName(
  action: string,
  what: string,
  name: string,
  names: readonly string[],
): string {
  const camel = name.replaceAll(/_+([a-z])/g, (_, c) => c.toUpperCase());
  const hint = names.includes(camel)
    ? `; did you mean ${camel}?`
    : suggestion(name, names);
  const rule = names.length === 0
    ? `${what} must be empty`
    : `${what} must be among ${names.join(", ")}`;
  return cannot(action, rule, shownName(name) + hint);
}

function describeWhole(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "bigint") {
    const digits = digitsOf(value);
    return digits.startsWith("an") ? digits : `${digits}n`;
  }
  if (typeof value === "symbol") return shownName(value.toString());
  if (typeof value === "function") {
    return `function ${shownName(String(value.name))}`;
  }
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return describeArray(value);
  if (ArrayBuffer.isView(value) && "length" in value) {
    return `${titleOf(value)}(${value.length})`;
  }
  const brand = (value as { readonly [tensorBrand]?: symbol })[tensorBrand];
  if (brand !== undefined && brand !== thisCopy) {
    return "a Tensor of a second copy of fanin";
  }
  const title = shownName(titleOf(value));
  if (value instanceof Promise) return "a Promise; await it";
  if (value instanceof Map || value instanceof Set) {
    return `${title}(${value.size})`;
  }
  if (!isPlain(value)) {
    return title === "" ? "an object" : `an object of class ${title}`;
  }
  const names = Object.keys(value).map(shownName);
  return names.length === 0 ? "{}" : `an object with ${listOf(names, 50)}`;
}

function describeArray(values: readonly unknown[]): string {
  return `[${
    // A sparse array's holes are undefined; a long one is not copied.
    listOf(Array.from(values.slice(0, 20), describeItem), 60, values.length)}]`;
}

/**
 * Printing a longer one takes time that grows with the square of its digits.
 */
const manyDigits = 10n ** 60n;

function digitsOf(value: bigint): string {
  if (value >= manyDigits) return "an integer above 10^60";
  return value <= -manyDigits ? "an integer below -10^60" : String(value);
}

/** Values of a list: nested ones are not described in turn. */
function describeItem(value: unknown): string {
  return Array.isArray(value) && value.length > 0
    ? `[… ${value.length}]`
    : clip(describeWhole(value), 40);
}

/** Returns the first texts of a list, and how many more there are. */
function listOf(texts: readonly string[], room: number, all = texts.length) {
  let length = 0;
  const fitting = texts.findIndex((text) => (length += text.length + 2) > room);
  const kept = fitting === -1 ? texts.length : Math.max(1, fitting);
  const rest = all - kept;
  return [...texts.slice(0, kept), ...rest > 0 ? [`… ${rest} more`] : []]
    .join(", ");
}

/**
 * Returns how many insertions, deletions and replacements turn one text into
 * another.
 *
 * @see Wagner and Fischer, 1974
 */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}

function checkNumber(
  action: string,
  name: string,
  value: unknown,
): asserts value is number {
  if (typeof value !== "number") {
    throw new TypeError(
      cannot(action, `${name} must be a number`, describe(value)),
    );
  }
}
