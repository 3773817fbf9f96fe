/**
 * Converts words to real numbers in [0, 1).
 *
 * @module
 */

import type { FloatDtype } from "../../core/dtype.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { TwisterState } from "../../numerics/kernels/fill.ts";

/** 2^−24: the step between float32 uniforms. */
export const singleStep: number = 2 ** -24;

/** The bits of a word that a float32 uniform uses. */
export const singleMask = 0xffffff;

/** What a fill needs of a tensor; workers have no more. */
export type Elements = Pick<Tensor<FloatDtype>, "data" | "dtype">;

/** A source of words. */
export interface WordSource {
  /** Returns the next word, an integer in [0, 2^32). */
  nextWord(): number;
  /** Fills an array with the next words. */
  fillWords(words: Uint32Array): void;
  /** The Mersenne Twister behind it, if there is one. */
  readonly twister?: TwisterState;
}

/**
 * Fills a part of an array with float32 uniforms in [0, 1): the 24 low bits of
 * a word each, times 2^−24.
 *
 * @param target The array.
 * @param start The first place to fill.
 * @param end The place after the last.
 * @param source Where the words come from; one for each element.
 */
export function fillSingles(
  target: Float32Array,
  start: number,
  end: number,
  source: WordSource,
): void {
  forEachBlock(end - start, source, (words, done) => {
    for (let i = 0; i < words.length; i++) {
      target[start + done + i] = (words[i] & singleMask) * singleStep;
    }
  });
}

/**
 * Returns the next double uniform in [0, 1): the 53 low bits of two words, the
 * first one high, times 2^−53.
 *
 * @param source Where the words come from; two for each number.
 */
export function nextDouble(source: WordSource): number {
  return toDouble(source.nextWord(), source.nextWord());
}

/**
 * Fills a part of an array with double uniforms in [0, 1).
 *
 * @param target The array.
 * @param start The first place to fill.
 * @param end The place after the last.
 * @param source Where the words come from; two for each element.
 */
export function fillDoubles(
  target: Float64Array,
  start: number,
  end: number,
  source: WordSource,
): void {
  forEachBlock(2 * (end - start), source, (words, done) => {
    for (let i = 0; i < words.length; i += 2) {
      target[start + (done + i) / 2] = toDouble(words[i], words[i + 1]);
    }
  });
}

/** The 53 low bits of two words, the first one high, times 2^−53. */
function toDouble(high: number, low: number): number {
  return ((high & 0x1fffff) * 2 ** 32 + low) * 2 ** -53;
}

/**
 * Draws words in blocks, and calls a function with each block.
 *
 * @param count How many words are drawn.
 * @param source Where they come from.
 * @param visit Takes a block, valid until it returns, and how many words came
 * before it.
 */
export function forEachBlock(
  count: number,
  source: WordSource,
  visit: (words: Uint32Array, done: number) => void,
): void {
  const buffer = new Uint32Array(Math.min(count, 4096));
  for (let done = 0; done < count; done += buffer.length) {
    const words = count - done < buffer.length
      ? buffer.subarray(0, count - done)
      : buffer;
    source.fillWords(words);
    visit(words, done);
  }
}
