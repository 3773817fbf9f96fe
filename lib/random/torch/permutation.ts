/**
 * Random permutations, as `torch.randperm` draws them on a CPU.
 *
 * @module
 */

import type { WordSource } from "./reals.ts";

/**
 * Returns the numbers 0 to n − 1 in a random order.
 *
 * Draws n − 1 words: one for each place but the last, in order. A word's
 * remainder favours small numbers by at most n / 2^32, as in PyTorch.
 *
 * @param n How many, in [0, 2^32 / 20).
 * @param source Where the words come from.
 * @see Fisher and Yates, 1938; `randperm_cpu`, PyTorch 2.13.0
 */
export function permutation(n: number, source: WordSource): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < n - 1; i++) {
    const other = i + source.nextWord() % (n - i);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}
