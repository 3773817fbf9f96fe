/**
 * The band within which the values of a sample lie about their quantiles.
 *
 * @module
 */

import { betaQuantile } from "../math/beta.ts";
import type { Law } from "./density.ts";
import { rounder } from "./format.ts";
import { quantileOf } from "./quantile_pairs.ts";
import { expected, translucent } from "./theme.ts";
import { shareOf, thinnedRanks } from "./thinned.ts";
import type { ScatterTrace } from "./traces.ts";

/** The band at one rank. */
export interface BandPoint {
  /** The quantile at the rank's share. */
  readonly wanted: number;
  /** The value of that rank is below this in 2.5 % of samples. */
  readonly low: number;
  /** It is above this in 2.5 % of samples. */
  readonly high: number;
}

/** More ranks than this make the band's edges no smoother. */
const most = 120;
const outside = 0.025;

/**
 * Returns where each value of a sample lies in 95 % of all samples, for each
 * rank by itself.
 *
 * Of n values, the share that the distribution has below the one of rank k, from
 * 1, has a Beta distribution with a = k and b = n + 1 − k. Its quantiles are those
 * of the value.
 *
 * @param law The distribution, of a std above 0.
 * @param count How many values there are.
 * @see David and Nagaraja, "Order Statistics", 3rd edition, 2003, 2.1
 */
export function bandOf(law: Law, count: number): BandPoint[] {
  const quantile = quantileOf(law);
  return thinnedRanks(count, most).map((rank) => {
    const share = betaQuantile(rank + 1, count - rank);
    return {
      wanted: quantile(shareOf(rank, count)),
      low: quantile(share(outside)),
      high: quantile(share(1 - outside)),
    };
  });
}

/**
 * Returns the band as an area: along its lower edge and back along the upper.
 *
 * @param band The band, in the order of its ranks.
 */
export function bandTrace(band: readonly BandPoint[]): ScatterTrace {
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
