/**
 * The common parts of all figures: colors and fonts, a transparent background,
 * a head of title, facts and legend above the plot, and options.
 *
 * @module
 */

import { cannot, describe, withDefaults } from "../core/options.ts";
import { asTyped, textWidth, wrapText } from "./text.ts";
import type { Annotation, Axis, Colorscale, Layout } from "./types.ts";

/** The head of a figure and its room. */
export interface Page {
  /** Plain text; up to two lines, then `…`. */
  readonly title: string;
  /** Plain text, one line each; broken if it does not fit. */
  readonly facts: readonly string[];
  /** How many rows the legend has. */
  readonly legendRows: number;
  /** In pixels. */
  readonly width: number;
  /** Free space between the head and the plot, for labels. Default: 10. */
  readonly below?: number;
  /** In pixels, with the head; alternatively, the height of the plot alone. */
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

/** Options of all figures. */
export interface FigureOptions {
  /** The title. Default: the name of what the values belong to. */
  readonly title?: string;
  /** The width in pixels, in [480, 4000]. Default: 700, or by the content. */
  readonly width?: number;
  /** The height in pixels, in [300, 4000]. Default: by the content. */
  readonly height?: number;
}

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

/** The hover box, visible on any page. */
const hover = {
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

/** The size of a figure whose content does not require another. */
export const size = { width: 700, height: 420 } as const;

/** In pixels, from top to bottom. */
const above = 12;
const titleStep = 22;
const factStep = 1.3 * letters.subtitle;
const rowHeight = 19;
const rowsPadding = 10;
/** The symbol of a legend's entry and its free space. */
export const besideName = 45;

const shared: FigureOptions = {
  title: undefined,
  width: undefined,
  height: undefined,
};

/**
 * Returns the title of a figure as plotly reads it, if it has one.
 *
 * @param figure The figure.
 */
export function titleIn(
  { layout }: { readonly layout: object },
): string | undefined {
  return (layout as Partial<Layout>).title?.text;
}

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
    // Otherwise plotly.js turns a transparent background into a dark block.
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

/**
 * Returns the width of a legend with its entries side by side.
 *
 * @param names Their texts: plain text.
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
 * if densities are written with an exponent.
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

/**
 * Returns the options of a figure with their defaults, checked where all
 * figures share them.
 *
 * @param action What is being done, for the error message.
 * @param options What the caller gave.
 * @param defaults The figure's own options.
 * @throws {TypeError} If an option is unknown or of the wrong kind.
 * @throws {RangeError} If a size is out of its interval.
 */
export function figureOptions<T extends object>(
  action: string,
  options: unknown,
  defaults: T,
): T & FigureOptions {
  const given = withDefaults(action, options, { ...shared, ...defaults });
  if (given.title !== undefined && typeof given.title !== "string") {
    throw new TypeError(
      cannot(action, "title must be a string", describe(given.title)),
    );
  }
  checkPixels(action, "width", given.width, 480);
  checkPixels(action, "height", given.height, 300);
  return given;
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

function checkPixels(
  action: string,
  name: string,
  pixels: number | undefined,
  fewest: number,
): void {
  if (pixels === undefined) return;
  if (!Number.isInteger(pixels) || pixels < fewest || pixels > 4000) {
    throw new RangeError(
      cannot(
        action,
        `${name} must be an integer in [${fewest}, 4000]`,
        describe(pixels),
      ),
    );
  }
}
