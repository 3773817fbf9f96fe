/**
 * The layout of signals through depth: two panels of standard deviations, and
 * below them two of histograms with a slider where there is room.
 *
 * @module
 */

import { layerAxis, type NamedRun, type SignalName, stdAxis } from "./depth.ts";
import { depthSlider, histogramRanges } from "./depth_frames.ts";
import type { Layout } from "./layout.ts";
import type { FigureOptions } from "./options.ts";
import { besideName, legendWidth, pageLayout, valueAxis } from "./page.ts";
import { grid, letters } from "./theme.ts";

/** A run with its line of facts. */
export interface Run extends NamedRun {
  /** What it is: plain text. */
  readonly fact: string;
}

/** The quantities in words. */
export const words: Readonly<Record<SignalName, string>> = {
  preactivations: "pre-activations",
  activations: "activations",
  gradients: "gradients",
  weightGradients: "weight gradients",
};

/** In pixels. */
const defaultWidth = 860;
const rowHeight = 210;
const lowestRow = 130;
const sliderHeight = 86;
const axisHeight = 56;
const between = 70;
const side = { l: 90, r: 20 };

/**
 * Returns how wide a name in the legend may be, in pixels.
 *
 * @param width The figure's width, if one is asked for.
 */
export function legendRoom(width: number = defaultWidth): number {
  return width - side.l - side.r - besideName;
}

/** A layout, and whether it has the lower panels. */
export interface DepthLayout {
  /** The layout. */
  readonly layout: Layout;
  /** Whether there are histograms. */
  readonly histograms: boolean;
}

/**
 * Returns the layout; with histograms where runs have some and they fit.
 *
 * @param runs The runs.
 * @param signals The quantities, from left to right.
 * @param given The title and the size.
 */
export function depthLayout(
  runs: readonly Run[],
  signals: readonly SignalName[],
  given: FigureOptions & { readonly title: string },
): DepthLayout {
  const full = pageOf(runs, given, true);
  const histograms = plotHeightOf(full) >= 2 * lowestRow + between &&
    runs.some(({ layers }) =>
      layers.some((layer) => layer[signals[0]].histogram !== null)
    );
  const page = histograms ? full : pageOf(runs, given, false);
  const height = plotHeightOf(page);
  const row = histograms ? (height - between) / 2 : height;
  const share = row / height;
  return {
    histograms,
    layout: {
      ...page,
      hovermode: "closest",
      ...depthAxes(runs, signals, [1 - share, 1], row),
      ...histograms ? histogramAxes(runs, signals, share) : {},
      sliders: histograms ? [depthSlider(runs, axisHeight)] : undefined,
    },
  };
}

/** The head, the margins and the size, for one row of panels or for two. */
function pageOf(
  runs: readonly Run[],
  { title, width = defaultWidth, height }: FigureOptions & { title: string },
  histograms: boolean,
): Layout {
  const b = axisHeight + (histograms ? sliderHeight : 0);
  const names = runs.length === 1
    ? ["measured", "expected by mean-field theory"]
    : runs.map(({ name }) => name);
  const beside = legendWidth(names) <= width - side.l - side.r;
  const dashed = runs.length === 1 ? [] : ["dashed: mean-field theory"];
  const page = pageLayout({
    title,
    facts: [...runs.map(({ fact }) => fact), ...dashed],
    legendRows: beside ? 1 : names.length,
    width,
    height,
    plotHeight: histograms ? 2 * rowHeight + between : rowHeight,
    margin: { ...side, b },
  });
  const orientation = beside ? "h" : "v";
  return { ...page, legend: { ...page.legend, orientation, tracegroupgap: 0 } };
}

function plotHeightOf({ height, margin }: Layout): number {
  return height - margin.t - margin.b;
}

/** The left and the right half, with room for labels between them. */
const sides = [[0, 0.44], [0.56, 1]] as const;

function depthAxes(
  runs: readonly Run[],
  signals: readonly SignalName[],
  domain: readonly [number, number],
  pixels: number,
): Partial<Layout> {
  const depth = Math.max(...runs.map(({ layers }) => layers.length));
  const layers = layerAxis(depth);
  const [left, right] = signals.map((signal) => ({
    ...stdAxis(runs, signal, `std of ${words[signal]}`, pixels),
    domain,
  }));
  return {
    xaxis: { ...layers, domain: sides[0], anchor: "y" },
    yaxis: { ...left, anchor: "x" },
    xaxis2: { ...layers, domain: sides[1], anchor: "y2" },
    yaxis2: { ...right, anchor: "x2" },
  };
}

function histogramAxes(
  runs: readonly Run[],
  signals: readonly SignalName[],
  top: number,
): Partial<Layout> {
  const last = Math.max(...runs.map(({ layers }) => layers.length));
  const axes = signals.map((signal, index) => {
    const panel = index + 3;
    const { x, y } = histogramRanges(runs, { signal, panel }, last);
    return [
      [`xaxis${panel}`, {
        ...valueAxis(words[signal], x),
        domain: sides[index],
        anchor: `y${panel}`,
      }],
      [`yaxis${panel}`, {
        type: "linear",
        title: {
          text: "density",
          font: { size: letters.text },
          standoff: 8,
        },
        range: y,
        domain: [0, top],
        anchor: `x${panel}`,
        gridcolor: grid,
        zeroline: false,
        exponentformat: "e",
      }],
    ];
  });
  return Object.fromEntries(axes.flat());
}
