/**
 * Expectations under the normal distribution, by quadrature.
 *
 * @see Takahasi and Mori, "Double exponential formulas for numerical
 * integration", 1974
 *
 * @module
 */

import { normalDensity } from "./truncated_normal.ts";

/** The step of the trapezoids and their first and last place. */
const step = 1 / 32;
const [first, last] = [-3.75, 3];

/** Places above 0, and the weight of each. */
const nodes: readonly (readonly [place: number, weight: number])[] = Array.from(
  { length: (last - first) / step + 1 },
  (_, index) => {
    const t = first + index * step;
    const place = Math.exp(t - Math.exp(-t));
    const stretch = place * (1 + Math.exp(-t));
    return [place, step * stretch * normalDensity(place)];
  },
);

/**
 * Returns E[f(z)] for z ~ N(0, 1).
 *
 * Each half of the line is integrated by the substitution
 * `z = exp(t − exp(−t))` and trapezoids, so f may have a kink or a jump at 0,
 * and its scale may be small.
 *
 * Accuracy: within 1e-12 of the value, relatively, for the squares of the
 * activations here at any scale from 0.01 to 100.
 *
 * @param f A function that is smooth on each side of 0 and grows no faster
 * than a power.
 *
 * @example
 * ```ts
 * import { normalMean } from "./quadrature.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(normalMean((z) => Math.max(0, z) ** 2), 1 / 2, 1e-14);
 * assertAlmostEquals(normalMean((z) => z ** 4), 3, 1e-13);
 * ```
 */
export function normalMean(f: (z: number) => number): number {
  let sum = 0;
  for (const [place, weight] of nodes) sum += weight * (f(place) + f(-place));
  return sum;
}
