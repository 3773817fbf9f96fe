/**
 * Means over the normal distribution, by adaptive Gauss–Kronrod quadrature.
 *
 * @module
 */

import { normalDensity } from "./special.ts";

/** Where and how finely to look. */
export interface NormalMeanOptions {
  /** The standard deviation of x, at least 0. Default: 1. */
  readonly std?: number;
  /** Places in x where the function has a kink or a jump, besides 0. */
  readonly breaks?: readonly number[];
}

/** Above 0, the places of Kronrod's 21 points in [−1, 1]; the last is 0. */
const places = [
  0.9956571630258081,
  0.9739065285171717,
  0.9301574913557082,
  0.8650633666889845,
  0.7808177265864169,
  0.6794095682990244,
  0.5627571346686047,
  0.4333953941292472,
  0.2943928627014602,
  0.14887433898163122,
  0,
];

/** Their weights. */
const weights = [
  0.011694638867371874,
  0.032558162307964725,
  0.054755896574351995,
  0.07503967481091996,
  0.09312545458369761,
  0.10938715880229764,
  0.12349197626206584,
  0.13470921731147334,
  0.14277593857706009,
  0.1477391049013385,
  0.14944555400291690,
];

/** The weights of every second place in Gauss's rule of 10 points. */
const gaussWeights = [
  0.06667134430868814,
  0.1494513491505806,
  0.21908636251598204,
  0.26926671930999635,
  0.29552422471475287,
];

/**
 * Where both rules agree to this share of the whole, Kronrod's error is near
 * the last digit.
 *
 * @see Piessens et al., "QUADPACK", 1983: error ≈ (200 · difference)^1.5
 */
const agreement = 2e-13;

/** An interval is halved at most so often. */
const mostHalvings = 45;

/** From here on the density times z^8 is nothing. */
const farthest = 14;

/** The integral over an interval. */
interface Piece {
  readonly value: number;
  /** How far Gauss's rule is from it. */
  readonly difference: number;
  /** The integral of the absolute value. */
  readonly size: number;
}

/**
 * Returns E[f(x)] for x ~ N(0, std²).
 *
 * The line is cut at 0, at the breaks, and in octaves from the smaller of the
 * two scales 1 and std on; an interval in which the rules of 10 and 21 points
 * differ is halved.
 *
 * Accuracy: within 1e-14 of E|f(x)| for functions that are smooth between the
 * breaks.
 *
 * @param f A function of x, and of z = x / std, that grows no faster than z^8.
 * @param options The standard deviation and the breaks.
 *
 * @example
 * ```ts
 * import { normalMean } from "./normal_mean.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(normalMean((x) => Math.max(0, x) ** 2), 1 / 2, 1e-15);
 * assertAlmostEquals(normalMean((x) => x ** 4, { std: 2 }), 3 * 16, 1e-13);
 * ```
 */
export function normalMean(
  f: (x: number, z: number) => number,
  { std = 1, breaks = [] }: NormalMeanOptions = {},
): number {
  const weighted = (z: number) => f(std * z, z) * normalDensity(z);
  const cuts = cutsOf(std, breaks);
  const pieces = cuts.slice(1).map((to, i) => pieceOf(weighted, cuts[i], to));
  const enough = agreement *
    pieces.reduce((total, { size }) => total + size, 0);
  return pieces.reduce(
    (sum, piece, i) =>
      sum +
      refined(weighted, cuts[i], cuts[i + 1], piece, enough, mostHalvings),
    0,
  );
}

function cutsOf(std: number, breaks: readonly number[]): number[] {
  const cuts = new Set([0, -farthest, farthest]);
  for (let cut = Math.min(1, 1 / std) / 2; cut < farthest - 4; cut *= 2) {
    cuts.add(cut).add(-cut);
  }
  for (const place of breaks) {
    if (Math.abs(place) < farthest * std) cuts.add(place / std);
  }
  return [...cuts].sort((a, b) => a - b);
}

/** Halves an interval until both rules agree. */
function refined(
  f: (z: number) => number,
  from: number,
  to: number,
  piece: Piece,
  enough: number,
  halvings: number,
): number {
  // NaN and Infinity do not get better.
  if (!(piece.difference > enough) || halvings === 0) return piece.value;
  const middle = (from + to) / 2;
  return refined(
    f,
    from,
    middle,
    pieceOf(f, from, middle),
    enough,
    halvings - 1,
  ) + refined(f, middle, to, pieceOf(f, middle, to), enough, halvings - 1);
}

function pieceOf(f: (z: number) => number, from: number, to: number): Piece {
  const [middle, half] = [(from + to) / 2, (to - from) / 2];
  const center = f(middle);
  let value = weights[10] * center;
  let size = weights[10] * Math.abs(center);
  let gauss = 0;
  for (let i = 0; i < 10; i++) {
    const [left, right] = [
      f(middle - half * places[i]),
      f(middle + half * places[i]),
    ];
    value += weights[i] * (left + right);
    size += weights[i] * (Math.abs(left) + Math.abs(right));
    if (i % 2 === 1) gauss += gaussWeights[(i - 1) / 2] * (left + right);
  }
  return {
    value: half * value,
    difference: half * Math.abs(value - gauss),
    size: half * size,
  };
}
