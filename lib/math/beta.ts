/**
 * The Beta distribution, which the ranked values of a uniform sample have.
 *
 * @module
 */

import { normalQuantile } from "./quantile.ts";

/** So many steps of Newton's method are more than are ever taken. */
const mostSteps = 30;
const tiny = 1e-300;

/**
 * Returns the quantile function of the Beta distribution with density
 * `x^(a−1) (1−x)^(b−1) / B(a, b)`.
 *
 * Accuracy for shares in [1e-3, 1 − 1e-3]: 1e-11 relatively for a + b up to 1e4.
 * Beyond, log Γ loses digits: 1e-7 of the share for a + b = 2.5e7. A start by a
 * normal approximation, then Newton's method on the log-odds.
 *
 * @param a At least 1.
 * @param b At least 1.
 * @see Abramowitz and Stegun, 26.5.22
 *
 * @example
 * ```ts
 * import { betaQuantile } from "./beta.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // The smallest of 5: all are above x with a chance of (1 − x)^5.
 * assertAlmostEquals(betaQuantile(1, 5)(0.5), 1 - 0.5 ** (1 / 5), 1e-14);
 * ```
 */
export function betaQuantile(a: number, b: number): (share: number) => number {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  return (share) => {
    let odds = startOf(a, b, normalQuantile(0, 1)(share));
    for (let step = 0; step < mostSteps; step++) {
      const [x, rest] = [1 / (1 + Math.exp(-odds)), 1 / (1 + Math.exp(odds))];
      const slope = Math.exp(a * Math.log(x) + b * Math.log(rest) - logBeta);
      const change = (share - shareBelow(x, rest, a, b, slope)) / slope;
      odds += change;
      if (Math.abs(change) < 1e-15 * Math.max(1, Math.abs(odds))) break;
    }
    return 1 / (1 + Math.exp(-odds));
  };
}

/** The log-odds of a quantile, about; z is the normal's. */
function startOf(a: number, b: number, z: number): number {
  const [p, q] = [1 / (2 * a - 1), 1 / (2 * b - 1)];
  const h = 2 / (p + q);
  const lambda = (z * z - 3) / 6;
  const w = -z * Math.sqrt(h + lambda) / h -
    (q - p) * (lambda + 5 / 6 - 2 / (3 * h));
  return Math.log(a / b) - 2 * w;
}

/**
 * Returns the share below x by the continued fraction, from the side on which
 * it converges fast.
 *
 * @param slope `x^a (1−x)^b / B(a, b)`.
 * @see DLMF 8.17.22; Lentz's method as in Thompson and Barnett, 1986
 */
function shareBelow(
  x: number,
  rest: number,
  a: number,
  b: number,
  slope: number,
): number {
  if (x > (a + 1) / (a + b + 2)) return 1 - shareBelow(rest, x, b, a, slope);
  let [c, d, value] = [1, 0, 1];
  for (let m = 0, change = 0; Math.abs(change - 1) > 1e-16; m++) {
    for (const term of [oddTerm(m, x, a, b), evenTerm(m + 1, x, a, b)]) {
      d = 1 / (1 + term * d || tiny);
      c = 1 + term / c || tiny;
      change = c * d;
      value *= change;
    }
  }
  return slope / (a * value);
}

function oddTerm(m: number, x: number, a: number, b: number): number {
  return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
}

function evenTerm(m: number, x: number, a: number, b: number): number {
  return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
}

/** By Stirling's series, from 20 up: its next term is 2e-15 there. */
function logGamma(z: number): number {
  if (z < 20) return logGamma(z + 1) - Math.log(z);
  const square = 1 / (z * z);
  const series = 1 / 12 -
    square * (1 / 360 - square * (1 / 1260 - square / 1680));
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series / z;
}
