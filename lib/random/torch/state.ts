/**
 * The bytes of `torch.get_rng_state()`: how PyTorch writes down the state of
 * its CPU generator, little-endian.
 *
 * @see `CPUGeneratorImpl.cpp`, PyTorch 2.13.0
 *
 * @module
 */

import { describe } from "../../core/options.ts";
import { stateLength } from "./twister.ts";

/** What a state holds. */
export interface GeneratorState {
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

/**
 * Returns the bytes of a state.
 *
 * @param state The state.
 */
export function writeState(state: GeneratorState): Uint8Array<ArrayBuffer> {
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
 * Returns the state that bytes hold.
 *
 * @param bytes 5,056 bytes, from here or from PyTorch.
 * @throws {TypeError} If it is not a Uint8Array.
 * @throws {SyntaxError} If the length or a field is impossible.
 */
export function readState(bytes: Uint8Array): GeneratorState {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(
      `Cannot read a generator's state as it must be a Uint8Array: current value is ${
        describe(bytes)
      }`,
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
      `Cannot read a generator's state as ${field} must be ${expected}: current value is ${actual}`,
    );
  }
}
