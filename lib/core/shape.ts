/**
 * Shape arithmetic: sizes along axes, element counts, axis numbers.
 *
 * @module
 */

import { cannot } from "./options.ts";

/** Sizes along the axes of a tensor, outermost first. */
export type Shape = readonly number[];

/**
 * Returns the number of elements of a shape: the product of its sizes, 1 for
 * rank 0.
 *
 * @param shape Sizes along the axes.
 */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Returns a shape as it is written in a message: `[33, 16, 3, 3]`.
 *
 * @param shape Sizes along the axes.
 */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * Checks that each size is a whole number of at least 0.
 *
 * @param action What is being done, for the error's sentence.
 * @param shape The sizes to check.
 * @throws {TypeError} If `shape` is not an array of numbers.
 * @throws {RangeError} If a size is negative, fractional or not finite.
 */
export function checkShape(
  action: string,
  shape: unknown,
): asserts shape is Shape {
  if (
    !Array.isArray(shape) || shape.some((size) => typeof size !== "number")
  ) {
    throw new TypeError(
      cannot(
        action,
        "shape must be an array of numbers",
        Array.isArray(shape) ? `[${shape.join(", ")}]` : String(shape),
      ),
    );
  }
  // Array.from sees holes, which the array methods pass over.
  if (!Array.from(shape).every((size) => Number.isInteger(size) && size >= 0)) {
    throw new RangeError(
      cannot(
        action,
        "each size must be an integer of at least 0",
        formatShape(shape),
      ),
    );
  }
  if (!Number.isSafeInteger(elementCount(shape))) {
    throw new RangeError(
      cannot(
        action,
        "the number of elements must be below 2^53",
        formatShape(shape),
      ),
    );
  }
}

/**
 * Returns an index counted from the start, where negative ones count from the
 * end.
 *
 * @param action What is being done, for the error's sentence.
 * @param index The index, in [−size, size).
 * @param size The number of places.
 * @param name The index's name, for the error's sentence.
 * @throws {RangeError} If the index is outside, or not an integer.
 */
export function resolveIndex(
  action: string,
  index: number,
  size: number,
  name = "the index",
): number {
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new RangeError(
      cannot(
        action,
        `${name} must be an integer in [${-size}, ${size})`,
        index,
      ),
    );
  }
  return index < 0 ? index + size : index;
}
