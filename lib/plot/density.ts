/**
 * The density that values were drawn from, as a line to draw.
 *
 * It comes from the distribution's parameters, never from the values.
 *
 * @module
 */

import type { Theory } from "../init/theory.ts";
import { normalShare } from "../math/erf.ts";
import { normalDensity } from "../math/truncated_normal.ts";
import { digitsFor, formatNumber, rounder } from "./format.ts";

/** A distribution with what is needed to draw it. */
export interface Law {
  /** The initialiser, if one is known. */
  readonly name?: string;
  /** The kind. */
  readonly distribution: Theory["distribution"];
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
  /** Half the width of a uniform one; null for others. */
  readonly bound: number | null;
  /** A truncated normal before its cut, and the ends. */
  readonly cut?: NonNullable<Theory["cut"]>;
}

/** A place with a name. */
export interface Mark {
  /** Where it is. */
  readonly x: number;
  /** What it is: plain text. */
  readonly text: string;
}

/** A density as a line. */
export interface Density {
  /** Whose it is, in a few signs: `kaimingUniform: U(−0.1, 0.1)`. */
  readonly label: string;
  /** The abscissas. */
  readonly x: readonly number[];
  /** The densities; empty where all is in one place. */
  readonly y: readonly number[];
  /** The bounds, or one std to each side. */
  readonly marks: readonly Mark[];
}

/** A normal density is drawn this far: 2.7e-5 of its area lies outside. */
const reach = 4.2;
/** An even number, so that one point is the peak. */
const segments = 80;

/**
 * Returns the line of a density. Its area by trapezoids is 1 to 1e-4.
 *
 * @param law The distribution.
 */
export function densityOf(law: Law): Density {
  const { name = "expected", distribution, std, cut } = law;
  const line = std === 0
    ? pointLine(law)
    : cut !== undefined
    ? truncatedLine(cut)
    : distribution === "normal"
    ? normalLine(law)
    : uniformLine(law);
  return { ...line, label: `${name}: ${line.label}` };
}

function pointLine({ mean }: Law): Density {
  const label = `constant ${formatNumber(mean)}`;
  return { label, x: [mean, mean], y: [], marks: [] };
}

/** A box, with edges straight up at both bounds. */
function uniformLine({ mean, bound }: Law): Density {
  const [low, high] = [mean - bound!, mean + bound!];
  const height = 1 / (high - low);
  const [first, last] = [low, high].map((end) =>
    formatNumber(end, digitsFor(low, high))
  );
  return {
    label: `U(${first}, ${last})`,
    x: [low, low, high, high],
    y: [0, height, height, 0],
    marks: [{ x: low, text: first }, { x: high, text: last }],
  };
}

function normalLine({ mean, std }: Law): Density {
  const steps = Array.from(
    { length: segments + 1 },
    (_, index) => reach * (2 * index / segments - 1),
  );
  const peak = 1 / (std * Math.sqrt(2 * Math.PI));
  const [place, level] = [rounder(std), rounder(peak)];
  return {
    label: `N(${formatNumber(mean, digitsFor(mean - std, mean + std))}, ${
      formatNumber(std)
    }²)`,
    x: steps.map((z) => place(mean + z * std)),
    y: steps.map((z) => level(peak * Math.exp(-z * z / 2))),
    marks: [
      { x: mean - std, text: "−std" },
      { x: mean + std, text: "+std" },
    ],
  };
}

/** A normal between edges straight up at both ends. */
function truncatedLine({ mean, std, low, high }: NonNullable<Theory["cut"]>) {
  const [lower, upper] = [(low - mean) / std, (high - mean) / std];
  const share = normalShare(lower, upper);
  // Beside the peak the density falls off sooner.
  const from = Math.max(lower, -Math.hypot(reach, Math.min(upper, 0)));
  const to = Math.min(upper, Math.hypot(reach, Math.max(lower, 0)));
  const steps = Array.from(
    { length: segments + 1 },
    (_, index) => from + (to - from) * index / segments,
  );
  const levels = steps.map((z) => normalDensity(z) / (std * share));
  const [place, level] = [rounder(high - low), rounder(Math.max(...levels))];
  const points = steps.map((z) => place(mean + z * std));
  const [first, last] = [low, high].map((end) =>
    formatNumber(end, digitsFor(low, high))
  );
  return {
    label: `N(${formatNumber(mean)}, ${
      formatNumber(std)
    }²) in [${first}, ${last}]`,
    x: [points[0], ...points, points.at(-1)!],
    y: [0, ...levels.map(level), 0],
    marks: [{ x: low, text: first }, { x: high, text: last }],
  };
}
