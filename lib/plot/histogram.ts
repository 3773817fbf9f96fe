/**
 * The common parts of histogram figures: bars under the expected density, and
 * overlaid outlines.
 *
 * @module
 */

import { digitsFor, rounder } from "../core/format.ts";
import type { Histogram } from "../numerics/histogram.ts";
import type { Distribution } from "../random/distribution.ts";
import { Figure } from "./figure.ts";
import {
  besideName,
  densityAxis,
  densityMargin,
  type FigureOptions,
  headroom,
  legendWidth,
  letters,
  measured,
  outline,
  padded,
  pageLayout,
  palette,
  size,
  translucent,
  valueAxis,
} from "./page.ts";
import { asTyped, histogramPicture, textWidth, wrapText } from "./text.ts";
import { type Density, densityTrace, marksOf } from "./theory.ts";
import type { BarTrace, FrameTrace, Layout, ScatterTrace } from "./types.ts";

/** One of several histograms. */
export interface Outline {
  /** Its name: plain text. */
  readonly name: string;
  /** Its text in the legend: plain text. */
  readonly fact: string;
  /** Counts over the bins of all. */
  readonly counted: Histogram;
  /** The expectation, if known. */
  readonly density: Density | null;
}

/** The inputs of a histogram's layout. */
interface HistogramParts {
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

/** Options of figures of one histogram. */
export interface HistogramOptions extends FigureOptions {
  /** Which of several tensors. Default: `weight`. */
  readonly parameter?: string;
  /**
   * What the weight's elements are expected to be drawn from; null for nothing.
   * Default: the initializer's distribution.
   */
  readonly theory?: Distribution | null;
  /** The number of bins, in [1, 10000]. Default: by Freedman and Diaconis. */
  readonly bins?: number;
  /** The lowest and the highest edge. Default: all finite values. */
  readonly range?: readonly [number, number];
}

/** What a figure of one histogram is made of. */
interface HistogramContent extends FigureOptions {
  /** Plain text. */
  readonly title: string;
  /** Plain text, a line each. */
  readonly facts: readonly string[];
  /** What it is a histogram of, in words for screen readers: ` of singular values`. */
  readonly of: string;
  /** What the horizontal axis measures. */
  readonly axis: string;
  /** The histogram. */
  readonly counted: Histogram;
  /** How the bins were chosen. */
  readonly rule: string;
  /** What is expected; null for nothing. */
  readonly density: Density | null;
}

/** More overlaid areas than this are unreadable. */
const mostAreas = 3;

/** The options' defaults. */
export const histogramDefaults = {
  parameter: undefined as string | undefined,
  theory: undefined as Distribution | null | undefined,
  bins: undefined as number | undefined,
  range: undefined as readonly [number, number] | undefined,
};

/**
 * Returns the traces: for each outline its line, and the expected density
 * dashed in the same color, which the legend switches with it.
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

/**
 * Returns a figure of bars, and over them the line of what is expected.
 *
 * @param content What is drawn.
 */
export function histogramFigure(content: HistogramContent): Figure {
  const { title, facts, counted, rule, density } = content;
  const bars = binCount(counted);
  const names = [`${bars} (${rule})`, ...density ? [density.label] : []];
  const top = headroom([...counted.densities, ...density?.y ?? []]);
  const over = density ? `, and over it ${density.label}` : "";
  return new Figure({
    title,
    data: [
      barTrace(counted, names[0]),
      ...density ? [densityTrace(density, top)] : [],
    ],
    layout: histogramLayout({ ...content, names, top }),
    description: `Histogram${content.of} in ${bars}${over}. ${
      facts.join(". ")
    }.`,
    text: histogramPicture(title, counted, facts),
  });
}

/**
 * Describes the number of bins.
 *
 * @param counted A histogram.
 */
function binCount({ counts }: Histogram): string {
  return counts.length === 1 ? "1 bin" : `${counts.length} bins`;
}

/**
 * Returns bars whose heights are densities; hovering shows the bin's ends, its
 * count and its density.
 *
 * @param counted A histogram with bins of one width.
 * @param name The name in the legend, as plotly reads it.
 */
function barTrace(counted: Histogram, name: string): BarTrace {
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
 * Returns the layout of bars with an expected density over them.
 *
 * @param parts What is drawn.
 */
function histogramLayout(parts: HistogramParts): Layout {
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
  // A single bin needs free space around it.
  const beside = edges.length === 2 ? last - first : 0;
  return padded([first - beside, last + beside, ...density?.x ?? []]);
}
