/**
 * Shape arithmetic: sizes along axes, element counts, axis numbers.
 *
 * @module
 */

import { cannot, describe } from "./options.ts";

/** Sizes along the axes of a tensor, outermost first. */
export type Shape = readonly number[];

/** The most axes that a tensor has; PyTorch's and NumPy's bound, too. */
export const mostAxes = 64;

/**
 * Returns the number of elements of a shape: the product of its sizes, 1 for
 * rank 0.
 *
 * @param shape Sizes along the axes.
 */
export function elementCount(shape: Shape): number {
  let product = 1;
  for (const size of shape) product *= size;
  return product;
}

/**
 * Formats a shape: `[33, 16, 3, 3]`. One too long for any tensor is cut: `[1,
 * 1, 1, … 99997 more]`.
 *
 * @param shape Sizes along the axes.
 */
export function formatShape(shape: Shape): string {
  return shape.length <= mostAxes ? `[${shape.join(", ")}]` : describe(shape);
}

/**
 * Checks that each size is a whole number of at least 0, and that there are at
 * most 64.
 *
 * @param action What is being done, for the error message.
 * @param shape The sizes to check.
 * @throws {TypeError} If `shape` is not an array of numbers.
 * @throws {RangeError} If a size is negative, fractional or not finite.
 */
export function checkShape(
  action: string,
  shape: unknown,
): asserts shape is Shape {
  if (!Array.isArray(shape)) throw notNumbers(action, shape);
  if (shape.length > mostAxes) {
    throw new RangeError(
      cannot(action, `the rank must be at most ${mostAxes}`, shape.length),
    );
  }
  let count = 1;
  // A loop by index, since the array methods pass over holes.
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis];
    if (!Number.isInteger(size) || size < 0) {
      if (shape.some((each) => typeof each !== "number")) {
        throw notNumbers(action, shape);
      }
      throw new RangeError(
        cannot(
          action,
          "each size must be an integer of at least 0",
          describe(shape),
        ),
      );
    }
    count *= size;
  }
  if (!Number.isSafeInteger(count)) {
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
 * Returns an index counted from the start; negative ones count from the end.
 *
 * @param action What is being done, for the error message.
 * @param index The index, in [−size, size).
 * @param size The number of places.
 * @param name The index's name, for the error message.
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
        describe(index),
      ),
    );
  }
  return index < 0 ? index + size : index;
}

function notNumbers(action: string, shape: unknown): TypeError {
  return new TypeError(
    cannot(action, "shape must be an array of numbers", describe(shape)),
  );
}
