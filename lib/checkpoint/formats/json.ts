/**
 * A strict JSON reader for checkpoints. The caller reads each value as the kind
 * that must be there, so the first of a wrong kind is refused, and nothing is
 * kept that nobody asked for. Of what is read, names in an object are unique and
 * integers are exact; nesting is bounded, and errors state the place.
 *
 * `JSON.parse` builds all of a hostile header before anything is checked, keeps
 * the last of equal names and rounds long numbers.
 *
 * @module
 */

import { cannot, describe } from "../../core/options.ts";
import { mostAxes } from "../../core/shape.ts";
import { fault } from "./bytes.ts";

/** How deep values that are skipped or taken whole may nest. */
const deepest = 64;

/** Longer than any number that a double distinguishes from others. */
const longestNumber = 32;

/** Longer texts of ASCII are decoded as UTF-8, too. */
const shortText = 64;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const minus = 0x2d;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** What goes on after a number's digits: `.`, `e` and `E`. */
const numberSigns: readonly number[] = [0x2e, 0x65, 0x45];

/** What a value is, for an error message; a function where it takes time. */
type What = string | (() => string);

/** Reads one JSON value from its start to its end. */
export class JsonReader {
  readonly #action: string;
  readonly #bytes: Uint8Array;
  readonly #decoder = new TextDecoder("utf-8", {
    fatal: true,
    ignoreBOM: true,
  });
  #at = 0;
  #depth = 0;

  /**
   * Starts before the first byte.
   *
   * @param action What is being done, for the error message.
   * @param bytes UTF-8, which is only read while the reader is used.
   */
  constructor(action: string, bytes: Uint8Array) {
    this.#action = action;
    this.#bytes = bytes;
  }

  /** Whether an array comes next. */
  get isList(): boolean {
    return this.#next() === openList;
  }

  /** Whether `null` comes next; it is then read. */
  takeNull(): boolean {
    this.#next();
    return this.#take("null");
  }

  /**
   * Reads an object.
   *
   * @param what What it is, for the error message.
   * @param read Called with each name; it reads the value.
   * @returns The values by name.
   * @throws {SyntaxError} If it is none, or a name comes twice.
   */
  object<T>(what: What, read: (name: string) => T): Map<string, T> {
    const values = new Map<string, T>();
    this.#object(what, (name) => {
      if (values.has(name)) return false;
      values.set(name, read(name));
      return true;
    });
    return values;
  }

  /**
   * Reads an object's members of some names, and skips the others.
   *
   * @param what What the object is, for the error message.
   * @param readers Reads the value of a member.
   * @throws {SyntaxError} If it is none, or one of these names comes twice.
   */
  members(
    what: What,
    readers: Readonly<Record<string, () => void>>,
  ): void {
    const seen: string[] = [];
    this.#object(what, (name) => {
      if (!Object.hasOwn(readers, name)) {
        this.readPast();
        return true;
      }
      if (seen.includes(name)) return false;
      seen.push(name);
      readers[name]();
      return true;
    });
  }

  /**
   * Reads an array.
   *
   * @param what What it is, for the error message.
   * @param read Called for each item; it reads the item.
   * @throws {SyntaxError} If it is none.
   */
  list(what: What, read: (index: number) => void): void {
    if (this.#next() !== openList) this.#refuse(what, `must be an array`);
    let index = 0;
    this.#each(closeList, () => read(index++));
  }

  /**
   * Reads a string.
   *
   * @param what What it is, for the error message.
   * @throws {SyntaxError} If it is none, or not well-formed Unicode.
   */
  text(what: What): string {
    if (this.#next() !== quote) this.#refuse(what, `must be a string`);
    return this.#string();
  }

  /**
   * Reads a number.
   *
   * @param what What it is, for the error message.
   * @throws {SyntaxError} If it is none.
   */
  number(what: What): number {
    if (!isNumberStart(this.#next())) this.#refuse(what, `must be a number`);
    return this.#count() ?? this.#number();
  }

  /**
   * Reads an array of at most 64 whole numbers of at least 0.
   *
   * @param what What it is, for the error message.
   * @throws {SyntaxError} If it is none.
   */
  counts(what: What): readonly number[] {
    const counts: number[] = [];
    this.list(what, () => {
      const value = this.#count();
      if (value === undefined) {
        this.#refuse(what, `must be whole numbers of at least 0`);
      }
      if (counts.push(value) > mostAxes) {
        throw fault(
          this.#action,
          `${nameOf(what)} must be at most ${mostAxes} numbers`,
        );
      }
    });
    return counts;
  }

  /**
   * Reads any value as plain data.
   *
   * @throws {SyntaxError} If it is no JSON.
   */
  any(): unknown {
    return this.#within(() => {
      const next = this.#next();
      if (next === openObject) {
        return Object.fromEntries(this.object("", () => this.any()));
      }
      if (next !== openList) return this.#scalar();
      const items: unknown[] = [];
      this.list("", () => items.push(this.any()));
      return items;
    });
  }

  /**
   * Reads any value and returns it as it is written, but a string as its text.
   *
   * @throws {SyntaxError} If it is no JSON.
   */
  written(): string {
    if (this.#next() === quote) return this.#string();
    const start = this.#at;
    this.readPast();
    return this.#decoder.decode(this.#bytes.subarray(start, this.#at));
  }

  /**
   * Reads any value and forgets it.
   *
   * @throws {SyntaxError} If it is no JSON.
   */
  readPast(): void {
    this.#within(() => {
      const next = this.#next();
      if (next === openObject) {
        this.#each(closeObject, () => {
          this.#string();
          this.#expect(colon);
          this.readPast();
        });
      } else if (next === openList) {
        this.#each(closeList, () => this.readPast());
      } else this.#scalar();
    });
  }

  /**
   * Checks that nothing but white space follows.
   *
   * @throws {SyntaxError} If more does.
   */
  end(): void {
    if (this.#next() !== undefined) this.#fail("nothing may follow the JSON");
  }

  /** Reads an object; `read` returns false, having read nothing, to refuse. */
  #object(what: What, read: (name: string) => boolean): void {
    if (this.#next() !== openObject) this.#refuse(what, `must be an object`);
    this.#each(closeObject, () => {
      const start = this.#at;
      const name = this.#string();
      this.#expect(colon);
      if (!read(name)) this.#fail("a name must come once in an object", start);
    });
  }

  #within<T>(read: () => T): T {
    if (++this.#depth > deepest) {
      this.#fail(`it must nest at most ${deepest} deep`);
    }
    const value = read();
    this.#depth--;
    return value;
  }

  /** Reads what is between brackets; the opening one comes next. */
  #each(close: number, read: () => void): void {
    this.#at++;
    if (this.#next() === close) {
      this.#at++;
      return;
    }
    for (;;) {
      if (close === closeObject) this.#next();
      read();
      if (this.#next() === close) break;
      this.#expect(comma);
    }
    this.#at++;
  }

  #scalar(): unknown {
    const next = this.#next();
    if (next === quote) return this.#string();
    if (isNumberStart(next)) return this.#count() ?? this.#number();
    for (const literal of [null, true, false]) {
      if (this.#take(`${literal}`)) return literal;
    }
    this.#fail("a value must be JSON");
  }

  #take(literal: string): boolean {
    const isThere = Array.from(literal).every((character, index) =>
      this.#bytes[this.#at + index] === character.charCodeAt(0)
    );
    if (isThere) this.#at += literal.length;
    return isThere;
  }

  #string(): string {
    const bytes = this.#bytes;
    const start = this.#at;
    this.#expect(quote);
    const first = this.#at;
    let end = first;
    let isPlain = true;
    for (;;) {
      const byte = bytes[end];
      if (byte === quote) break;
      // Control characters, and the end, are no part of a string.
      if (!(byte >= 0x20)) {
        this.#fail("a string must be well-formed JSON in UTF-8", start);
      }
      if (byte === backslash || byte >= 0x80) isPlain = false;
      end += byte === backslash ? 2 : 1;
    }
    this.#at = end + 1;
    if (isPlain && end - first <= shortText) {
      return asciiOf(bytes.subarray(first, end));
    }
    try {
      const inner = bytes.subarray(first, end);
      const text = this.#decoder.decode(inner);
      const value: string = inner.includes(backslash)
        ? JSON.parse(`"${text}"`)
        : text;
      if (value.isWellFormed()) return value;
    } catch {
      // The error below states its place.
    }
    this.#fail("a string must be well-formed JSON in UTF-8", start);
  }

  #number(): number {
    const ahead = asciiOf(
      this.#bytes.subarray(this.#at, this.#at + longestNumber),
    );
    const text = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(ahead)?.[0];
    const value = Number(text);
    const isExact = text !== undefined && text.length < longestNumber &&
      (/[.eE]/.test(text) || Number.isSafeInteger(value));
    if (!isExact) this.#fail("a number must be JSON below 2^53");
    this.#at += text.length;
    return value;
  }

  /** Reads digits; undefined, and nothing read, if more than these is there. */
  #count(): number | undefined {
    this.#next();
    let end = this.#at;
    let value = 0;
    while (isDigit(this.#bytes[end])) {
      value = 10 * value + this.#bytes[end++] - 0x30;
    }
    const digits = end - this.#at;
    const hasZeros = digits > 1 && this.#bytes[this.#at] === 0x30;
    const goesOn = numberSigns.includes(this.#bytes[end]);
    if (digits === 0 || hasZeros || goesOn || !Number.isSafeInteger(value)) {
      return undefined;
    }
    this.#at = end;
    return value;
  }

  /** The next byte that is no white space; undefined at the end. */
  #next(): number | undefined {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        return byte;
      }
      this.#at++;
    }
  }

  #expect(byte: number): void {
    if (this.#next() !== byte) {
      this.#fail(`${String.fromCharCode(byte)} must follow`);
    }
    this.#at++;
  }

  /** Throws for a value of another kind than the one that must be there. */
  #refuse(what: What, rule: string): never {
    const next = this.#next();
    const got = next === openObject
      ? "an object"
      : next === openList
      ? "an array"
      : next === undefined
      ? "the end"
      : describe(this.#scalar());
    throw new SyntaxError(
      cannot(this.#action, `${nameOf(what)} ${rule}`, got),
    );
  }

  #fail(rule: string, at = this.#at): never {
    const rest = new TextDecoder().decode(this.#bytes.subarray(at, at + 20));
    const got = rest === "" ? "the end" : describe(rest);
    throw new SyntaxError(
      cannot(this.#action, `at byte ${at} ${rule}`, got),
    );
  }
}

function nameOf(what: What): string {
  return typeof what === "string" ? what : what();
}

/** Much faster than a spread of the bytes, or than decoding a short text. */
function asciiOf(bytes: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, bytes);
}

function isNumberStart(byte: number | undefined): boolean {
  return byte === minus || isDigit(byte);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
