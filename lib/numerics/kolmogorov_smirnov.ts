/**
 * The Kolmogorov–Smirnov test of one sample against a distribution.
 *
 * @module
 */

import { cannot } from "../core/options.ts";
import type { Values } from "./moments.ts";

/** The result of {@linkcode kolmogorovSmirnov}. */
export interface KolmogorovSmirnov {
  /** The largest distance of the sample's shares from the cdf, in [0, 1]. */
  readonly statistic: number;
  /** How likely a distance so large is where the cdf is right, in [0, 1]. */
  readonly pValue: number;
}

/** Up to this size the exact recursion, in which n!/nⁿ does not underflow. */
const mostExact = 1000;

/** 1 / 25! is far below the last place of a sum that starts with 1. */
const mostSteps = 25;

/**
 * Returns how far a sample is from a continuous distribution, and the p-value
 * of the two-sided test.
 *
 * `D = max(i/n − F(x_i), F(x_i) − (i − 1)/n)` over the sorted values,
 * `p = P(D_n >= D)`.
 *
 * Accuracy of p: within 1e-12 for n <= 1000, where it is exact but for
 * rounding; within 0.03 / n above. Where `2·exp(−2nD²)`, which it never
 * exceeds, is below 1e-13, that bound is returned.
 *
 * @param sample The numbers, at least one; infinities are allowed.
 * @param cdf The share of the distribution that is at most x, in [0, 1]. Its
 * parameters must not come from the sample: p is then too large.
 * @throws {RangeError} If the sample is empty or has a NaN, or the cdf leaves
 * [0, 1].
 * @see G. Marsaglia, W. W. Tsang, J. Wang (2003), Evaluating Kolmogorov's
 * distribution; J. Vrbik (2018), Small-sample corrections to
 * Kolmogorov–Smirnov test statistic; P. Massart (1990), The tight constant in
 * the Dvoretzky–Kiefer–Wolfowitz inequality
 *
 * @example
 * ```ts
 * import { kolmogorovSmirnov } from "./kolmogorov_smirnov.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const evenly = (x: number) => Math.min(Math.max(x, 0), 1);
 * const { statistic, pValue } = kolmogorovSmirnov([0.75, 0.25], evenly);
 * assertEquals(statistic, 0.25);
 * assertEquals(pValue, 1);
 * // Both lie below 0.1, which has a chance of 1 in 100; so has above 0.9.
 * assertAlmostEquals(kolmogorovSmirnov([0, 0.1], evenly).pValue, 0.02);
 * ```
 */
export function kolmogorovSmirnov(
  sample: Values,
  cdf: (x: number) => number,
): KolmogorovSmirnov {
  const n = sample.length;
  if (n === 0) {
    throw new RangeError(
      cannot("test a sample", "its size must be at least 1", "0"),
    );
  }
  const sorted = Float64Array.from(sample).sort();
  let statistic = 0;
  for (let index = 0; index < n; index++) {
    const share = shareAt(sorted[index], cdf);
    const [above, below] = [(index + 1) / n - share, share - index / n];
    statistic = Math.max(statistic, above, below);
  }
  return { statistic, pValue: pValueOf(n, statistic) };
}

function shareAt(x: number, cdf: (x: number) => number): number {
  const share = cdf(x);
  if (Number.isNaN(x) || !(share >= 0 && share <= 1)) {
    throw new RangeError(
      cannot(
        "test a sample",
        "each value must have a cdf in [0, 1]",
        `${x} with ${share}`,
      ),
    );
  }
  return share;
}

function pValueOf(n: number, d: number): number {
  const bound = 2 * Math.exp(-2 * n * d * d);
  if (bound < 1e-13) return bound;
  const p = n <= mostExact ? 1 - shareBelow(n, d) : limit(n, d);
  return Math.max(0, Math.min(1, p));
}

/**
 * Returns P(D_n < d). In time of 1/n, the number of values seen so far less
 * the number expected starts at 0, moves as a Poisson process of mean 1 does,
 * and must stay between −nd and nd. `paths` has the weights of those that are
 * still inside, by place; a step with j new values weighs 1/j!, and n!/nⁿ, a
 * factor a step, makes the last weight a probability.
 */
function shareBelow(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const h = k - n * d;
  const m = 2 * k - 1;
  const inverse = inverseFactorials(m);
  // What leaves through the lower or the upper end between two whole numbers.
  const left = inverse.map((weight, steps) => weight * h ** steps);
  const both = inverse[m] * Math.max(0, 2 * h - 1) ** m;
  let paths = new Float64Array(m);
  paths[k - 1] = 1;
  for (let time = 1; time <= n; time++) {
    const next = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      let sum = -paths[0] * left[i + 1];
      const last = Math.min(i + 1, m - 1);
      for (let j = Math.max(0, i + 1 - mostSteps); j <= last; j++) {
        sum += paths[j] * inverse[i + 1 - j];
      }
      next[i] = sum;
    }
    for (let j = 0; j < m; j++) next[m - 1] -= paths[j] * left[m - j];
    next[m - 1] += paths[0] * both;
    paths = next.map((weight) => weight * time / n);
  }
  return paths[k - 1];
}

/** 1 / 0! to 1 / most!. */
function inverseFactorials(most: number): Float64Array {
  const inverse = new Float64Array(most + 1).fill(1);
  for (let i = 1; i <= most; i++) inverse[i] = inverse[i - 1] / i;
  return inverse;
}

/** Kolmogorov's limit `2·Σ (−1)^(j−1)·exp(−2j²x²)`, at a corrected x. */
function limit(n: number, d: number): number {
  const root = Math.sqrt(n);
  const raw = d * root;
  const x = raw + 1 / (6 * root) + (raw - 1) / (4 * n);
  let sum = 0;
  let term = 1;
  for (let j = 1; term > 1e-17; j++) {
    term = Math.exp(-2 * (j * x) ** 2);
    sum += j % 2 === 1 ? term : -term;
  }
  return 2 * sum;
}
