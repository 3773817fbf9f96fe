/**
 * Words to real numbers in [0, 1).
 *
 * @module
 */

/** 2^−24: the step between float32 uniforms. */
export const singleStep: number = 2 ** -24;

/** The bits of a word that a float32 uniform uses. */
export const singleMask = 0xffffff;

/** What makes words. */
export interface WordSource {
  /** Returns the next word, an integer in [0, 2^32). */
  nextWord(): number;
  /** Fills an array with the next words. */
  fillWords(words: Uint32Array): void;
}

/**
 * Fills an array with float32 uniforms in [0, 1): the 24 low bits of a word
 * each, times 2^−24.
 *
 * @param target The array, filled from its start to its end.
 * @param source Where the words come from; one for each element.
 */
export function fillSingles(target: Float32Array, source: WordSource): void {
  forEachWord(target.length, source, (word, index) => {
    target[index] = (word & singleMask) * singleStep;
  });
}

/**
 * Returns the next double uniform in [0, 1): the 53 low bits of two words, the
 * first one high, times 2^−53.
 *
 * @param source Where the words come from; two for each number.
 */
export function nextDouble(source: WordSource): number {
  const high = source.nextWord() & 0x1fffff;
  const low = source.nextWord();
  return (high * 2 ** 32 + low) * 2 ** -53;
}

/**
 * Calls a function with each of the next words, which are drawn in blocks.
 *
 * @param count How many words are drawn.
 * @param source Where they come from.
 * @param visit Takes the word and its place, from 0.
 */
export function forEachWord(
  count: number,
  source: WordSource,
  visit: (word: number, index: number) => void,
): void {
  const block = new Uint32Array(Math.min(count, 4096));
  for (let start = 0; start < count; start += block.length) {
    const words = block.subarray(0, Math.min(block.length, count - start));
    source.fillWords(words);
    for (let i = 0; i < words.length; i++) visit(words[i], start + i);
  }
}
