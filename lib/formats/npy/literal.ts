/**
 * The header of an npy file as text: a Python dictionary with three keys.
 *
 * @module
 * @see numpy/lib/format.py, NumPy 2.4
 */

import { fault } from "../fault.ts";

/** What the dictionary may hold. */
export type Literal = string | boolean | readonly number[];

/** One token and the white space around it. */
const token = /\s*('[^'\\]*'|"[^"\\]*"|True\b|False\b|\d+L?|[^\s])\s*/y;

/**
 * Returns the members of a dictionary of texts, truth values and tuples of
 * whole numbers.
 *
 * @param action What is being done, for the error's sentence.
 * @param text Such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }`.
 * @throws {SyntaxError} If it is another literal, or a key comes twice.
 */
export function parseLiteral(
  action: string,
  text: string,
): ReadonlyMap<string, Literal> {
  const tokens = new Tokens(action, text);
  const members = new Map<string, Literal>();
  tokens.expect("{");
  while (!tokens.skip("}")) {
    const key = readString(tokens);
    if (members.has(key)) tokens.fail("a key must come once");
    tokens.expect(":");
    members.set(key, readValue(tokens));
    if (!tokens.skip(",") && tokens.next !== "}") tokens.fail(", must follow");
  }
  if (tokens.next !== "") tokens.fail("nothing may follow the }");
  return members;
}

function readString(tokens: Tokens): string {
  if (!/^['"]./.test(tokens.next)) tokens.fail("a string must follow");
  return tokens.take().slice(1, -1);
}

function readValue(tokens: Tokens): Literal {
  const { next } = tokens;
  if (next === "True" || next === "False") return tokens.take() === "True";
  if (next === "(") return readTuple(tokens);
  return readString(tokens);
}

function readTuple(tokens: Tokens): number[] {
  const numbers: number[] = [];
  tokens.expect("(");
  while (!tokens.skip(")")) {
    // Python 2 wrote long integers with an L.
    const value = Number(tokens.next.replace("L", ""));
    if (!/^\d/.test(tokens.next) || !Number.isSafeInteger(value)) {
      tokens.fail("a whole number of at least 0 and below 2^53 must follow");
    }
    tokens.take();
    numbers.push(value);
    // Without a comma, `(3)` is a number to Python.
    const last = tokens.next === ")" && numbers.length > 1;
    if (!tokens.skip(",") && !last) tokens.fail(", must follow");
  }
  return numbers;
}

/** The tokens of a text, the next one known. */
class Tokens {
  /** The next token; empty at the end. */
  next = "";
  readonly #action: string;
  readonly #text: string;
  #start = 0;
  #end = 0;

  constructor(action: string, text: string) {
    this.#action = action;
    this.#text = text;
    this.#advance();
  }

  take(): string {
    const { next } = this;
    this.#advance();
    return next;
  }

  skip(wanted: string): boolean {
    if (this.next !== wanted) return false;
    this.#advance();
    return true;
  }

  expect(wanted: string): void {
    if (!this.skip(wanted)) this.fail(`${wanted} must follow`);
  }

  fail(rule: string): never {
    throw fault(
      this.#action,
      `at character ${this.#start} of its header ${rule}`,
      this.next === "" ? "the end" : this.next,
    );
  }

  #advance(): void {
    token.lastIndex = this.#end;
    const match = token.exec(this.#text);
    this.#start = this.#end + (match?.[0].indexOf(match[1]) ?? 0);
    this.#end = match === null ? this.#text.length : token.lastIndex;
    this.next = match?.[1] ?? "";
  }
}
