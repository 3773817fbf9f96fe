/**
 * Samples that TypeScript and tests/golden/statistics.py make alike, to the
 * bit.
 *
 * @module
 */

/** Numbers in [0, 1), multiples of 2^−32, by a linear congruence. */
export function uniform(n: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

/** Sums of 12 such numbers less 6: near normal with std 1, exact in float64. */
export function bell(n: number, seed: number): Float64Array {
  const words = uniform(12 * n, seed);
  return Float64Array.from({ length: n }, (_, index) => {
    const twelve = words.subarray(12 * index, 12 * index + 12);
    return twelve.reduce((sum, value) => sum + value, 0) - 6;
  });
}

/** A bell with one value far off. */
export function outlier(n: number, seed: number): Float64Array {
  return Float64Array.from([...bell(n - 1, seed), 1000]);
}

/** A bell cut down to eighths, so that many values are the same. */
export function eighths(n: number, seed: number): Float64Array {
  return bell(n, seed).map((value) => Math.floor(value * 8) / 8);
}
