/**
 * Errors of bytes that do not parse.
 *
 * @module
 */

import { describe } from "../core/options.ts";

/** The longest that a value from a file stands in a message, in characters. */
const longest = 80;

/**
 * Returns the error of bytes that do not parse, for the caller to throw:
 * "Cannot … as … must be …: current value is …".
 *
 * @param action What is being done.
 * @param rule What must be, with the place concerned in it.
 * @param value What is there instead; a long one is cut.
 */
export function fault(
  action: string,
  rule: string,
  value: unknown,
): SyntaxError {
  return new SyntaxError(
    `Cannot ${action} as ${rule}: current value is ${
      cut(describe(Array.isArray(value) ? value.slice(0, longest) : value))
    }`,
  );
}

/**
 * Returns a name from a file as it stands in a message: in quotation marks, a
 * long one cut.
 *
 * @param name The name.
 */
export function quoted(name: string): string {
  return cut(JSON.stringify(name));
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
