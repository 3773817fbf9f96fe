/**
 * PyTorch's CPU generator: a Mersenne Twister, its seed, and one spare normal.
 *
 * @module
 */

import type { FloatDtype } from "../../core/dtype.ts";
import { cannot, describe, noMore } from "../../core/options.ts";
import { settle } from "../../core/recording.ts";
import { kindOf, Showable } from "../../core/show.ts";
import { checkTensor, type Tensor } from "../../core/tensor.ts";
import { fillWords } from "../../numerics/kernels/fill.ts";
import { kernelFor } from "../../numerics/kernels/kernel.ts";
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
import { jump, jumpFrom } from "./jump.ts";
import type { NormalSource } from "./normal.ts";
import { MersenneTwister, stateLength } from "./twister.ts";

/** The contents of a state. */
interface GeneratorState {
  /** The initial seed, in [0, 2^64). */
  readonly seed: bigint;
  /** The 624 words of the twister. */
  readonly words: Uint32Array;
  /** The place of the next word, in [0, 624]. */
  readonly position: number;
  /** The cached normal, if there is one. */
  readonly spareNormal: number | undefined;
}

const byteLength = 5056;

/** Offsets of the fields. */
const at = {
  seed: 0,
  left: 8,
  seeded: 12,
  position: 16,
  words: 24,
  spareNormal: 24 + 8 * stateLength + 8,
  hasSpare: 24 + 8 * stateLength + 24,
} as const;

/** Draws words one by one and in bulk, and keeps the spare normal. */
class TwisterSource implements NormalSource {
  readonly twister = new MersenneTwister();
  spareNormal: number | undefined = undefined;

  nextWord(): number {
    return this.twister.next();
  }

  fillWords(words: Uint32Array): void {
    const kernel = kernelFor(words.length);
    if (kernel === undefined) this.twister.fill(words);
    else fillWords(kernel, words, this.twister);
  }
}

/** The seed of a new `torch.Generator()`. */
const startSeed = 67280421310721;

/** From this many words on, a jump is faster than drawing them. */
const worthJumping = 2n ** 21n;

let privateSource: (generator: Generator) => TwisterSource;

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
  readonly #source = new TwisterSource();
  #initialSeed = 0n;

  /**
   * Makes a generator at the start of a seed's sequence.
   *
   * @param seed As for {@linkcode Generator.manualSeed}. Default:
   * 67280421310721, as in PyTorch.
   */
  constructor(seed: number | bigint = startSeed) {
    super();
    noMore("make a generator", arguments, 1);
    this.#start(checkSeed(seed));
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "generator";
  }

  /** The seed of the sequence, in [0, 2^64). */
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
    noMore("seed a generator", arguments, 1);
    const start = checkSeed(seed);
    settle();
    this.#start(start);
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
    if (count >= worthJumping) {
      const { twister } = sourceOf(this);
      jump(twister, jumpFrom(twister.position, count));
      return this;
    }
    const passed = new Uint32Array(Math.min(Number(count), 4096));
    for (let left = Number(count); left > 0; left -= passed.length) {
      this.fillWords(passed.subarray(0, Math.min(passed.length, left)));
    }
    return this;
  }

  /**
   * Returns a snapshot of the state, the spare normal included: the 5,056
   * bytes of `torch.get_rng_state()`.
   */
  getState(): Uint8Array<ArrayBuffer> {
    const { twister, spareNormal } = sourceOf(this);
    return writeState({
      seed: this.#initialSeed,
      words: twister.state,
      position: twister.position,
      spareNormal,
    });
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
    const { seed, words, position, spareNormal } = readState(state);
    const source = sourceOf(this);
    this.#initialSeed = seed;
    source.twister.state.set(words);
    source.twister.position = position;
    source.spareNormal = spareNormal;
    return this;
  }

  /** Returns a second generator in the same state. */
  clone(): Generator {
    return new Generator().setState(this.getState());
  }

  #start(seed: bigint): void {
    this.#initialSeed = seed;
    this.#source.twister.seed(Number(BigInt.asUintN(32, seed)));
    this.#source.spareNormal = undefined;
  }

  /** Returns the class and the initial seed. */
  override toString(): string {
    return `Generator(initialSeed=${this.#initialSeed})`;
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
export function sourceOf(generator: Generator): TwisterSource {
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

/**
 * Returns the bytes of a state.
 *
 * @param state The state.
 */
function writeState(state: GeneratorState): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLength);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(at.seed, state.seed, true);
  view.setInt32(at.left, wordsLeft(state.position), true);
  view.setInt32(at.seeded, 1, true);
  view.setUint32(at.position, state.position, true);
  state.words.forEach((word, i) =>
    view.setUint32(at.words + 8 * i, word, true)
  );
  if (state.spareNormal !== undefined) {
    view.setFloat64(at.spareNormal, state.spareNormal, true);
    view.setInt32(at.hasSpare, 1, true);
  }
  return bytes;
}

/**
 * Returns the state stored in bytes.
 *
 * @param bytes 5,056 bytes, from here or from PyTorch.
 * @throws {TypeError} If it is not a Uint8Array.
 * @throws {SyntaxError} If the length or a field is impossible.
 */
function readState(bytes: Uint8Array): GeneratorState {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(
      cannot(
        "read a generator's state",
        "it must be a Uint8Array",
        describe(bytes),
      ),
    );
  }
  check("its length", bytes.length, byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, byteLength);
  const position = Number(view.getBigUint64(at.position, true));
  check("seeded", view.getInt32(at.seeded, true), 1);
  check("left", view.getInt32(at.left, true), wordsLeft(position));
  const words = Uint32Array.from(
    { length: stateLength },
    (_, i) => view.getUint32(at.words + 8 * i, true),
  );
  const spareNormal = view.getInt32(at.hasSpare, true) === 0
    ? undefined
    : view.getFloat64(at.spareNormal, true);
  const seed = view.getBigUint64(at.seed, true);
  return { seed, words, position, spareNormal };
}

/** PyTorch's count of words until the state is renewed, one too many. */
function wordsLeft(position: number): number {
  return position === 0 ? 1 : stateLength + 1 - position;
}

function check(field: string, actual: number, expected: number): void {
  if (actual !== expected || expected < 1) {
    throw new SyntaxError(
      cannot(
        "read a generator's state",
        `${field} must be ${expected}`,
        actual,
      ),
    );
  }
}
