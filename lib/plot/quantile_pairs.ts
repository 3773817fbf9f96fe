/**
 * Values of a sample beside the quantiles of a distribution at their ranks.
 *
 * @module
 */

import {
  normalQuantile,
  truncatedNormalQuantile,
  uniformQuantile,
} from "../math/quantile.ts";
import type { Values } from "../statistics/moments.ts";
import type { Law } from "./density.ts";
import { digitsFor, formatCount, formatNumber } from "./format.ts";
import { asciiMinus } from "./picture.ts";
import type { Sample } from "./source.ts";
import { shareOf, thinnedRanks } from "./thinned.ts";

/** A value of the sample beside what is expected there. */
export interface Pair {
  /** The share of values below it, in (0, 1). */
  readonly share: number;
  /** The quantile at that share. */
  readonly wanted: number;
  /** The value. */
  readonly found: number;
}

/**
 * Returns values of a sample in rising order, each beside its quantile.
 *
 * @param sample The sample, with a finite value.
 * @param law The distribution, of a std above 0.
 * @param points At most how many values.
 */
export function pairsOf(
  { values, found: { count } }: Sample,
  law: Law,
  points: number,
): Pair[] {
  const sorted = sortedFinite(values, count);
  const quantile = quantileOf(law);
  return thinnedRanks(count, points).map((rank) => {
    const share = shareOf(rank, count);
    return { share, wanted: quantile(share), found: sorted[rank] };
  });
}

/**
 * Returns the quantile function of a distribution.
 *
 * @param law The distribution, of a std above 0.
 */
export function quantileOf({ distribution, mean, std, bound, cut }: Law) {
  if (cut !== undefined) return truncatedNormalQuantile(cut);
  return distribution === "uniform"
    ? uniformQuantile(mean - bound!, mean + bound!)
    : normalQuantile(mean, std);
}

/** A copy, in float32 where that holds the values: it sorts faster. */
function sortedFinite(values: Values, count: number): Values {
  const copy = values instanceof Float32Array
    ? values.slice()
    : Float64Array.from(values);
  if (count === copy.length) return copy.sort();
  return copy.filter(Number.isFinite).sort();
}

/**
 * Returns how many values are drawn, and how far from its quantile one is at
 * most.
 *
 * @param pairs The values that are drawn.
 * @param law The distribution.
 * @param count How many values there are.
 */
export function furthestFact(
  pairs: readonly Pair[],
  { std }: Law,
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

/** A share with the digits that tell it from 1. */
function formatShareOf(share: number): string {
  return formatNumber(share, share > 0.5 ? digitsFor(share, 1) - 1 : 3);
}

/**
 * Returns a table: the extremes, and the drawn points next to some round shares.
 *
 * @param pairs The values that are drawn.
 */
export function quantileTable(pairs: readonly Pair[]): string[] {
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
  const widths = [0, 1, 2].map((column) =>
    Math.max(...cells.map((row) => row[column].length))
  );
  return cells.map((row) =>
    row.map((cell, column) => cell.padStart(widths[column])).join("  ")
  );
}
