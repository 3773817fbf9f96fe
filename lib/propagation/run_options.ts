/**
 * Options of every run: where its numbers come from, and whom it tells.
 *
 * @module
 */

import { cannot, describe, type Option } from "../core/options.ts";
import { streamOf } from "../random/default_generator.ts";
import type { AnyGenerator } from "../random/generator.ts";

/**
 * The progress of a run.
 *
 * @internal
 */
export interface Progress {
  /** The direction. */
  readonly pass: "forward" | "backward";
  /** The layer that is done, from 1. */
  readonly layer: number;
  /** How many layers are done, both ways. */
  readonly done: number;
  /** How many there are, both ways: twice the depth. */
  readonly total: number;
}

/** The seed, or a generator in place of it. */
export const randomOptions = {
  seed: { fallback: 0, read: (_action, _name, value) => value } as Option<
    number | bigint
  >,
  generator: {
    insteadOf: ["seed"],
    read: (action, _name, value) => streamOf(action, value),
  } as Option<AnyGenerator | undefined>,
};

/** A function that is told of the progress. */
export const progressOption: Option<(progress: Progress) => void> = callback<
  Progress
>();

/** Returns an option that is a function of one argument; by default it does nothing. */
export function callback<T>(): Option<(told: T) => void> {
  return {
    fallback: () => {},
    read(action, name, value) {
      if (typeof value === "function") return value as (told: T) => void;
      throw new TypeError(
        cannot(action, `${name} must be a function`, describe(value)),
      );
    },
  };
}
