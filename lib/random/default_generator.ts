/**
 * The default generator, and the checks of a `generator` option.
 *
 * @module
 */

import { cannot, checkCallbacks, describe, noMore } from "../core/options.ts";
import type { AnyGenerator } from "./generator.ts";
import { Generator } from "./torch/generator.ts";

let generator: Generator | undefined;
/** The generator that replaces it for the time of a call. */
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
 * Calls a function with a default generator at the start of a seed's sequence,
 * and leaves the default generator as it found it, even if the function throws.
 *
 * The function may be asynchronous. Until its promise settles, all code that
 * uses the default generator draws from the seeded one, so no second
 * asynchronous call may begin before. Synchronous calls may come at any time,
 * also in an asynchronous one, whose sequence they leave where it was.
 *
 * @param seed As for `manualSeed`.
 * @param act The function.
 * @returns What it returned.
 * @throws {TypeError} If the seed is neither a number nor a bigint, or `act` is
 * no function.
 * @throws {RangeError} If the seed is fractional, unsafe or outside the range.
 * @throws {Error} As a rejection, if `act` is asynchronous and another call, of
 * `withSeed` or of `initModel`, has not ended.
 *
 * @example
 * ```ts
 * import { nn, withSeed } from "@fanin/fanin";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const [a, b] = [1, 2].map(() => withSeed(0, () => new nn.Linear(3, 2)));
 * assert(a.weight.equals(b.weight));
 *
 * const c = await withSeed(0, async () => {
 *   await Promise.resolve();
 *   return new nn.Linear(3, 2);
 * });
 * assertEquals(c.weight.data, a.weight.data);
 * ```
 */
export function withSeed<T>(seed: number | bigint, act: () => T): T {
  checkCallbacks(seeding, { act });
  // A constructor takes undefined for its default.
  const seeded = new Generator().manualSeed(seed);
  const before = other;
  // Not called at all where it can be told: its later steps would go on.
  if (before !== undefined && isAsync(act)) return refused() as T;
  const result = withDefaultGenerator(seeded, act);
  if (!isPromise(result)) return result;
  if (before !== undefined) {
    // Its own failure would end the program.
    result.then(undefined, () => {});
    return refused() as T;
  }
  other = seeded;
  return Promise.resolve(result).finally(() => other = undefined) as T;
}

const seeding = "run a function with a seed";

function isAsync(act: unknown): boolean {
  return Object.prototype.toString.call(act) === "[object AsyncFunction]";
}

function isPromise(result: unknown): result is PromiseLike<unknown> {
  return typeof (result as PromiseLike<unknown> | null)?.then === "function";
}

function refused(): Promise<never> {
  return Promise.reject(
    new Error(
      cannot(
        seeding,
        "an asynchronous function must wait until other calls with a default generator of their own have ended",
        "one that began before",
      ),
    ),
  );
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
