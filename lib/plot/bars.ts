/**
 * A histogram as bars.
 *
 * @module
 */

import type { Histogram } from "../statistics/histogram.ts";
import { digitsFor, rounder } from "./format.ts";
import { measured, outline, translucent } from "./theme.ts";
import type { BarTrace } from "./traces.ts";

/**
 * Returns bars whose heights are densities; hovering shows the bin's ends, its
 * count and its density.
 *
 * @param counted A histogram with bins of one width.
 * @param name The name in the legend, as plotly reads it.
 */
export function barTrace(counted: Histogram, name: string): BarTrace {
  const { edges, counts, densities } = counted;
  const place = rounder(edges.at(-1)! - edges[0]);
  const level = rounder(Math.max(...densities));
  const digits = digitsFor(edges[0], edges.at(-1)!);
  return {
    type: "bar",
    name,
    x: counts.map((_, bin) => place((edges[bin] + edges[bin + 1]) / 2)),
    y: densities.map(level),
    width: edges[1] - edges[0],
    customdata: counts.map((count, bin) => [
      place(edges[bin]),
      place(edges[bin + 1]),
      count,
    ]),
    hovertemplate:
      `%{customdata[0]:.${digits}~g} to %{customdata[1]:.${digits}~g}<br>count %{customdata[2]:,}<br>density %{y:.4~g}<extra></extra>`,
    marker: {
      color: translucent(measured, 0.6),
      line: { color: outline, width: 1 },
    },
  };
}

/**
 * Returns how many bins there are, in words.
 *
 * @param counted A histogram.
 */
export function binCount({ counts }: Histogram): string {
  return counts.length === 1 ? "1 bin" : `${counts.length} bins`;
}
