/**
 * A root of a function of one number.
 *
 * @module
 */

/** More halvings than a double has bits, with two secants each. */
const mostSteps = 200;

/**
 * Returns where a function is 0 between two places at which its signs differ,
 * to the last digits: by secants, and a halving at each third step.
 *
 * @param f The function, continuous.
 * @param low The lower place.
 * @param high The upper place.
 *
 * @example
 * ```ts
 * import { rootBetween } from "./root.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(rootBetween((x) => x * x - 2, 0, 2), Math.SQRT2, 1e-15);
 * ```
 */
export function rootBetween(
  f: (x: number) => number,
  low: number,
  high: number,
): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  for (let step = 1; step <= mostSteps; step++) {
    const secant = a + (b - a) * (fa / (fa - fb));
    const x = step % 3 === 0 || !(secant > a && secant < b)
      ? a + (b - a) / 2
      : secant;
    const value = f(x);
    if (value === 0) return x;
    // Illinois: an end that stays counts half, so that the other end moves, too.
    if (value > 0 === fa > 0) [a, fa, fb] = [x, value, fb / 2];
    else [b, fb, fa] = [x, value, fa / 2];
    if (b - a <= 4 * Number.EPSILON * Math.abs(x)) return x;
  }
  return a + (b - a) / 2;
}
