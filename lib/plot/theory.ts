/**
 * The distribution of values: its density as a line to draw, and its moments
 * next to the measured ones.
 *
 * All of it comes from the distribution's parameters, never from the values.
 *
 * @module
 */

import {
  digitsFor,
  formatCount,
  formatNumber,
  formatShare,
  rounder,
} from "../core/format.ts";
import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Histogram } from "../numerics/histogram.ts";
import type { Moments } from "../numerics/moments.ts";
import { normalDensity, normalShare } from "../numerics/special.ts";
import {
  checkDistribution,
  type Distribution,
  type Expectation,
  expectationOf,
  type Normal,
  readDistribution,
  type Scaled,
  type TruncatedNormal,
  type Uniform,
} from "../random/distribution.ts";
import { filledBy } from "../random/generator.ts";
import type { Binned } from "./histogram.ts";
import type { Mark } from "./page.ts";
import { asTyped } from "./text.ts";
import { expected } from "./theme.ts";
import type { ScatterTrace } from "./types.ts";

/** The expected distribution of a tensor's values. */
export interface Theory {
  /** The initializer, if one is known. */
  readonly name?: string;
  /** The distribution they were drawn from. */
  readonly distribution: Distribution;
  /** Their moments, those that were set to 0 after the draw included. */
  readonly expectation: Expectation;
}

/** A density as a line. */
export interface Density {
  /** Its name: `kaimingUniform: U(−0.1, 0.1)`. */
  readonly label: string;
  /** The abscissas. */
  readonly x: readonly number[];
  /** The densities; empty if all values are in one place. */
  readonly y: readonly number[];
  /** The bounds, or one std to each side. */
  readonly marks: readonly Mark[];
}

/** A normal density is drawn out to here: 2.7e-5 of its area lies outside. */
const reach = 4.2;
/** An even number, so that one point is the peak. */
const segments = 80;

/**
 * Returns the expected distribution of a tensor's values; null if it is
 * unknown, or the caller expects nothing.
 *
 * @param action What is being done, for the error message.
 * @param tensor The tensor, whose initializer decides if the option is omitted.
 * @param option The caller's option; null to expect nothing.
 * @throws {TypeError} If the option is no distribution.
 * @throws {RangeError} If a number of it does not fit.
 */
export function readTheory(
  action: string,
  tensor: Tensor,
  option: Distribution | null | undefined,
): Theory | null {
  const { shape } = tensor;
  if (option === null) return null;
  if (option !== undefined) {
    const distribution = readDistribution(action, "theory", option);
    // Expected values may have any dtype.
    checkDistribution(action, distribution, { shape, dtype: "float64" });
    return { distribution, expectation: expectationOf(distribution, shape) };
  }
  const filled = filledBy(tensor);
  if (filled === undefined) return null;
  const { initializer: name, distribution, zeroed } = filled;
  const expectation = expectationOf(distribution, shape, zeroed);
  return { name, distribution, expectation };
}

/**
 * Returns the line of a density, whose area by trapezoids is 1 to 1e-4; null if
 * the distribution has none to draw.
 *
 * @param distribution The distribution.
 * @param name The name of the values. Default: `expected`.
 */
export function densityOf(
  distribution: Distribution,
  name = "expected",
): Density | null {
  const line = lineOf(unscaled(distribution));
  return line && { ...line, label: `${name}: ${line.label}` };
}

/**
 * Returns a scaled distribution as an unscaled one, that of the products. A
 * factor of zeros and ones, or of gates' biases, is left out.
 *
 * @param distribution The distribution.
 */
export function unscaled(
  distribution: Distribution,
): Exclude<Distribution, Scaled> {
  if (distribution.kind !== "scaled") return distribution;
  const { by } = distribution;
  const of = unscaled(distribution.of);
  if (by === 0) return { kind: "constant", value: 0 };
  switch (of.kind) {
    case "constant":
      return { ...of, value: by * of.value };
    case "uniform": {
      const [low, high] = ends(by, of.low, of.high);
      return { ...of, low, high };
    }
    case "normal":
      return { ...of, mean: by * of.mean, std: Math.abs(by) * of.std };
    case "truncatedNormal": {
      const [low, high] = ends(by, of.low ?? -Infinity, of.high ?? Infinity);
      const std = Math.abs(by) * of.std;
      return { ...of, mean: by * of.mean, std, low, high };
    }
    case "orthogonal":
    case "deltaOrthogonal":
      return { ...of, gain: by * of.gain };
    case "repeated":
      return { ...of, values: of.values.map((value) => by * value) };
    case "parts": {
      const scaled = (of: Distribution) => unscaled({ kind: "scaled", of, by });
      const parts = of.parts.map((part) => ({ ...part, of: scaled(part.of) }));
      return { ...of, parts };
    }
    case "sparse":
      return { ...of, std: Math.abs(by) * of.std };
    case "ones":
    case "chrono":
      return of;
  }
}

/**
 * Returns a density as that of |x| by decade where the bins are on a log axis.
 *
 * @param density The density of x; null for none.
 * @param binned The bins.
 */
export function onLogAxis(
  density: Density | null,
  { isLog, counted: [{ edges: bins }] }: Binned,
): Density | null {
  if (!isLog || density === null) return density;
  const sizes = density.x.map(Math.abs);
  const highest = Math.max(...sizes);
  const marks = density.marks.filter(({ x }) => x > 0);
  if (density.y.length === 0) return { ...density, x: sizes, marks };
  const from = Math.min(bins[0], Math.log10(highest));
  // Upright edges stay upright.
  const edges = density.x.filter((x, i) => x === density.x[i - 1])
    .flatMap((x) => [Math.abs(x) * (1 - 1e-9), Math.abs(x) * (1 + 1e-9)]);
  const even = Array.from(
    { length: segments * 2 + 1 },
    (_, index) =>
      10 ** (from + (Math.log10(highest) - from) * index / (2 * segments)),
  );
  const x = [...even, ...edges].filter((x) => x > 0 && x <= highest)
    .sort((a, b) => a - b);
  const y = x.map((place) =>
    (levelAt(density, place) + levelAt(density, -place)) * place * Math.LN10
  );
  const level = rounder(Math.max(...y));
  return {
    label: density.label,
    x: [...x, highest].map((place) => Number(place.toPrecision(6))),
    y: [...y.map(level), 0],
    marks,
  };
}

/** The height of a density's line; 0 beyond its ends. */
function levelAt({ x, y }: Density, place: number): number {
  const after = x.findIndex((end, index) => index > 0 && end >= place);
  if (after === -1 || place < x[0] || x[after] === x[after - 1]) {
    // An upright edge belongs to the line.
    return place === x[after] ? Math.max(y[after], y[after - 1]) : 0;
  }
  const share = (place - x[after - 1]) / (x[after] - x[after - 1]);
  return y[after - 1] + share * (y[after] - y[after - 1]);
}

/**
 * Returns the line of an expected density.
 *
 * @param density The density.
 * @param top The height of the line for a constant.
 */
export function densityTrace(density: Density, top: number): ScatterTrace {
  const label = asTyped(density.label);
  return {
    type: "scatter",
    mode: "lines",
    name: label,
    x: density.x,
    y: density.y.length === 0 ? [0, top] : density.y,
    line: { color: expected, width: 2.5 },
    hovertemplate: density.y.length === 0
      ? `${label}<extra></extra>`
      : `${label}<br>density %{y:.4~g}<extra></extra>`,
  };
}

/**
 * Describes a tensor: shape, dtype, n, and anything odd about it.
 *
 * @param tensor The tensor.
 * @param moments Its moments.
 * @param outside How many values lie outside the bins.
 */
export function tensorFacts(
  tensor: Tensor,
  moments: Moments,
  outside: Histogram["outside"],
): string {
  const facts = [
    formatShape(tensor.shape),
    tensor.dtype,
    `n = ${formatCount(moments.count)}`,
  ];
  if (moments.zeroShare > 0) {
    facts.push(`${formatShare(moments.zeroShare)} zeros`);
  }
  if (outside > 0) facts.push(`${formatCount(outside)} outside the bins`);
  if (moments.nonFinite > 0) {
    facts.push(`${formatCount(moments.nonFinite)} not finite, left out`);
  }
  return facts.join(" · ");
}

/**
 * Returns the moments in one line, with the expected std next to the measured
 * one.
 *
 * @param moments The moments.
 * @param theory The expectation, if known.
 */
export function momentFacts(moments: Moments, theory: Theory | null): string {
  const { mean, min, max } = moments;
  const digits = digitsFor(min, max);
  return [
    `mean ${formatNumber(mean, digits)}`,
    stdFact(moments, theory),
    `min ${formatNumber(min, digits)}`,
    `max ${formatNumber(max, digits)}`,
  ].join(" · ");
}

/**
 * Returns the measured std, and the expected one if it is known.
 *
 * @param moments The moments.
 * @param theory The expectation, if known.
 */
export function stdFact(moments: Moments, theory: Theory | null): string {
  const measured = `std ${formatNumber(moments.sampleStd)}`;
  return theory === null
    ? measured
    : `${measured} (expected ${formatNumber(theory.expectation.std)})`;
}

function lineOf(
  distribution: Exclude<Distribution, Scaled>,
): Density | null {
  switch (distribution.kind) {
    case "constant":
      return pointLine(distribution.value);
    case "uniform":
      return uniformLine(distribution);
    case "normal":
      return normalLine(distribution);
    case "truncatedNormal":
      return truncatedLine(distribution);
    default:
      return null;
  }
}

function pointLine(value: number): Density {
  const label = `constant ${formatNumber(value)}`;
  return { label, x: [value, value], y: [], marks: [] };
}

/** A box, with edges straight up at both bounds. */
function uniformLine({ low, high }: Uniform): Density {
  if (low === high) return pointLine(low);
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

function normalLine({ mean, std }: Normal): Density {
  if (std === 0) return pointLine(mean);
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

/** A normal between edges straight up at its ends. */
function truncatedLine(
  { mean, std, low = -Infinity, high = Infinity }: TruncatedNormal,
): Density {
  if (low === high) return pointLine(low);
  const [lower, upper] = [(low - mean) / std, (high - mean) / std];
  const share = normalShare(lower, upper);
  // Away from the peak the density falls off sooner.
  const from = Math.max(lower, -Math.hypot(reach, Math.min(upper, 0)));
  const to = Math.min(upper, Math.hypot(reach, Math.max(lower, 0)));
  const steps = Array.from(
    { length: segments + 1 },
    (_, index) => from + (to - from) * index / segments,
  );
  const levels = steps.map((z) => normalDensity(z) / (std * share));
  // Without an end, the line stops.
  const left = low === -Infinity ? mean + from * std : low;
  const right = high === Infinity ? mean + to * std : high;
  const [place, level] = [rounder(right - left), rounder(Math.max(...levels))];
  const points = steps.map((z) => place(mean + z * std));
  const text = (end: number) => formatNumber(end, digitsFor(left, right));
  const first = low === -Infinity ? "−∞" : text(low);
  const last = high === Infinity ? "∞" : text(high);
  return {
    label: `N(${formatNumber(mean)}, ${
      formatNumber(std)
    }²) in [${first}, ${last}]`,
    x: [points[0], ...points, points.at(-1)!],
    y: [0, ...levels.map(level), 0],
    marks: [low, high].filter(Number.isFinite)
      .map((x) => ({ x, text: text(x) })),
  };
}

/** Both ends of an interval times a factor, the lower first. */
function ends(by: number, low: number, high: number): [number, number] {
  return by > 0 ? [by * low, by * high] : [by * high, by * low];
}
