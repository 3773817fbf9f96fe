/**
 * What the text of an argument stands for.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import type { Shape } from "../core/shape.ts";
import { suggestion } from "../core/options.ts";
import { UsageError } from "./usage_error.ts";

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
    `Cannot read ${name} as it must be ${rule}: current value is ${
      describe(text)
    }${hint}`,
  );
}
