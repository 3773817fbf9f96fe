/**
 * Whether a number is what the reference has, relative to its size.
 *
 * @module
 */

import { assert } from "@std/assert";

/**
 * Asserts that a number is within a share of the expected one.
 *
 * @param own The number.
 * @param expected What it must be.
 * @param accuracy The share; at 0 only 0 is near.
 * @param of What it is, for the message.
 */
export function assertNear(
  own: number,
  expected: number,
  accuracy: number,
  of: string,
): void {
  const error = Math.abs(own - expected);
  assert(error <= accuracy * Math.abs(expected), `${of}: ${own}, ${expected}`);
}
