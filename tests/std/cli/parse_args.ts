/**
 * `@std/cli/parse-args` as npm carries it, for networks that do not reach JSR.
 *
 * @module
 */

// @ts-types="./types.d.ts"
export { parseArgs } from "npm:deno-std@1.4.0/cli/parse_args.js";
