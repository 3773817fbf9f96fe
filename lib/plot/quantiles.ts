/**
 * The quantiles of a weight against those of the distribution it was drawn
 * from: a Q–Q plot.
 *
 * @module
 */

import { inColumns } from "../core/columns.ts";
import {
  digitsFor,
  formatCount,
  formatNumber,
  rounder,
} from "../core/format.ts";
import { cannot, checkCount } from "../core/options.ts";
import type { Over, Source } from "../core/source.ts";
import type { Moments, Values } from "../numerics/moments.ts";
import {
  betaQuantile,
  normalQuantile,
  truncatedNormalQuantile,
  uniformQuantile,
} from "../numerics/special.ts";
import { type Distribution, expectationOf } from "../random/distribution.ts";
import { type FigureOptions, figureOptions } from "./change.ts";
import { type Figure, figureOf } from "./figure.ts";
import { type Sample, sampled } from "./sample.ts";
import { asciiMinus, asTyped } from "./text.ts";
import {
  densityOf,
  momentFacts,
  readTheory,
  tensorFacts,
  type Theory,
  unscaled,
} from "./theory.ts";
import {
  densityMargin,
  expected,
  measured,
  padded,
  translucent,
  uprightAxis,
  valueAxis,
} from "./theme.ts";
import type { ScatterTrace } from "./types.ts";

/** A value of the sample and the expected quantile. */
interface Pair {
  /** The share of values below it, in (0, 1). */
  readonly share: number;
  /** The quantile at that share. */
  readonly wanted: number;
  /** The value. */
  readonly found: number;
}

/** The band at one rank. */
interface BandPoint {
  /** The quantile at the rank's share. */
  readonly wanted: number;
  /** The value of that rank is below this in 2.5 % of samples. */
  readonly low: number;
  /** It is above this in 2.5 % of samples. */
  readonly high: number;
}

/** Options of {@linkcode quantiles}. */
export interface QuantilesOptions extends FigureOptions {
  /** Which of several tensors. Default: `weight`. */
  readonly parameter?: string;
  /**
   * What the values are expected to be drawn from; null for the normal of their
   * own mean and std. Default: the initializer's distribution, or else that
   * normal.
   */
  readonly theory?: Distribution | null;
  /** About how many points are drawn, in [10, 5000]. Default: 400. */
  readonly points?: number;
}

/** More ranks than this would not make the band's edges smoother. */
const most = 120;
const outside = 0.025;

const action = "plot quantiles";
const ownName = "normal of the same mean and std";
const plotHeight = 320;
const defaults = {
  parameter: undefined as string | undefined,
  theory: undefined as Distribution | null | undefined,
  points: 400,
};

/**
 * Returns ranks in [0, n), rising: all of them, or at most as many as asked.
 * Half of them are evenly spaced, half evenly spaced in log-odds, so both tails
 * show every value; the halves may share ranks.
 *
 * @param n How many values there are, above 0.
 * @param points How many ranks are wanted, at least 2.
 */
export function thinnedRanks(n: number, points: number): number[] {
  if (n <= points) return Array.from({ length: n }, (_, rank) => rank);
  const half = Math.floor(points / 2);
  const reach = Math.log(2 * n - 1);
  const ranks = new Set<number>();
  for (let index = 0; index < half; index++) {
    const share = half === 1 ? 0.5 : index / (half - 1);
    ranks.add(Math.round(share * (n - 1)));
    const odds = Math.exp(reach * (2 * share - 1));
    ranks.add(Math.round(n * odds / (1 + odds) - 0.5));
  }
  return [...ranks].sort((a, b) => a - b);
}

/**
 * Returns a figure of a tensor's quantiles against the theoretical ones: if the
 * values were drawn from the distribution, the points lie on the line.
 *
 * The value of rank i, from 0, is plotted against the quantile at the share `(i
 * + 1/2) / n`. From many values it draws some hundreds, including the extremes;
 * the axis spans all. In 95 % of samples a given value lies within the band.
 * This holds for each value separately, so among many some lie outside. Around
 * the normal of their own mean and std, values lie closer. Traces: the band,
 * the points, the line.
 *
 * @param source The weight: a tensor of any dtype, numbers, a layer, a checkpoint
 * or its path.
 * @param options Which parameter, which distribution, how many points.
 * @returns The figure; a promise of it where a checkpoint is read.
 * @throws {TypeError} If an option or the source is of the wrong kind.
 * @throws {RangeError} If there is no finite value, no such parameter, the
 * distribution is a constant, or an option is out of its interval.
 *
 * @example
 * ```ts
 * import { plot, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = plot.quantiles(tensor([3, 0, 1, 2]), {
 *   theory: { kind: "uniform", low: 0, high: 4 },
 * });
 * const [, points] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals(points.x, [0.5, 1.5, 2.5, 3.5]);
 * assertEquals(points.y, [0, 1, 2, 3]);
 * ```
 */
export function quantiles<S extends Source>(
  source: S,
  options: QuantilesOptions = {},
): Over<S, Figure> {
  const given = figureOptions(action, options, defaults);
  checkPoints(given.points);
  return sampled(
    action,
    source,
    given.parameter,
    (sample) => draw(sample, given),
  );
}

function checkPoints(points: unknown): void {
  checkCount(action, "points", points, 10);
  if (points > 5000) {
    throw new RangeError(
      cannot(action, "points must be in [10, 5000]", points),
    );
  }
}

function draw(
  sample: Sample,
  given: QuantilesOptions & { readonly points: number },
): Figure {
  const { tensor, found } = sample;
  const known = readTheory(action, tensor, given.theory);
  const hasDensity = known !== null && densityOf(known.distribution) !== null;
  const { name, distribution } = hasDensity ? known : ownNormal(found);
  // A single value has no standard deviation.
  const std = hasDensity
    ? expectationOf(distribution, tensor.shape).std
    : found.sampleStd;
  checkWidth(std, name);
  const { label } = densityOf(distribution, name)!;
  const pairs = pairsOf(sample, distribution, given.points);
  const against = hasDensity ? "" : ` against the ${ownName}`;
  const facts = [
    tensorFacts(tensor, found, 0),
    momentFacts(found, known),
    furthestFact(pairs, std, found.count),
  ];
  const band = bandOf(distribution, found.count);
  const range = rangeOf(pairs);
  const upright = padded([
    ...range,
    ...pairs.map((pair) => pair.found),
    ...band.flatMap(({ low, high }) => [low, high]),
  ]);
  return figureOf(
    {
      panels: [{
        title: `${sample.title} · quantiles${against}`,
        facts,
        traces: [bandTrace(band), pointsTrace(pairs), lineTrace(range, label)],
        axes: {
          xaxis: valueAxis("expected quantile", range),
          yaxis: uprightAxis("value", upright),
        },
        colors: [[expected], [measured]],
        margin: densityMargin(Math.max(Math.abs(upright[0]), upright[1])),
        plotHeight,
      }],
      description:
        `Quantiles of the values against those of ${label}. On the line they are equal, and in the band about it is each in 95 % of samples. ${
          facts.join(". ")
        }.`,
      text: [...quantileTable(pairs), ...facts.map(asciiMinus)].join("\n"),
    },
    given,
    action,
  );
}

function ownNormal(
  { mean, sampleStd }: Moments,
): Pick<Theory, "name" | "distribution"> {
  return {
    name: ownName,
    distribution: { kind: "normal", mean, std: sampleStd },
  };
}

/** A constant has no distinct quantiles; neither has a single value. */
function checkWidth(std: number, name = "theory"): void {
  if (std > 0) return;
  throw new RangeError(
    cannot(
      action,
      "the distribution must have a std above 0",
      `${std} by ${name}`,
    ),
  );
}

/** Returns values of a sample in rising order, each with its quantile. */
function pairsOf(
  { values, found: { count } }: Sample,
  drawn: Distribution,
  points: number,
): Pair[] {
  const sorted = sortedFinite(values, count);
  const quantile = quantileOf(drawn);
  return thinnedRanks(count, points).map((rank) => {
    const share = shareOf(rank, count);
    return { share, wanted: quantile(share), found: sorted[rank] };
  });
}

/** A copy, in float32 if that holds the values, which sorts faster. */
function sortedFinite(values: Values, count: number): Values {
  const copy = values instanceof Float32Array
    ? values.slice()
    : Float64Array.from(values);
  if (count === copy.length) return copy.sort();
  return copy.filter(Number.isFinite).sort();
}

/** Returns the quantile function of a distribution. */
function quantileOf(drawn: Distribution): (share: number) => number {
  const distribution = unscaled(drawn);
  switch (distribution.kind) {
    case "uniform":
      return uniformQuantile(distribution.low, distribution.high);
    case "truncatedNormal": {
      const { mean, std, low = -Infinity, high = Infinity } = distribution;
      return truncatedNormalQuantile({ mean, std, low, high });
    }
    case "normal":
      return normalQuantile(distribution.mean, distribution.std);
    default:
      throw new TypeError(
        cannot(action, "the distribution must have quantiles", drawn.kind),
      );
  }
}

/**
 * Returns the share that represents a rank: `(rank + 1/2) / n`.
 *
 * @see A. Hazen (1914), Storage to be provided in impounding reservoirs
 */
function shareOf(rank: number, n: number): number {
  return (rank + 0.5) / n;
}

/**
 * Returns how many values are drawn, and how far from its quantile one is at
 * most.
 */
function furthestFact(
  pairs: readonly Pair[],
  std: number,
  count: number,
): string {
  const gap = ({ wanted, found }: Pair) => Math.abs(found - wanted);
  const furthest = pairs.reduce((a, b) => gap(b) > gap(a) ? b : a);
  const points = pairs.length === count
    ? "all values are drawn"
    : `${formatCount(pairs.length)} of them drawn`;
  return `${points} · furthest from the line: ${
    formatNumber(gap(furthest) / std, 2)
  } std, at share ${formatShareOf(furthest.share)}`;
}

/** A share with enough digits to distinguish it from 1. */
function formatShareOf(share: number): string {
  return formatNumber(share, share > 0.5 ? digitsFor(share, 1) - 1 : 3);
}

/**
 * Returns where each value of a sample lies in 95 % of all samples, for each
 * rank by itself.
 *
 * Among n values, the distribution's share below the value of rank k, from 1,
 * has a Beta distribution with a = k and b = n + 1 − k. Its quantiles give
 * those of the value.
 *
 * @see David and Nagaraja, "Order Statistics", 3rd edition, 2003, 2.1
 */
function bandOf(drawn: Distribution, count: number): BandPoint[] {
  const quantile = quantileOf(drawn);
  return thinnedRanks(count, most).map((rank) => {
    const share = betaQuantile(rank + 1, count - rank);
    return {
      wanted: quantile(shareOf(rank, count)),
      low: quantile(share(outside)),
      high: quantile(share(1 - outside)),
    };
  });
}

/** The axis of expected quantiles, with a little free space. */
function rangeOf(pairs: readonly Pair[]): [number, number] {
  const [first, last] = [pairs[0].wanted, pairs.at(-1)!.wanted];
  // A single point has no extent.
  return first === last ? [first - 1, last + 1] : padded([first, last]);
}

/**
 * Returns the band as an area: along its lower edge and back along the upper.
 */
function bandTrace(band: readonly BandPoint[]): ScatterTrace {
  const back = band.toReversed();
  const round = rounder(band.at(-1)!.high - band[0].low);
  return {
    type: "scatter",
    mode: "lines",
    name: "95 % of samples, each value by itself",
    x: [...band, ...back].map(({ wanted }) => round(wanted)),
    y: [...band.map(({ low }) => low), ...back.map(({ high }) => high)]
      .map(round),
    line: { color: expected, width: 0 },
    fill: "toself",
    fillcolor: translucent(expected, 0.22),
    hoverinfo: "skip",
  };
}

function pointsTrace(pairs: readonly Pair[]): ScatterTrace {
  const place = (key: "wanted" | "found") => {
    const span = pairs.at(-1)![key] - pairs[0][key];
    return pairs.map((pair) => span > 0 ? rounder(span)(pair[key]) : pair[key]);
  };
  const ends = pairs.flatMap(({ wanted, found }) => [wanted, found]);
  const digits = digitsFor(Math.min(...ends), Math.max(...ends));
  return {
    type: "scatter",
    mode: "markers",
    name: "values",
    x: place("wanted"),
    y: place("found"),
    customdata: pairs.map(({ share }) => Number(share.toPrecision(9))),
    marker: { color: measured, size: 6 },
    hovertemplate:
      `share below %{customdata:.6~g}<br>value %{y:.${digits}~g}<br>expected %{x:.${digits}~g}<extra></extra>`,
  };
}

function lineTrace(ends: readonly number[], label: string): ScatterTrace {
  return {
    type: "scatter",
    mode: "lines",
    name: asTyped(label),
    x: ends,
    y: ends,
    line: { color: expected, width: 1.5 },
    hoverinfo: "skip",
  };
}

/**
 * Returns a table: the extremes, and the drawn points next to some round shares.
 */
function quantileTable(pairs: readonly Pair[]): string[] {
  const near = (share: number) =>
    pairs.reduce((a, b) =>
      Math.abs(b.share - share) < Math.abs(a.share - share) ? b : a
    );
  const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99];
  const rows = new Set([pairs[0], ...shares.map(near), pairs.at(-1)!]);
  const cells = [
    ["share", "value", "expected"],
    ...[...rows].map(({ share, found, wanted }) => [
      formatShareOf(share),
      ...[found, wanted].map((value) => asciiMinus(formatNumber(value))),
    ]),
  ];
  return inColumns(cells);
}
