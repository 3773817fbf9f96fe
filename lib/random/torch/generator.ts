/**
 * PyTorch's CPU generator.
 *
 * @module
 */

import type { FloatDtype } from "../../core/dtype.ts";
import { cannot, describe, noMore } from "../../core/options.ts";
import { settle } from "../../core/recording.ts";
import { kindOf, Showable } from "../../core/show.ts";
import { checkTensor, type Tensor } from "../../core/tensor.ts";
import {
  checkDistribution,
  type Distribution,
  readDistribution,
} from "../distribution.ts";
import {
  type AnyGenerator,
  drawChecked,
  remember,
  type SeekableGenerator,
} from "../generator.ts";
import { draw, wordsOf } from "./draw.ts";
import { Words } from "./words.ts";

/** The seed of a new `torch.Generator()`. */
const startSeed = 67280421310721;

let privateSource: (generator: Generator) => Words;

/**
 * A source of random words, with the seeds, words and state of
 * `torch.Generator()` on a CPU.
 *
 * Compatibility: fanin promises that the stream of a seed never changes.
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
export class Generator extends Showable implements SeekableGenerator {
  /** Its name, which minifiers leave alone. */
  static readonly title = "Generator";
  readonly #source = new Words();

  /**
   * Makes a generator at the start of a seed's sequence.
   *
   * @param seed As for {@linkcode Generator.manualSeed}. Default:
   * 67280421310721, as in PyTorch.
   */
  constructor(seed: number | bigint = startSeed) {
    super();
    noMore("make a generator", arguments, 1);
    this.#source.start(checkSeed(seed));
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "generator";
  }

  /** The seed of the sequence, in [0, 2^64). */
  get initialSeed(): bigint {
    return this.#source.seed;
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
    noMore("seed a generator", arguments, 1);
    const start = checkSeed(seed);
    sourceOf(this).start(start);
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

  /**
   * Fills a tensor as PyTorch does. `filledBy` then forgets what filled it
   * before.
   *
   * @param tensor The tensor; of a float dtype.
   * @param distribution What is drawn.
   * @throws {RangeError} If a number does not fit the dtype, or the rank.
   * @throws {TypeError} If the tensor cannot be filled, or the distribution has
   * an unknown member or lacks one.
   *
   * @example
   * ```ts
   * import { empty, Generator } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * const w = empty([2]);
   * new Generator(0).fill(w, { kind: "uniform", low: 0, high: 1 });
   * assertEquals(w.toString(), "tensor([0.4963, 0.7682])");
   * ```
   */
  fill(tensor: Tensor<FloatDtype>, distribution: Distribution): void {
    const action = "fill from a generator";
    checkTensor(action, tensor);
    const read = readDistribution(action, "the distribution", distribution);
    checkDistribution(action, read, tensor);
    remember(tensor, undefined);
    draw(tensor, read, sourceOf(this));
  }

  /** A subclass whose `fill` is its own has no other. */
  get [drawChecked](): AnyGenerator["fill"] | undefined {
    return this.fill === Generator.prototype.fill ? this.#draw : undefined;
  }

  #draw(tensor: Tensor<FloatDtype>, distribution: Distribution): void {
    draw(tensor, distribution, sourceOf(this));
  }

  /**
   * Returns how many words a fill draws; undefined where that depends on the
   * words themselves, or on the spare normal.
   *
   * @param distribution What is drawn.
   * @param dtype The tensor's dtype.
   * @param count The number of elements.
   */
  wordsOf(
    distribution: Distribution,
    dtype: FloatDtype,
    count: number,
  ): number | undefined {
    return wordsOf(distribution, dtype, count);
  }

  /**
   * Fills an array with the next words, integers in [0, 2^32).
   *
   * @param words The array, filled from its start to its end.
   */
  fillWords(words: Uint32Array): void {
    sourceOf(this).fillWords(words);
  }

  /**
   * Skips words without drawing them: the state is then the same as after
   * drawing as many with {@linkcode Generator.fillWords}. The time grows with
   * the logarithm of their number: a few milliseconds for 2^23 words, about 15
   * for 2^53.
   *
   * A spare normal is kept, since it comes from earlier words.
   *
   * @param words How many, at least 0; a bigint beyond 2^53 − 1. A float32
   * uniform takes one.
   * @returns This generator.
   * @throws {TypeError} If it is neither a number nor a bigint.
   * @throws {RangeError} If it is negative, fractional or unsafe.
   * @see Haramoto et al., 2008
   *
   * @example
   * ```ts
   * import { Generator } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * const drawn = new Uint32Array(10_000);
   * new Generator(5489).fillWords(drawn);
   * const jumped = new Uint32Array(1);
   * new Generator(5489).advance(9_999).fillWords(jumped);
   * assertEquals([jumped[0], drawn[9_999]], [4123659995, 4123659995]);
   * ```
   */
  advance(words: number | bigint): this {
    const count = checkWords(words);
    sourceOf(this).advance(count);
    return this;
  }

  /**
   * Returns a snapshot of the state, the spare normal included: the 5,056
   * bytes of `torch.get_rng_state()`.
   */
  getState(): Uint8Array<ArrayBuffer> {
    return sourceOf(this).getState();
  }

  /**
   * Continues from a snapshot.
   *
   * @param state What {@linkcode Generator.getState} returned.
   * @returns This generator.
   * @throws {TypeError} If it is not a Uint8Array.
   * @throws {SyntaxError} If it is not a state; the generator is unchanged.
   */
  setState(state: Uint8Array): this {
    sourceOf(this).setState(state);
    return this;
  }

  /** Returns a second generator in the same state. */
  clone(): Generator {
    return new Generator().setState(this.getState());
  }

  /** Returns the class and the initial seed. */
  override toString(): string {
    return `Generator(initialSeed=${this.initialSeed})`;
  }

  static {
    privateSource = (generator) => generator.#source;
  }
}

/**
 * Returns the source of a generator's words, after running the pending steps
 * that may draw from it.
 *
 * @param generator The generator.
 */
export function sourceOf(generator: Generator): Words {
  settle();
  return privateSource(generator);
}

function checkSeed(seed: unknown): bigint {
  const value = checkInteger("seed a generator", "the seed", seed);
  if (value < -(2n ** 63n) || value >= 2n ** 64n) {
    throw new RangeError(
      cannot("seed a generator", "the seed must be in [-2^63, 2^64)", value),
    );
  }
  return BigInt.asUintN(64, value);
}

function checkWords(words: unknown): bigint {
  const action = "advance a generator";
  const value = checkInteger(action, "the number of words", words);
  if (value < 0n) {
    throw new RangeError(
      cannot(action, "the number of words must be at least 0", value),
    );
  }
  return value;
}

function checkInteger(action: string, name: string, value: unknown): bigint {
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw new TypeError(
      cannot(action, `${name} must be an integer`, describe(value)),
    );
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    const hint = Number.isInteger(value) ? "; write it as a bigint" : "";
    throw new RangeError(
      cannot(action, `${name} must be a safe integer${hint}`, value),
    );
  }
  return BigInt(value);
}
