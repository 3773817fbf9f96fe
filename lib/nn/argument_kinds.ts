/**
 * The kinds of arguments that layers take: counts, flags, names, numbers.
 *
 * @module
 */

import { checkCount, checkFinite, describe } from "../core/options.ts";
import type { Argument } from "./arguments.ts";
import { Module } from "./module.ts";

/**
 * Returns a whole number.
 *
 * @param smallest The smallest it may be.
 * @param fallback Its default; undefined where it must be given.
 */
export function count(smallest: number, fallback?: number): Argument<number> {
  return {
    fallback,
    read(action, name, value) {
      checkCount(action, name, value, smallest);
      return value;
    },
  };
}

/**
 * Returns a whole number of any sign.
 *
 * @param fallback Its default; undefined where it must be given.
 */
export function integer(fallback?: number): Argument<number> {
  return count(Number.MIN_SAFE_INTEGER, fallback);
}

/**
 * Returns true or false.
 *
 * @param fallback Its default.
 */
export function flag(fallback: boolean): Argument<boolean> {
  return {
    fallback,
    read(action, name, value) {
      if (typeof value === "boolean") return value;
      throw new TypeError(
        `Cannot ${action} as ${name} must be true or false: current value is ${
          describe(value)
        }`,
      );
    },
  };
}

/**
 * Returns a finite number.
 *
 * @param fallback Its default; undefined where it must be given.
 * @param low The smallest it may be.
 * @param high The largest it may be.
 */
export function real(
  fallback?: number,
  low = -Infinity,
  high = Infinity,
): Argument<number> {
  return {
    fallback,
    read(action, name, value) {
      checkFinite(action, name, value);
      if (value >= low && value <= high) return value;
      const range = high === Infinity
        ? `at least ${low}`
        : `in [${low}, ${high}]`;
      throw new RangeError(
        `Cannot ${action} as ${name} must be ${range}: current value is ${value}`,
      );
    },
  };
}

/**
 * Returns one of several names.
 *
 * @param names The names.
 * @param fallback Its default.
 */
export function oneOf<T extends string>(
  names: readonly T[],
  fallback: T,
): Argument<T> {
  return {
    fallback,
    read(action, name, value) {
      if ((names as readonly unknown[]).includes(value)) return value as T;
      throw new RangeError(
        `Cannot ${action} as ${name} must be one of ${
          names.join(", ")
        }: current value is ${describe(value)}`,
      );
    },
  };
}

/**
 * Returns a module, as it is.
 */
export function module(): Argument<Module> {
  return {
    read(action, name, value) {
      if (value instanceof Module) return value;
      throw new TypeError(
        `Cannot ${action} as ${name} must be a module: current value is ${
          describe(value)
        }`,
      );
    },
  };
}

/**
 * Returns an argument that may be null, and is where it has no other default.
 *
 * @param argument How it is read where it is not.
 */
export function orNull<T>(argument: Argument<T>): Argument<T | null> {
  return {
    fallback: argument.fallback === undefined ? null : argument.fallback,
    read: (action, name, value) =>
      value === null ? null : argument.read(action, name, value),
  };
}

/**
 * Returns whole numbers, one for each axis; one number stands for all.
 *
 * @param axes The number of axes.
 * @param smallest The smallest that each may be.
 * @param fallback The default; undefined where it must be given.
 */
export function perAxis(
  axes: number,
  smallest: number,
  fallback?: number,
): Argument<readonly number[]> {
  return {
    fallback: fallback === undefined
      ? undefined
      : new Array(axes).fill(fallback),
    read(action, name, value) {
      const sizes = Array.isArray(value) ? value : new Array(axes).fill(value);
      if (sizes.length !== axes) {
        throw new RangeError(
          `Cannot ${action} as ${name} must be a number or a list of ${axes}: current value is ${
            describe(value)
          }`,
        );
      }
      for (const size of sizes) checkCount(action, name, size, smallest);
      return Object.freeze([...sizes]);
    },
  };
}

/**
 * Returns one value, or a list of one for each axis, as it was given: the texts
 * of some layers tell them apart.
 *
 * @param axes The number of axes.
 * @param one How a single value is read.
 * @param item How a value of a list is read. Default: as a single one.
 */
export function asGiven<T, U = T>(
  axes: number,
  one: Argument<T>,
  item: Argument<T | U> = one,
): Argument<T | readonly (T | U)[]> {
  return {
    fallback: one.fallback,
    read(action, name, value) {
      if (!Array.isArray(value)) return one.read(action, name, value);
      if (value.length === axes) {
        return Object.freeze(
          value.map((each) => item.read(action, name, each)),
        );
      }
      throw new RangeError(
        `Cannot ${action} as ${name} must be one value or ${axes}: current value is ${
          describe(value)
        }`,
      );
    },
  };
}

/**
 * Returns a list of whole numbers.
 *
 * @param smallest The smallest that each may be.
 * @param fallback The default; undefined where it must be given.
 */
export function counts(
  smallest: number,
  fallback?: readonly number[],
): Argument<readonly number[]> {
  return {
    fallback,
    read(action, name, value) {
      if (!Array.isArray(value)) {
        throw new TypeError(
          `Cannot ${action} as ${name} must be an array: current value is ${
            describe(value)
          }`,
        );
      }
      for (const size of value) checkCount(action, name, size, smallest);
      return Object.freeze([...value]);
    },
  };
}

/**
 * Returns a list of at least one whole number, or one number as a list.
 *
 * @param smallest The smallest that each may be.
 */
export function sizes(smallest: number): Argument<readonly number[]> {
  return {
    read(action, name, value) {
      const list = Array.isArray(value) ? value : [value];
      if (list.length === 0) {
        throw new RangeError(
          `Cannot ${action} as ${name} must have a number: current value is []`,
        );
      }
      return counts(smallest).read(action, name, list);
    },
  };
}

/**
 * Returns an argument that goes by name only.
 *
 * @param argument How it is read.
 */
export function named<T>(argument: Argument<T>): Argument<T> {
  return { ...argument, named: true };
}
