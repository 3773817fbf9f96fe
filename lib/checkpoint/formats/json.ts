/**
 * JSON as checkpoints have it, read strictly: a name comes once in an object,
 * whole numbers are exact, nesting is bounded, and errors say where.
 *
 * `JSON.parse` keeps the last of equal names and rounds long numbers.
 *
 * @module
 */

import { fault } from "./bytes.ts";

/** A value of JSON; objects are maps, so that no name is special. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | JsonObject;

/** An object of JSON. */
export type JsonObject = ReadonlyMap<string, Json>;

/** How deep arrays and objects may nest; checkpoints need 6. */
const deepest = 64;

/** Longer than any number that a double holds apart from others. */
const longestNumber = 32;

/**
 * Returns the value that UTF-8 bytes of JSON stand for.
 *
 * @param action What is being done, for the error message.
 * @param bytes The bytes; white space may follow the value.
 * @param numbers Which numbers there may be: whole ones have no point and no
 * exponent.
 * @throws {SyntaxError} If they are not UTF-8, or not such JSON.
 */
export function parseJson(
  action: string,
  bytes: Uint8Array,
  numbers: "any" | "whole",
): Json {
  return new Parser(action, textOf(action, bytes), numbers === "whole")
    .parse();
}

/**
 * Returns the text that UTF-8 bytes stand for, a byte order mark included.
 *
 * @param action What is being done, for the error message.
 * @param bytes The bytes.
 * @throws {SyntaxError} If they are not UTF-8.
 */
export function textOf(action: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    const loose = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const place = loose.indexOf("\ufffd");
    throw fault(
      action,
      "its text must be UTF-8",
      `other bytes at character ${place}`,
    );
  }
}

/**
 * Returns a value that must be an object.
 *
 * @param action What is being done, for the error message.
 * @param what What the value is.
 * @param value The value; undefined where there is none.
 * @throws {SyntaxError} If it is none.
 */
export function objectOf(
  action: string,
  what: string,
  value: Json | undefined,
): JsonObject {
  if (value instanceof Map) return value;
  throw fault(action, `${what} must be an object`, value);
}

/**
 * Returns a value that must be an array.
 *
 * @param action What is being done, for the error message.
 * @param what What the value is.
 * @param value The value; undefined where there is none.
 * @throws {SyntaxError} If it is none.
 */
export function arrayOf(
  action: string,
  what: string,
  value: Json | undefined,
): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw fault(action, `${what} must be an array`, value);
}

/**
 * Returns a value that must be an array of whole numbers of at least 0.
 *
 * @param action What is being done, for the error message.
 * @param what What the value is.
 * @param value The value; undefined where there is none.
 * @throws {SyntaxError} If it is none.
 */
export function countsOf(
  action: string,
  what: string,
  value: Json | undefined,
): readonly number[] {
  const counts = arrayOf(action, what, value);
  if (!counts.every((n) => Number.isSafeInteger(n) && n as number >= 0)) {
    throw fault(action, `${what} must be whole numbers of at least 0`, value);
  }
  return counts as readonly number[];
}

/** Reads one text from its start to its end. */
class Parser {
  readonly #action: string;
  readonly #text: string;
  readonly #whole: boolean;
  #at = 0;
  #depth = 0;

  constructor(action: string, text: string, whole: boolean) {
    this.#action = action;
    this.#text = text;
    this.#whole = whole;
  }

  parse(): Json {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("nothing may follow the JSON");
    return value;
  }

  #value(): Json {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === "{") return this.#nested(() => this.#object());
    if (next === "[") return this.#nested(() => this.#array());
    if (next === '"') return this.#string();
    for (const literal of [null, true, false]) {
      if (this.#text.startsWith(`${literal}`, this.#at)) {
        this.#at += `${literal}`.length;
        return literal;
      }
    }
    return this.#number();
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > deepest) {
      this.#fail(`it must nest at most ${deepest} deep`);
    }
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): Map<string, Json> {
    const members = new Map<string, Json>();
    this.#list("}", () => {
      this.#skipSpace();
      const start = this.#at;
      const name = this.#string();
      if (members.has(name)) {
        this.#at = start;
        this.#fail("a name must come once in an object");
      }
      this.#skipSpace();
      this.#expect(":");
      members.set(name, this.#value());
    });
    return members;
  }

  #array(): Json[] {
    const items: Json[] = [];
    this.#list("]", () => items.push(this.#value()));
    return items;
  }

  #list(close: string, readItem: () => void): void {
    this.#skipSpace();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      readItem();
      this.#skipSpace();
      if (this.#text[this.#at] === close) break;
      this.#expect(",");
    }
    this.#at++;
  }

  #string(): string {
    const start = this.#at;
    this.#expect('"');
    let end = this.#text.indexOf('"', this.#at);
    while (end !== -1 && this.#isEscaped(end)) {
      end = this.#text.indexOf('"', end + 1);
    }
    try {
      const text = JSON.parse(this.#text.slice(start, end + 1));
      this.#at = end + 1;
      if (text.isWellFormed()) return text;
    } catch {
      // Its place is said below.
    }
    this.#at = start;
    this.#fail("a string must be well-formed JSON");
  }

  /** Whether an odd number of backslashes stands before a character. */
  #isEscaped(at: number): boolean {
    let before = at;
    while (this.#text.charCodeAt(before - 1) === 0x5c) before--;
    return (at - before) % 2 === 1;
  }

  #number(): number {
    const ahead = this.#text.slice(this.#at, this.#at + longestNumber);
    const text = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(ahead)?.[0];
    const value = Number(text);
    const isWhole = text !== undefined && /^(0|-?[1-9]\d*)$/.test(text);
    const exact = text !== undefined && text.length < longestNumber &&
      (isWhole ? Number.isSafeInteger(value) : !this.#whole);
    if (!exact) {
      this.#fail(
        `a value must be ${
          this.#whole ? "JSON with whole numbers" : "JSON"
        } below 2^53`,
      );
    }
    this.#at += text.length;
    return value;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
        return;
      }
      this.#at++;
    }
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) {
      this.#fail(`${character} must follow`);
    }
    this.#at++;
  }

  #fail(rule: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    throw fault(
      this.#action,
      `at character ${this.#at} ${rule}`,
      rest === "" ? "the end" : rest,
    );
  }
}
