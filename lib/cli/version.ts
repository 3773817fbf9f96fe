/**
 * The version of the package.
 *
 * @module
 */

/** The version that stands in `deno.json`. */
export const version = "0.1.0";
