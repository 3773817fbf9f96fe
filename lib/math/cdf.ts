/**
 * Cumulative distribution functions: the share of a distribution that is at
 * most x.
 *
 * @module
 */

import { normalShare } from "./erf.ts";

/**
 * Returns the cdf of the uniform on [low, high].
 *
 * @param low The lower end.
 * @param high The upper end, above `low`.
 *
 * @example
 * ```ts
 * import { uniformCdf } from "./cdf.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([-2, 0, 2, 4].map(uniformCdf(-1, 3)), [0, 0.25, 0.75, 1]);
 * ```
 */
export function uniformCdf(low: number, high: number): (x: number) => number {
  return (x) => Math.min(Math.max((x - low) / (high - low), 0), 1);
}

/**
 * Returns the cdf of the normal distribution: `Φ((x − mean) / std)`.
 *
 * @param mean The mean.
 * @param std The standard deviation, above 0.
 *
 * @example
 * ```ts
 * import { normalCdf } from "./cdf.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * assertEquals(normalCdf(1, 2)(1), 0.5);
 * assertAlmostEquals(normalCdf(1, 2)(3), 0.8413447460685429, 1e-15);
 * ```
 */
export function normalCdf(mean: number, std: number): (x: number) => number {
  return (x) => normalShare(-Infinity, (x - mean) / std);
}

/**
 * Returns the cdf of the normal distribution cut to [low, high]:
 * `(Φ(z) − Φ(lower)) / (Φ(upper) − Φ(lower))` with
 * `z = (x − mean) / std` between the ends, and they likewise.
 *
 * @param law The mean and the standard deviation before the cut, and the ends.
 *
 * @example
 * ```ts
 * import { truncatedNormalCdf } from "./cdf.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const cdf = truncatedNormalCdf({ mean: 0, std: 1, low: -2, high: 2 });
 * assertEquals([-3, -2, 0, 2, 3].map(cdf), [0, 0, 0.5, 1, 1]);
 * assertAlmostEquals(cdf(1), 0.857616386005453, 1e-14);
 * ```
 */
export function truncatedNormalCdf(
  { mean, std, low, high }: {
    readonly mean: number;
    readonly std: number;
    readonly low: number;
    readonly high: number;
  },
): (x: number) => number {
  const [lower, upper] = [(low - mean) / std, (high - mean) / std];
  const all = normalShare(lower, upper);
  return (x) => {
    const z = Math.min(Math.max((x - mean) / std, lower), upper);
    return normalShare(lower, z) / all;
  };
}
