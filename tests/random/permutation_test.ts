import { assert, assertEquals } from "@std/assert";
import { permutation } from "../../lib/random/torch/draw.ts";
import type { WordSource } from "../../lib/random/torch/reals.ts";
import { Generator, sourceOf } from "../../lib/random/torch/generator.ts";

/**
 * What χ² with 23 degrees of freedom stays below, and what it exceeds, with a
 * chance of α = 0.001 each; the 24 orders of 4 leave 23.
 */
const [tooEven, critical] = [7.529, 49.728];

const draws = 24_000;

type Shuffle = (n: number, source: WordSource) => Uint32Array;

Deno.test("each order of four is about as frequent", () => {
  for (const seed of [0, 1, 2]) {
    const chiSquare = chiSquareOf(permutation, sourceOf(new Generator(seed)));
    assert(chiSquare < critical, `seed ${seed}: ${chiSquare}`);
    assert(chiSquare > tooEven, `seed ${seed}: ${chiSquare}`);
  }
});

Deno.test("the count of orders sees shuffles that favor some", () => {
  const wrong: Record<string, Shuffle> = {
    "any place with any": swapping((n, _i, word) => word % n),
    "never itself": swapping((n, i, word) => i + 1 + word % (n - i - 1)),
    "a place short": swapping((n, i, word) => i + word % Math.min(3, n - i)),
  };
  for (const [name, shuffle] of Object.entries(wrong)) {
    const chiSquare = chiSquareOf(shuffle, sourceOf(new Generator(0)));
    assert(chiSquare > critical, `${name}: ${chiSquare}`);
  }
  const right = swapping((n, i, word) => i + word % (n - i));
  assertEquals(
    chiSquareOf(right, sourceOf(new Generator(0))),
    chiSquareOf(permutation, sourceOf(new Generator(0))),
  );
});

/** A shuffle that swaps each place but the last with one that a word names. */
function swapping(
  other: (n: number, i: number, word: number) => number,
): Shuffle {
  return (n, source) => {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = other(n, i, source.nextWord());
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  };
}

/** Pearson's χ² of the counts of the 24 orders of 4. */
function chiSquareOf(shuffle: Shuffle, source: WordSource): number {
  const counts = new Map<string, number>();
  for (let i = 0; i < draws; i++) {
    const order = shuffle(4, source).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  const expected = draws / 24;
  const seen = [...counts.values()];
  const unseen = 24 - seen.length;
  return unseen * expected + seen.reduce(
    (sum, count) => sum + (count - expected) ** 2 / expected,
    0,
  );
}
