/**
 * Colors, letters and axes of all figures.
 *
 * @module
 */

import { asTyped } from "./text.ts";
import type { Axis, Colorscale, Margin, Range } from "./types.ts";

/**
 * Axes, and all text: contrast 4.54 on white and 4.62 on black. Only marks are
 * colored, since no color of the palette reaches 4.5 on both.
 */
export const ink = "#767676";

/** Grid lines: the same gray, faint. */
export const grid = "rgba(118,118,118,0.22)";

/** The line on which bars stand. */
export const baseline = "rgba(118,118,118,0.7)";

/** No color. */
export const none = "rgba(0,0,0,0)";

/** What is measured. */
export const measured = "#56b4e9";

/** The outline of what is measured. */
export const outline = "#0072b2";

/** What is expected. */
export const expected = "#d55e00";

/**
 * Colors of categories, which color-blind people can distinguish too. Black is
 * left out, since it is invisible on black.
 *
 * @see M. Okabe, K. Ito (2008), Color universal design
 */
export const palette = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#f0e442",
] as const;

/**
 * Colors of negative and positive values about a neutral gray. Blue and
 * orange differ for color-blind people too, and darken evenly to both ends.
 */
export const diverging: Colorscale = [
  [0, "#004a9c"],
  [0.25, "#4d90cc"],
  [0.5, "#bebebe"],
  [0.75, "#de8b42"],
  [1, "#b24400"],
];

/** The system's sans serif font. */
export const family =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Sizes of letters, in pixels. */
export const letters = {
  title: 17,
  subtitle: 13,
  text: 12,
  label: 11,
} as const;

/** The free space about a plot for which plotly.js is told nothing. */
export const plotlyMargin: Margin = { l: 80, r: 80, t: 100, b: 80 };

/** The size of a figure whose content does not require another. */
export const size = { width: 700, height: 420 } as const;

/** More areas than this over each other are unreadable. */
export const mostAreas = 3;

/**
 * Returns a color with an opacity, as `rgba()`.
 *
 * @param color `#rrggbb`.
 * @param opacity In [0, 1].
 */
export function translucent(color: string, opacity: number): string {
  return `rgba(${channelsOf(color).join(",")},${opacity})`;
}

/**
 * Returns a color as pages write it: `rgb(r, g, b)`.
 *
 * @param color `#rrggbb`.
 */
export function rgb(color: string): string {
  return `rgb(${channelsOf(color).join(", ")})`;
}

/**
 * Returns red, green and blue, in [0, 255].
 *
 * @param color `#rrggbb`.
 */
export function channelsOf(color: string): number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

/**
 * Returns an axis of numbers.
 *
 * @param title What it measures: plain text.
 * @param range Both ends.
 * @param type How numbers lie along it. Default: evenly.
 */
export function valueAxis(
  title: string,
  range: Range,
  type: "linear" | "log" = "linear",
): Axis {
  return {
    type,
    title: titleOfAxis(title),
    range: type === "log"
      ? [Math.log10(range[0]), Math.log10(range[1])]
      : range,
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
 * Returns an upright axis of numbers, with grid lines.
 *
 * @param title What it measures: plain text.
 * @param range Both ends.
 */
export function uprightAxis(title: string, range: Range): Axis {
  return {
    type: "linear",
    title: titleOfAxis(title),
    range,
    gridcolor: grid,
    zeroline: false,
    exponentformat: "e",
    automargin: true,
  };
}

/**
 * Returns an axis' title.
 *
 * @param text Plain text.
 * @param standoff From the labels, in pixels.
 */
export function titleOfAxis(text: string, standoff = 8): Axis["title"] {
  return { text: asTyped(text), font: { size: letters.text }, standoff };
}

/**
 * Returns the free space about a plot of densities, in pixels: more at the left
 * if densities are written with an exponent.
 *
 * @param top The upper end of the axis.
 */
export function densityMargin(top: number): Omit<Margin, "t"> {
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
 * Returns a range with a little free space at both ends, wide enough for its
 * ends to differ after rounding.
 *
 * @param places What is drawn.
 */
export function padded(places: readonly number[]): [number, number] {
  const low = places.reduce((a, b) => Math.min(a, b));
  const high = places.reduce((a, b) => Math.max(a, b));
  const pad = Math.max(
    0.025 * (high - low),
    1e-9 * Math.max(Math.abs(low), Math.abs(high)),
    smallest,
  );
  return [low - pad, high + pad];
}

/** Ticks of a narrower range could not be told apart in float64. */
const smallest = 1e-290;
