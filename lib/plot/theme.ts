/**
 * Colours, letters and sizes of all figures.
 *
 * A figure does not know the page it stands on: its background is transparent,
 * and every colour here is seen on white and on black.
 *
 * @module
 */

import type { Colorscale } from "./traces.ts";

/**
 * Axes, and all text: contrast 4.54 on white and 4.62 on black. Marks have
 * colours and text has none, since none of the palette reaches 4.5 on both.
 */
export const ink = "#767676";

/** Grid lines: the same grey, faint. */
export const grid = "rgba(118,118,118,0.22)";

/** The line on which bars stand. */
export const baseline = "rgba(118,118,118,0.7)";

/** No colour. */
export const none = "rgba(0,0,0,0)";

/** What is measured. */
export const measured = "#56b4e9";

/** The outline of what is measured. */
export const outline = "#0072b2";

/** What is expected. */
export const expected = "#d55e00";

/**
 * Colours of things side by side, told apart by colour-blind people too. Black
 * is left out, since it is not seen on black.
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
 * Colours of negative and positive values about a neutral grey. Blue and
 * orange differ for colour-blind people too, and darken evenly to both ends.
 */
export const diverging: Colorscale = [
  [0, "#004a9c"],
  [0.25, "#4d90cc"],
  [0.5, "#bebebe"],
  [0.75, "#de8b42"],
  [1, "#b24400"],
];

/** The letters: what the system has, sans serif. */
export const family =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** The box that hovering shows: seen on any page. */
export const hover = {
  bgcolor: "#2b2b2b",
  bordercolor: "#767676",
  font: { family, color: "#ffffff" },
  namelength: -1,
} as const;

/** Sizes of letters, in pixels. */
export const letters = {
  title: 17,
  subtitle: 13,
  text: 12,
  label: 11,
} as const;

/** The size of a figure where its content does not ask for another. */
export const size = { width: 700, height: 420 } as const;

/**
 * Returns a colour with an opacity, as `rgba()`.
 *
 * @param color `#rrggbb`.
 * @param opacity In [0, 1].
 */
export function translucent(color: string, opacity: number): string {
  return `rgba(${channelsOf(color).join(",")},${opacity})`;
}

/**
 * Returns a colour as pages write it: `rgb(r, g, b)`.
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
