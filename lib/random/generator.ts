/**
 * PyTorch's CPU generator: a Mersenne Twister, its seed, and one spare normal.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import { kindOf, Showable } from "../core/show.ts";
import { fillWords, type TwisterState } from "../kernels/fill.ts";
import { kernelFor } from "../kernels/kernel.ts";
import { MersenneTwister } from "./mt19937.ts";
import { readState, writeState } from "./torch_state.ts";

/** The seed of a new `torch.Generator()`. */
const startSeed = 67280421310721;

/**
 * A source of random words, with the seeds, words and state of
 * `torch.Generator()` on a CPU.
 *
 * Compatibility: the stream of a seed is part of what fanin promises and does
 * not change.
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const first = init.uniform(empty([3]), { generator });
 * generator.manualSeed(0);
 * const again = init.uniform(empty([3]), { generator });
 * assertEquals(first.data, again.data);
 * ```
 */
export class Generator extends Showable {
  readonly #words = new MersenneTwister();
  #initialSeed = 0n;
  /**
   * The second of two normals that were made together, kept for the next call.
   * Every dtype shares it; only a seed or a state clears it.
   */
  spareNormal: number | undefined = undefined;

  /**
   * Makes a generator at the start of a seed's sequence.
   *
   * @param seed As for {@linkcode Generator.manualSeed}. Default:
   * 67280421310721, as in PyTorch.
   */
  constructor(seed: number | bigint = startSeed) {
    super();
    this.manualSeed(seed);
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "generator";
  }

  /** The seed from which the sequence started, in [0, 2^64). */
  get initialSeed(): bigint {
    return this.#initialSeed;
  }

  /**
   * Starts the sequence of a seed and forgets the spare normal.
   *
   * @param seed An integer in [−2^63, 2^64); a bigint beyond ±(2^53 − 1).
   * Seeds that are equal modulo 2^32 give the same words, as in PyTorch.
   * @returns This generator.
   * @throws {TypeError} If it is neither a number nor a bigint.
   * @throws {RangeError} If it is fractional, unsafe or outside the range.
   */
  manualSeed(seed: number | bigint): this {
    this.#initialSeed = checkSeed(seed);
    this.#words.seed(Number(BigInt.asUintN(32, this.#initialSeed)));
    this.spareNormal = undefined;
    return this;
  }

  /**
   * Starts the sequence of a random seed.
   *
   * @returns The seed, in [0, 2^53).
   */
  seed(): bigint {
    const [random] = crypto.getRandomValues(new BigUint64Array(1));
    return this.manualSeed(BigInt.asUintN(53, random)).initialSeed;
  }

  /** The Mersenne Twister behind it, for code that makes words in bulk. */
  get twister(): TwisterState {
    return this.#words;
  }

  /** Returns the next word, an integer in [0, 2^32). */
  nextWord(): number {
    return this.#words.next();
  }

  /**
   * Fills an array with the next words.
   *
   * @param words The array, filled from its start to its end.
   */
  fillWords(words: Uint32Array): void {
    const kernel = kernelFor(words.length);
    if (kernel === undefined) this.#words.fill(words);
    else fillWords(kernel, words, this.#words);
  }

  /**
   * Returns a snapshot of the state, the spare normal included: the 5,056
   * bytes of `torch.get_rng_state()`.
   */
  getState(): Uint8Array<ArrayBuffer> {
    return writeState({
      seed: this.#initialSeed,
      words: this.#words.state,
      position: this.#words.position,
      spareNormal: this.spareNormal,
    });
  }

  /**
   * Goes on from a snapshot.
   *
   * @param state What {@linkcode Generator.getState} returned.
   * @returns This generator.
   * @throws {TypeError} If it is not a Uint8Array.
   * @throws {SyntaxError} If it is not a state; the generator is unchanged.
   */
  setState(state: Uint8Array): this {
    const { seed, words, position, spareNormal } = readState(state);
    this.#initialSeed = seed;
    this.#words.state.set(words);
    this.#words.position = position;
    this.spareNormal = spareNormal;
    return this;
  }

  /** Returns a second generator in the same state. */
  clone(): Generator {
    return new Generator().setState(this.getState());
  }

  /** Returns the class and the initial seed. */
  override toString(): string {
    return `Generator(initialSeed=${this.#initialSeed})`;
  }
}

function checkSeed(seed: unknown): bigint {
  if (typeof seed !== "number" && typeof seed !== "bigint") {
    throw new TypeError(
      `Cannot seed a generator as the seed must be an integer: current value is ${
        describe(seed)
      }`,
    );
  }
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    const hint = Number.isInteger(seed) ? "; write it as a bigint" : "";
    throw new RangeError(
      `Cannot seed a generator as the seed must be a safe integer${hint}: current value is ${seed}`,
    );
  }
  const value = BigInt(seed);
  if (value < -(2n ** 63n) || value >= 2n ** 64n) {
    throw new RangeError(
      `Cannot seed a generator as the seed must be in [-2^63, 2^64): current value is ${value}`,
    );
  }
  return BigInt.asUintN(64, value);
}
