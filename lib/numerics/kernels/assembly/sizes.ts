/**
 * Sizes in bytes.
 *
 * @module
 */

/** A word, or a number in single precision. */
export const wordBytes: usize = 4;

/** A vector. */
export const vectorBytes: usize = 16;
