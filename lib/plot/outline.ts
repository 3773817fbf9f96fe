/**
 * Histograms over each other, as outlines.
 *
 * @module
 */

import type { Histogram } from "../statistics/histogram.ts";
import type { Density } from "./density.ts";
import { digitsFor, rounder } from "./format.ts";
import { asTyped } from "./markup.ts";
import { textWidth, wrapText } from "./measure.ts";
import { besideName } from "./page.ts";
import { letters, palette, translucent } from "./theme.ts";
import type { FrameTrace, ScatterTrace } from "./traces.ts";

/** One of several histograms. */
export interface Outline {
  /** Its name: plain text. */
  readonly name: string;
  /** What the legend says of it: plain text. */
  readonly fact: string;
  /** Counts over the bins of all. */
  readonly counted: Histogram;
  /** What was expected, if known. */
  readonly density: Density | null;
}

/** More areas than this over each other are mud. */
const mostAreas = 3;

/**
 * Returns the traces: for each outline its line, and the expected density
 * dashed in the same colour, which the legend switches with it.
 *
 * @param outlines The histograms.
 * @param room How wide a legend's entry may be, in pixels.
 */
export function outlineTraces(
  outlines: readonly Outline[],
  room: number,
): ScatterTrace[] {
  const filled = outlines.length <= mostAreas;
  return outlines.flatMap(({ name, fact, counted, density }, index) => {
    const digits = digitsFor(counted.edges[0], counted.edges.at(-1)!);
    const color = palette[index % palette.length];
    const left = room - besideName - textWidth(`: ${fact}`, letters.text);
    const [label] = wrapText(name, left, letters.text, 1).map(asTyped);
    const group = { mode: "lines", legendgroup: String(index) } as const;
    const outline: ScatterTrace = {
      type: "scatter",
      ...group,
      name: `${label}: ${asTyped(fact)}`,
      ...steps(counted),
      line: {
        color,
        width: 2,
        shape: "hv",
        dash: index < palette.length ? "solid" : "dot",
      },
      fill: filled ? "tozeroy" : "none",
      fillcolor: filled ? translucent(color, 0.15) : undefined,
      hovertemplate:
        `${label}<br>bin from %{x:.${digits}~g}<br>count %{customdata:,}<br>density %{y:.4~g}<extra></extra>`,
    };
    if (density === null) return [outline];
    return [outline, {
      type: "scatter",
      ...group,
      name: `${label}, expected`,
      showlegend: false,
      x: density.x,
      y: density.y,
      line: { color, width: 1.5, dash: "4px,3px" },
      hoverinfo: "skip",
    }];
  });
}

/**
 * Returns the outline of a histogram: up at the first edge, along the bins, down
 * at the last edge.
 *
 * @param counted The histogram.
 */
export function steps(
  { edges, counts, densities }: Histogram,
): FrameTrace {
  const place = rounder(edges.at(-1)! - edges[0]);
  const level = rounder(Math.max(...densities));
  return {
    x: [edges[0], ...edges].map(place),
    y: [0, ...densities.map(level), 0],
    customdata: [0, ...counts, 0],
  };
}
