/**
 * Sizes of strips in bytes.
 *
 * @module
 */

/** A number in double precision. */
export const numberBytes: usize = 8;

/** A row of a strip. */
export const rowBytes: usize = 32;

/** What four rows of a strip take. */
export const tileBytes: usize = 128;
