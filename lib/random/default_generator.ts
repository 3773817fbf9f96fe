/**
 * The default generator, and the checks of a `generator` option.
 *
 * @module
 */

import { cannot, describe, noMore } from "../core/options.ts";
import type { AnyGenerator } from "./generator.ts";
import { Generator } from "./torch/generator.ts";

let generator: Generator | undefined;
/** The generator that replaces it during `withDefaultGenerator`. */
let other: AnyGenerator | undefined;

/**
 * Returns the default generator. It starts from a random seed, as PyTorch's.
 *
 * @throws {TypeError} If another framework's generator replaces it while
 * `initModel` builds.
 *
 * @example
 * ```ts
 * import { defaultGenerator } from "@fanin/fanin";
 * import { assert } from "@std/assert";
 *
 * assert(defaultGenerator() === defaultGenerator());
 * ```
 */
export function defaultGenerator(): Generator {
  if (other instanceof Generator) return other;
  if (other !== undefined) {
    throw new TypeError(
      cannot(
        "use the default generator",
        "it must be a Generator",
        describe(other),
      ),
    );
  }
  if (generator === undefined) {
    generator = new Generator();
    generator.seed();
  }
  return generator;
}

/**
 * Calls a function with another generator as the default one.
 *
 * @param given That generator; undefined for no change.
 * @param act The function.
 * @returns What it returned.
 */
export function withDefaultGenerator<T>(
  given: AnyGenerator | undefined,
  act: () => T,
): T {
  const before = other;
  other = given ?? before;
  try {
    return act();
  } finally {
    other = before;
  }
}

/**
 * Starts the default generator's sequence of a seed.
 *
 * @param seed An integer in [−2^63, 2^64); a bigint beyond ±(2^53 − 1).
 * @returns The default generator.
 * @throws {TypeError} If it is neither a number nor a bigint.
 * @throws {RangeError} If it is fractional, unsafe or outside the range.
 * @see `torch.manual_seed`
 *
 * @example
 * ```ts
 * import { empty, init, manualSeed } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * manualSeed(0);
 * // torch.manual_seed(0); torch.rand(2)
 * assertEquals(
 *   init.uniform(empty([2])).toString(),
 *   "tensor([0.4963, 0.7682])",
 * );
 * ```
 */
export function manualSeed(seed: number | bigint): Generator {
  noMore("seed the default generator", arguments, 1);
  return defaultGenerator().manualSeed(seed);
}

/**
 * Returns the generator for a single fill.
 *
 * @param action What is being done, for the error message.
 * @param given The option; undefined for the default generator.
 * @throws {TypeError} If it is no generator.
 */
export function generatorOf(action: string, given: unknown): AnyGenerator {
  if (given === undefined) return other ?? defaultGenerator();
  // Arrays, too, have a method named `fill`.
  if (
    !Array.isArray(given) && !ArrayBuffer.isView(given) &&
    typeof (given as AnyGenerator | null)?.fill === "function"
  ) {
    return given as AnyGenerator;
  }
  throw new TypeError(
    cannot(action, "generator must be a Generator", describe(given)),
  );
}

/**
 * Returns the generator for several fills in sequence.
 *
 * @param action What is being done, for the error message.
 * @param given The option; undefined for the default generator.
 * @throws {TypeError} If it is no generator, or repeats its numbers at each
 * fill: tensors that should be independent would be equal.
 */
export function streamOf(action: string, given: unknown): AnyGenerator {
  const generator = generatorOf(action, given);
  if (!generator.repeats) return generator;
  throw new TypeError(
    cannot(
      action,
      "generator must give new numbers at each fill; keys(key) splits a key that repeats",
    ),
  );
}
