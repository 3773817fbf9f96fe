/**
 * The words of PyTorch's CPU generator: a Mersenne Twister, its seed, and one
 * spare normal. Threads draw from it; `Generator` stands before it and checks.
 *
 * @module
 */

import { cannot, describe } from "../../core/options.ts";
import { fillWords } from "../../numerics/kernels/fill.ts";
import { kernelFor } from "../../numerics/kernels/kernel.ts";
import { jump, jumpFrom } from "./jump.ts";
import type { NormalSource } from "./normal.ts";
import { MersenneTwister, stateLength } from "./twister.ts";

const byteLength = 5056;

/** Offsets of the fields in a state. */
const at = {
  seed: 0,
  left: 8,
  seeded: 12,
  position: 16,
  words: 24,
  spareNormal: 24 + 8 * stateLength + 8,
  hasSpare: 24 + 8 * stateLength + 24,
} as const;

/** From this many words on, a jump is faster than drawing them. */
const worthJumping = 2n ** 21n;

/** Draws words one by one and in bulk, and keeps the spare normal. */
export class Words implements NormalSource {
  /** The twister. */
  readonly twister: MersenneTwister = new MersenneTwister();
  /** The seed of the sequence, in [0, 2^64). */
  seed = 0n;
  /** The second of the last two normals, until it is used. */
  spareNormal: number | undefined = undefined;

  /**
   * Starts the sequence of a seed and forgets the spare normal.
   *
   * @param seed The seed, in [0, 2^64).
   */
  start(seed: bigint): void {
    this.seed = seed;
    this.twister.seed(Number(BigInt.asUintN(32, seed)));
    this.spareNormal = undefined;
  }

  /** Returns the next word, an integer in [0, 2^32). */
  nextWord(): number {
    return this.twister.next();
  }

  /**
   * Fills an array with the next words.
   *
   * @param words The array, filled from its start to its end.
   */
  fillWords(words: Uint32Array): void {
    const kernel = kernelFor(words.length);
    if (kernel === undefined) this.twister.fill(words);
    else fillWords(kernel, words, this.twister);
  }

  /**
   * Skips words; a spare normal is kept.
   *
   * @param words How many, at least 0.
   * @returns These words.
   */
  advance(words: bigint): this {
    if (words >= worthJumping) {
      jump(this.twister, jumpFrom(this.twister.position, words));
      return this;
    }
    const passed = new Uint32Array(Math.min(Number(words), 4096));
    for (let left = Number(words); left > 0; left -= passed.length) {
      this.fillWords(passed.subarray(0, Math.min(passed.length, left)));
    }
    return this;
  }

  /** Returns the state: the 5,056 bytes of `torch.get_rng_state()`. */
  getState(): Uint8Array<ArrayBuffer> {
    const { seed, spareNormal } = this;
    const { state, position } = this.twister;
    const bytes = new Uint8Array(byteLength);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(at.seed, seed, true);
    view.setInt32(at.left, wordsLeft(position), true);
    view.setInt32(at.seeded, 1, true);
    view.setUint32(at.position, position, true);
    state.forEach((word, i) => view.setUint32(at.words + 8 * i, word, true));
    if (spareNormal !== undefined) {
      view.setFloat64(at.spareNormal, spareNormal, true);
      view.setInt32(at.hasSpare, 1, true);
    }
    return bytes;
  }

  /**
   * Continues from a state.
   *
   * @param bytes 5,056 bytes, from here or from PyTorch.
   * @returns These words.
   * @throws {TypeError} If it is not a Uint8Array.
   * @throws {SyntaxError} If the length or a field is impossible; nothing has
   * changed then.
   */
  setState(bytes: Uint8Array): this {
    const { view, position } = checkedState(bytes);
    this.seed = view.getBigUint64(at.seed, true);
    const { twister } = this;
    for (let i = 0; i < stateLength; i++) {
      twister.state[i] = view.getUint32(at.words + 8 * i, true);
    }
    twister.position = position;
    this.spareNormal = view.getInt32(at.hasSpare, true) === 0
      ? undefined
      : view.getFloat64(at.spareNormal, true);
    return this;
  }
}

/** Returns what reads a state, and its position, if it is one. */
function checkedState(bytes: Uint8Array): { view: DataView; position: number } {
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
  return { view, position };
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
