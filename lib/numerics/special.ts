/**
 * Functions of the normal, uniform and Beta distributions and of singular values:
 * the error function, densities, shares and quantiles.
 *
 * @module
 */

/** Mean and standard deviation. */
interface MeanAndStd {
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
}

/** A normal distribution cut to an interval. */
interface CutNormal {
  /** The mean before the cut. */
  readonly mean: number;
  /** The standard deviation before the cut, above 0. */
  readonly std: number;
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/** Where the singular values lie, and how densely. */
interface MarchenkoPastur {
  /** The lower edge. */
  readonly low: number;
  /** The upper edge. */
  readonly high: number;
  /** Returns the density at a place; 0 outside the edges. */
  density(x: number): number;
}

/** From here on the continued fraction of erfc is shorter than the series of erf. */
const splitPlace = 2;

/** The density this far out is `exp(−50)` of its peak, and is left out. */
const faintest = 100;

/** The simpsonSteps of Simpson's rule. */
const simpsonSteps = 1000;

/** More steps of Newton's method than are ever needed. */
const mostNewtonSteps = 30;
/** In place of 0 where the continued fraction divides. */
const tiny = 1e-300;

/**
 * Returns `erf(x) = 2 / sqrt(π) · ∫ exp(−t²) dt` from 0 to x.
 *
 * Accuracy: within 1e-15 of the value.
 *
 * @param x Any number.
 * @see Abramowitz and Stegun, 7.1.6
 */
export function erf(x: number): number {
  if (Math.abs(x) >= splitPlace) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/**
 * Returns `erfc(x) = 1 − erf(x)`, with small values of full precision.
 *
 * Accuracy: within 1e-13 of the value, relatively.
 *
 * @param x Any number.
 * @see Abramowitz and Stegun, 7.1.14
 */
export function erfc(x: number): number {
  if (x < splitPlace) return 1 - erf(x);
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/**
 * Returns the density of N(0, 1).
 *
 * @param z The place.
 */
export function normalDensity(z: number): number {
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Returns the share of N(0, 1) between two places: `Φ(upper) − Φ(lower)`.
 *
 * @param lower The lower end, in units of std.
 * @param upper The upper end, in units of std.
 */
export function normalShare(lower: number, upper: number): number {
  // On one side of 0 the small tails are subtracted, not numbers near 1.
  if (lower > 0) return (tail(lower) - tail(upper)) / 2;
  if (upper < 0) return (tail(-upper) - tail(-lower)) / 2;
  return (erf(upper / Math.SQRT2) - erf(lower / Math.SQRT2)) / 2;
}

/**
 * Returns the mean and standard deviation of N(0, 1) cut to an interval.
 *
 * `m = (φ(lower) − φ(upper)) / Z`,
 * `var = 1 + (lower · φ(lower) − upper · φ(upper)) / Z − m²`, with Z the share
 * of N(0, 1) in the interval.
 *
 * @param lower The lower end, in units of std.
 * @param upper The upper end, in units of std, above `lower`.
 * @see Johnson, Kotz and Balakrishnan, "Continuous Univariate Distributions",
 * 1994, 13.10.1
 */
export function truncatedMoments(lower: number, upper: number): MeanAndStd {
  const share = normalShare(lower, upper);
  const [low, high] = [normalDensity(lower), normalDensity(upper)];
  const mean = (low - high) / share;
  // At an infinite end the product is 0.
  const [a, b] = [low && lower * low, high && upper * high];
  const variance = 1 + (a - b) / share - mean * mean;
  return { mean, std: Math.sqrt(Math.max(0, variance)) };
}

/**
 * Returns the kurtosis of N(0, 1) cut to an interval: the mean of
 * `(z − m)⁴`, divided by the square of the variance. 3 without a cut, 9/5 where
 * the cut is so narrow that it leaves a uniform, 9 far out in a tail.
 *
 * By moments, whose formula loses its digits where the interval is narrow or far
 * out; there by Simpson's rule about the place where the density is highest,
 * which takes a thousand times as long. Accuracy: within 1e-8.
 *
 * @param lower The lower end, in units of std.
 * @param upper The upper end, in units of std, above `lower`.
 */
export function truncatedKurtosis(lower: number, upper: number): number {
  const isWide = upper - lower > 1 && lower < 2 && upper > -2;
  return isWide
    ? kurtosisByMoments(lower, upper)
    : kurtosisBySimpson(lower, upper);
}

/** `E[z^k] = (k − 1) E[z^(k−2)] + (lower^(k−1) φ(lower) − …) / Z`. */
function kurtosisByMoments(lower: number, upper: number): number {
  const share = normalShare(lower, upper);
  const [low, high] = [normalDensity(lower), normalDensity(upper)];
  // At an infinite end the product is 0.
  const ends = (power: number) =>
    ((low && low * lower ** power) - (high && high * upper ** power)) / share;
  const first = ends(0);
  const second = 1 + ends(1);
  const third = 2 * first + ends(2);
  const fourth = 3 * second + ends(3);
  const square = first * first;
  const central = fourth - 4 * first * third + 6 * square * second -
    3 * square * square;
  return central / (second - square) ** 2;
}

function kurtosisBySimpson(lower: number, upper: number): number {
  const peak = Math.min(Math.max(0, lower), upper);
  const reach = faintest / (Math.abs(peak) + Math.hypot(peak, 10));
  const start = Math.max(lower - peak, -reach);
  const step = (Math.min(upper - peak, reach) - start) / simpsonSteps;
  const weights = Array.from({ length: simpsonSteps + 1 }, (_, i) => {
    const t = start + i * step;
    const simpson = i === 0 || i === simpsonSteps ? 1 : i % 2 === 0 ? 2 : 4;
    return simpson * Math.exp(-t * (t / 2 + peak));
  });
  const sum = weights.reduce((total, weight) => total + weight);
  // In steps, so no power of a narrow interval underflows.
  const average = (value: (i: number) => number) =>
    weights.reduce((total, weight, i) => total + weight * value(i), 0) / sum;
  const mean = average((i) => i);
  return average((i) => (i - mean) ** 4) / average((i) => (i - mean) ** 2) ** 2;
}

/**
 * Returns the cdf of the uniform on [low, high].
 *
 * @param low The lower end.
 * @param high The upper end, above `low`.
 *
 * @example
 * ```ts
 * import { uniformCdf } from "./special.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([-2, 0, 2, 4].map(uniformCdf(-1, 3)), [0, 0.25, 0.75, 1]);
 * ```
 */
export function uniformCdf(low: number, high: number): (x: number) => number {
  return (x) => Math.min(Math.max((x - low) / (high - low), 0), 1);
}

/**
 * Returns the quantile function of the uniform on [low, high].
 *
 * @param low The lower end.
 * @param high The upper end, above `low`.
 *
 * @example
 * ```ts
 * import { uniformQuantile } from "./special.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 0.25, 1].map(uniformQuantile(-1, 3)), [-1, 0, 3]);
 * ```
 */
export function uniformQuantile(
  low: number,
  high: number,
): (share: number) => number {
  return (share) => low * (1 - share) + high * share;
}

/**
 * Returns the cdf of the normal distribution: `Φ((x − mean) / std)`.
 *
 * @param mean The mean.
 * @param std The standard deviation, above 0.
 *
 * @example
 * ```ts
 * import { normalCdf } from "./special.ts";
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
 * Returns the quantile function of the normal distribution.
 *
 * Accuracy in units of std: within 1e-14, below −1 relatively, for shares from
 * 1e-300 on.
 *
 * @param mean The mean.
 * @param std The standard deviation, above 0.
 * @see `standardQuantile` for how
 *
 * @example
 * ```ts
 * import { normalQuantile } from "./special.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * assertEquals([0, 0.5, 1].map(normalQuantile(1, 2)), [-Infinity, 1, Infinity]);
 * assertAlmostEquals(normalQuantile(0, 1)(0.975), 1.959963984540054, 1e-14);
 * ```
 */
export function normalQuantile(
  mean: number,
  std: number,
): (share: number) => number {
  return (share) => mean + std * standardQuantile(share, 1 - share);
}

/**
 * Returns the cdf of the normal distribution cut to [low, high]: `(Φ(z) −
 * Φ(lower)) / (Φ(upper) − Φ(lower))` with `z = (x − mean) / std` between the
 * ends, which are scaled in the same way.
 *
 * @param law The mean and the standard deviation before the cut, and the ends.
 *
 * @example
 * ```ts
 * import { truncatedNormalCdf } from "./special.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const cdf = truncatedNormalCdf({ mean: 0, std: 1, low: -2, high: 2 });
 * assertEquals([-3, -2, 0, 2, 3].map(cdf), [0, 0, 0.5, 1, 1]);
 * assertAlmostEquals(cdf(1), 0.857616386005453, 1e-14);
 * ```
 */
export function truncatedNormalCdf(
  { mean, std, low, high }: CutNormal,
): (x: number) => number {
  const [lower, upper] = [(low - mean) / std, (high - mean) / std];
  const all = normalShare(lower, upper);
  return (x) => {
    const z = Math.min(Math.max((x - mean) / std, lower), upper);
    return normalShare(lower, z) / all;
  };
}

/**
 * Returns the quantile function of the normal distribution cut to [low, high].
 *
 * Accuracy in units of std: within 1e-13, in the middle as in the tails.
 *
 * @param law The mean and the standard deviation before the cut, and the ends.
 *
 * @example
 * ```ts
 * import { truncatedNormalQuantile } from "./special.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const law = { mean: 0, std: 1, low: -2, high: 2 };
 * const quantile = truncatedNormalQuantile(law);
 * assertEquals([0, 0.5, 1].map(quantile), [-2, 0, 2]);
 * assertAlmostEquals(quantile(0.857616386005453), 1, 1e-13);
 * ```
 */
export function truncatedNormalQuantile(
  { mean, std, low, high }: CutNormal,
): (share: number) => number {
  const [lower, upper] = [(low - mean) / std, (high - mean) / std];
  const all = normalShare(lower, upper);
  const below = normalShare(-Infinity, lower);
  const above = normalShare(upper, Infinity);
  return (share) => {
    const z = standardQuantile(below + share * all, above + (1 - share) * all);
    return Math.min(Math.max(mean + std * z, low), high);
  };
}

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
 * import { betaQuantile } from "./special.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // The smallest of 5: all are above x with a chance of (1 − x)^5.
 * assertAlmostEquals(betaQuantile(1, 5)(0.5), 1 - 0.5 ** (1 / 5), 1e-14);
 * ```
 */
export function betaQuantile(a: number, b: number): (share: number) => number {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  return (share) => {
    let odds = startOdds(a, b, normalQuantile(0, 1)(share));
    for (let step = 0; step < mostNewtonSteps; step++) {
      const [x, rest] = [1 / (1 + Math.exp(-odds)), 1 / (1 + Math.exp(odds))];
      const slope = Math.exp(a * Math.log(x) + b * Math.log(rest) - logBeta);
      const change = (share - shareBelow(x, rest, a, b, slope)) / slope;
      odds += change;
      if (Math.abs(change) < 1e-15 * Math.max(1, Math.abs(odds))) break;
    }
    return 1 / (1 + Math.exp(-odds));
  };
}

/**
 * Returns the limit law of the singular values of a matrix whose elements are
 * independent, with a mean of 0 and one std.
 *
 * With m the larger and n the smaller size, the edges are
 * `std · (√m ± √n)` and the density between them
 * `sqrt((high² − x²)·(x² − low²)) / (π · n · std² · x)`. It holds for any
 * distribution of the elements as both sizes grow; the largest value then lies
 * within some `std · n^(−1/6)` of the edge.
 *
 * @param rows The number of rows, above 0.
 * @param columns The number of columns, above 0.
 * @param std The standard deviation of an element, above 0.
 * @see Marchenko and Pastur, "Distribution of eigenvalues for some sets of random
 * matrices", 1967; Johnstone, "On the distribution of the largest eigenvalue in
 * principal components analysis", 2001, on the edge
 *
 * @example
 * ```ts
 * import { marchenkoPastur } from "./special.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { low, high, density } = marchenkoPastur(9, 25, 2);
 * assertEquals([low, high], [4, 16]);
 * assertEquals([density(3.9), density(16.1)], [0, 0]);
 * assertAlmostEquals(density(10), 0.101216, 1e-6);
 * ```
 */
export function marchenkoPastur(
  rows: number,
  columns: number,
  std: number,
): MarchenkoPastur {
  const [n, m] = [Math.min(rows, columns), Math.max(rows, columns)];
  const low = std * (Math.sqrt(m) - Math.sqrt(n));
  const high = std * (Math.sqrt(m) + Math.sqrt(n));
  const scale = Math.PI * n * std * std;
  const density = (x: number) => {
    if (x < low || x > high || x < 0) return 0;
    const upper = Math.sqrt((high - x) * (high + x));
    // In a square matrix both zeros cancel at 0.
    if (low === 0) return upper / scale;
    return upper * Math.sqrt((x - low) * (x + low)) / (scale * x);
  };
  return { low, high, density };
}

function tail(z: number): number {
  return erfc(z / Math.SQRT2);
}

/**
 * Returns the place in N(0, 1) with a share below it and the rest above; both
 * are given, since near 1 a share has lost the digits that its rest still has.
 *
 * A start with an error below 4.5e-4 by Hastings, then three steps of Halley's
 * method, each of which about cubes the error.
 *
 * @see Abramowitz and Stegun, 26.2.23
 */
function standardQuantile(below: number, above: number): number {
  if (below > above) return -standardQuantile(above, below);
  if (below === above) return 0;
  if (below === 0) return -Infinity;
  const t = Math.sqrt(-2 * Math.log(below));
  const top = 2.515517 + t * (0.802853 + t * 0.010328);
  const bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = top / bottom - t;
  for (let step = 0; step < 3; step++) {
    const ratio = (normalShare(-Infinity, z) - below) / normalDensity(z);
    z -= ratio / (1 + z * ratio / 2);
  }
  return z;
}

/** The log-odds of a quantile, about; z is the normal's. */
function startOdds(a: number, b: number, z: number): number {
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
