/**
 * Values of JSON, and which kind of them a file must have in a place.
 *
 * @module
 */

import { fault } from "./fault.ts";

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

/**
 * Returns a value that must be an object.
 *
 * @param action What is being done, for the error's sentence.
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
 * @param action What is being done, for the error's sentence.
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
 * @param action What is being done, for the error's sentence.
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
