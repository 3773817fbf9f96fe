/**
 * How a layer is defined: a name that minifiers keep, arguments as a table,
 * and parameters as calls of `own`.
 *
 * @module
 */

import { cannot, describe, type Option } from "../core/options.ts";
import { type LayerOptions, readArguments } from "./arguments.ts";
import { Module } from "./module.ts";

/** The first elements of a list, or all, or none. */
type Fewer<May extends unknown[]> = May extends [...infer Less, unknown]
  ? May | Fewer<Less>
  : May;

/**
 * What a layer takes: all by name, or what it needs by position, then what it
 * may have by position, then the rest by name.
 */
export type Given<Need extends unknown[], May extends unknown[], Options> =
  | [options: Options]
  | [...Need, ...Fewer<May>, options?: Partial<Options>];

/** Arguments as they are read. */
export type ReadBy<S> =
  & { readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never }
  & LayerOptions;

/** Reads what a layer was given by its table. */
export function read<S extends Readonly<Record<string, Option<unknown>>>>(
  layer: string,
  table: S,
  given: readonly unknown[],
): ReadBy<S> {
  return readArguments(layer, given, table) as ReadBy<S>;
}

/**
 * Returns an option that is a module, as it is.
 */
export function module(): Option<Module> {
  return {
    read(action, name, value) {
      if (value instanceof Module) return value;
      throw new TypeError(
        cannot(action, `${name} must be a module`, describe(value)),
      );
    },
  };
}
