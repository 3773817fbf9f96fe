/**
 * The layout of a histogram with an expected density over it.
 *
 * @module
 */

import type { Histogram } from "../statistics/histogram.ts";
import type { Density } from "./density.ts";
import { marksOf } from "./expectation.ts";
import type { Layout } from "./layout.ts";
import {
  densityAxis,
  densityMargin,
  legendWidth,
  padded,
  pageLayout,
  valueAxis,
} from "./page.ts";
import { size } from "./theme.ts";

/** What the layout of a histogram depends on. */
export interface HistogramParts {
  /** Plain text. */
  readonly title: string;
  /** Plain text, a line each. */
  readonly facts: readonly string[];
  /** What the legend says: plain text. */
  readonly names: readonly string[];
  /** What the horizontal axis measures. */
  readonly axis: string;
  /** The bars. */
  readonly counted: Histogram;
  /** The line over them, with its marks. */
  readonly density: Density | null;
  /** The upper end of the vertical axis. */
  readonly top: number;
  /** In pixels. Default: 700. */
  readonly width?: number;
  /** In pixels. Default: 420. */
  readonly height?: number;
}

/**
 * Returns the layout of bars with an expected density over them.
 *
 * @param parts What is drawn.
 */
export function histogramLayout(parts: HistogramParts): Layout {
  const { names, counted, density, top } = parts;
  const { width = size.width, height = size.height } = parts;
  const range = rangeOf(counted.edges, density);
  const margin = densityMargin(top);
  const plotWidth = width - margin.l - margin.r;
  const marks = marksOf(density, plotWidth / (range[1] - range[0]));
  const beside = legendWidth(names) <= plotWidth;
  const page = pageLayout({
    ...parts,
    legendRows: beside ? 1 : names.length,
    below: marks.annotations.length > 0 ? 24 : 10,
    width,
    height,
    margin,
  });
  return {
    ...page,
    legend: { ...page.legend, orientation: beside ? "h" : "v" },
    bargap: 0,
    hovermode: "closest",
    xaxis: valueAxis(parts.axis, range),
    yaxis: densityAxis(top),
    shapes: marks.shapes,
    annotations: [...page.annotations!, ...marks.annotations],
  };
}

function rangeOf(
  edges: readonly number[],
  density: Density | null,
): [number, number] {
  const [first, last] = [edges[0], edges.at(-1)!];
  // About a single bin there is to be something to see it against.
  const beside = edges.length === 2 ? last - first : 0;
  return padded([first - beside, last + beside, ...density?.x ?? []]);
}
