/**
 * Random choices, of which a seed gives the same each time.
 *
 * @module
 */

import { Generator } from "../../mod.ts";
import { nextWord } from "../golden/golden.ts";

/** The most elements of a drawn shape. */
const mostElements = 5000;

/** Throws the dice for cases. */
export class Dice {
  readonly #generator: Generator;

  /**
   * Starts the sequence of a seed.
   *
   * @param seed The seed.
   */
  constructor(seed: bigint) {
    this.#generator = new Generator(seed);
  }

  /** Returns an integer in [0, n). */
  below(n: number): number {
    return nextWord(this.#generator) % n;
  }

  /** Returns a number in [low, high). */
  between(low: number, high: number): number {
    const [a, b] = [this.below(2 ** 21), this.below(2 ** 32)];
    return low + (high - low) * (a * 2 ** 32 + b) * 2 ** -53;
  }

  /** Returns true with a probability. */
  chance(probability: number): boolean {
    return this.between(0, 1) < probability;
  }

  /** Returns one of a list. */
  pick<const T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** Returns what a function draws, or undefined, so that a default holds. */
  maybe<T>(draw: () => T): T | undefined {
    return this.chance(0.7) ? draw() : undefined;
  }

  /** Returns a number: 0, a plain one, or one of any size up to `most`. */
  magnitude(most: number): number {
    const plain = [0, 1, 0.02, Math.SQRT2].filter((value) => value <= most);
    if (this.chance(0.4)) return this.pick(plain);
    return most * 10 ** -this.between(0, 6);
  }

  /** The same, of any sign. */
  real(most: number): number {
    const value = this.magnitude(most);
    return this.chance(0.5) ? value : 0 - value;
  }

  /** Returns the size of an axis, often one at which something changes. */
  size(): number {
    const kind = this.below(20);
    if (kind === 0) return this.pick([0, 18 + this.below(mostElements)]);
    if (kind < 4) return 18 + this.below(200);
    if (kind < 8) return this.pick([15, 16, 17]);
    return 1 + this.below(8);
  }

  /** Returns a shape of at most 5,000 elements, of a rank in [least, most]. */
  shape(least: number, most: number): number[] {
    const rank = least + this.below(most - least + 1);
    const shape = Array.from({ length: rank }, () => this.size());
    while (shape.reduce((a, b) => a * b, 1) > mostElements) {
      const largest = shape.indexOf(Math.max(...shape));
      shape[largest] = Math.floor(shape[largest] / 2);
    }
    return shape;
  }

  /** Returns a seed, as text: one at the end of a range, or any of 64 bits. */
  seed(): string {
    if (this.chance(0.6)) return String(this.pick(seeds));
    return String(
      BigInt(this.below(2 ** 32)) << 32n | BigInt(this.below(2 ** 32)),
    );
  }
}

const seeds = [
  0n,
  1n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  -1n,
  -(2n ** 63n),
  2n ** 64n - 1n,
];
