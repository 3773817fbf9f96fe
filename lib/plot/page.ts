/**
 * What all figures have in common: letters, transparent background, and a
 * head of title, facts and legend above the plot.
 *
 * @module
 */

import type { Annotation, Axis, Layout } from "./layout.ts";
import { asTyped } from "./markup.ts";
import { textWidth, wrapText } from "./measure.ts";
import { baseline, family, grid, hover, ink, letters, none } from "./theme.ts";

/** The head of a figure and its room. */
export interface Page {
  /** Plain text; up to two lines, then `…`. */
  readonly title: string;
  /** Plain text, a line each; broken where it does not fit. */
  readonly facts: readonly string[];
  /** How many rows the legend has. */
  readonly legendRows: number;
  /** In pixels. */
  readonly width: number;
  /** Free space between the head and the plot, for labels. Default: 10. */
  readonly below?: number;
  /** In pixels, head included; or else the height of the plot alone. */
  readonly height?: number;
  /** In pixels, without the head. */
  readonly plotHeight?: number;
  /** Free space at the left, the right and the bottom. */
  readonly margin: {
    readonly l: number;
    readonly r: number;
    readonly b: number;
  };
}

/** In pixels, from top to bottom. */
const above = 12;
const titleStep = 22;
const factStep = 1.3 * letters.subtitle;
const rowHeight = 19;
const rowsPadding = 10;
/** The symbol of a legend's entry and its free space. */
export const besideName = 45;

/**
 * Returns a layout without axes.
 *
 * @param page The head and the room.
 */
export function pageLayout(page: Page): Layout {
  const { width, margin, below = 10 } = page;
  const room = width - margin.l - 12;
  const title = wrapText(page.title, room, letters.title, 2);
  const facts = page.facts.flatMap((fact) =>
    wrapText(fact, room, letters.subtitle, 3)
  );
  const factsTop = above + titleStep * title.length + 2;
  const legendTop = factsTop + factStep * facts.length + 2;
  const legend = page.legendRows === 0
    ? 0
    : rowsPadding + rowHeight * page.legendRows;
  const top = Math.round(legendTop + legend + below);
  const height = page.height ?? top + page.plotHeight! + margin.b;
  const plotHeight = height - top - margin.b;
  return {
    width,
    height,
    margin: { ...margin, t: top },
    font: { family, size: letters.text, color: ink },
    paper_bgcolor: none,
    plot_bgcolor: none,
    // Else plotly.js makes a dark block of a transparent background.
    modebar: { bgcolor: none, color: baseline, activecolor: ink },
    title: {
      text: title.map(asTyped).join("<br>"),
      font: { size: letters.title },
      x: 0,
      xref: "paper",
      xanchor: "left",
      // The first line's baseline, whatever the number of lines.
      y: 1 - (above + 0.75 * letters.title) / height,
      yref: "container",
      yanchor: "bottom",
    },
    showlegend: page.legendRows > 0,
    legend: page.legendRows === 0 ? undefined : {
      x: 0,
      xanchor: "left",
      y: 1 + (below - 4) / plotHeight,
      yanchor: "bottom",
      bgcolor: none,
    },
    hoverlabel: hover,
    annotations: [factsAnnotation(facts, top - factsTop)],
  };
}

function factsAnnotation(
  lines: readonly string[],
  yshift: number,
): Annotation {
  return {
    text: lines.map(asTyped).join("<br>"),
    x: 0,
    y: 1,
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "top",
    align: "left",
    yshift,
    showarrow: false,
    borderpad: 0,
    borderwidth: 0,
    font: { size: letters.subtitle },
  };
}

/**
 * Returns the room that a legend asks for with its entries side by side.
 *
 * @param names What they say: plain text.
 */
export function legendWidth(names: readonly string[]): number {
  return names.reduce(
    (sum, name) => sum + besideName + textWidth(name, letters.text),
    0,
  );
}

/**
 * Returns an axis of numbers.
 *
 * @param title What it measures: plain text.
 * @param range Both ends.
 */
export function valueAxis(
  title: string,
  range: readonly [number, number],
): Axis {
  return {
    type: "linear",
    title: { text: asTyped(title), font: { size: letters.text }, standoff: 8 },
    range,
    showgrid: false,
    zeroline: false,
    showline: true,
    linecolor: baseline,
    ticks: "outside",
    ticklen: 5,
    tickcolor: baseline,
    exponentformat: "e",
  };
}

/**
 * Returns an axis of densities, from 0 up.
 *
 * @param top Its upper end.
 */
export function densityAxis(top: number): Axis {
  return {
    type: "linear",
    title: { text: "density", font: { size: letters.text }, standoff: 8 },
    range: [0, top],
    gridcolor: grid,
    zeroline: false,
    exponentformat: "e",
    automargin: true,
  };
}

/**
 * Returns the free space about a plot of densities, in pixels: more at the left
 * where densities are written with an exponent.
 *
 * @param top The upper end of the axis.
 */
export function densityMargin(top: number): Page["margin"] {
  const plain = top > 1e-3 && top < 1e4;
  return { l: plain ? 70 : 90, r: 20, b: 52 };
}

/**
 * Returns the upper end of an axis from 0: a little above all heights.
 *
 * @param heights What is drawn.
 */
export function headroom(heights: readonly number[]): number {
  const highest = heights.reduce((a, b) => Math.max(a, b), 0);
  return highest > 0 ? 1.08 * highest : 1;
}

/**
 * Returns a range with a little free space at both ends.
 *
 * @param places What is drawn, not all in one place.
 */
export function padded(places: readonly number[]): [number, number] {
  const low = places.reduce((a, b) => Math.min(a, b));
  const high = places.reduce((a, b) => Math.max(a, b));
  const pad = 0.025 * (high - low);
  return [low - pad, high + pad];
}
