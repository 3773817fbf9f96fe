/**
 * Histograms layer by layer: a plotly frame for each, and the slider that goes
 * through them.
 *
 * @module
 */

import type { Signal } from "../propagation/signal.ts";
import {
  axesOf,
  type NamedRun,
  ringPoints,
  runColors,
  type SignalName,
} from "./depth.ts";
import type { Slider } from "./layout.ts";
import { asTyped } from "./markup.ts";
import { steps } from "./outline.ts";
import { headroom, padded } from "./page.ts";
import { baseline, ink, letters, translucent } from "./theme.ts";
import type { Frame, FrameTrace, ScatterTrace } from "./traces.ts";

/** More areas than this over each other are mud. */
const mostAreas = 3;
/** Beyond this factor between layers, each layer has an axis of its own. */
const oneScale = 30;
/** Where more values than this are 0, their bin may go over the top. */
const manyZeros = 0.1;

/** A run this much more pointed than another goes over the top. */
const peakRatio = 10;

/** A panel of histograms: which quantity, and its number. */
export interface HistogramPanel {
  /** The quantity. */
  readonly signal: SignalName;
  /** The number, from 1. */
  readonly panel: number;
}

/**
 * Returns the outlines of one panel at one layer, one for each run.
 *
 * @param runs The runs.
 * @param panel The panel.
 * @param layer The layer, from 1.
 */
export function histogramTraces(
  runs: readonly NamedRun[],
  { signal, panel }: HistogramPanel,
  layer: number,
): ScatterTrace[] {
  const colors = runColors(runs.length);
  return runs.map(({ name, layers }, index) => ({
    type: "scatter",
    mode: "lines",
    ...axesOf(panel),
    ...outlineOf(layers[layer - 1]?.[signal]),
    showlegend: false,
    legendgroup: runs.length === 1 ? "measured" : String(index),
    line: { color: colors[index].measured, width: 1.5, shape: "hv" },
    fill: runs.length <= mostAreas ? "tozeroy" : "none",
    fillcolor: runs.length <= mostAreas
      ? translucent(colors[index].measured, 0.2)
      : undefined,
    hovertemplate: `${
      asTyped(name)
    }<br>bin from %{x:.4~g}<br>count %{customdata:,}<br>density %{y:.4~g}<extra></extra>`,
  }));
}

/** Equal values are a line; a layer that a run lacks is empty. */
function outlineOf(signal: Signal | undefined): FrameTrace {
  if (signal?.histogram) return steps(signal.histogram);
  if (signal === undefined || !isSingle(signal)) {
    return { x: [], y: [], customdata: [] };
  }
  const { min, count } = signal;
  return { x: [min, min], y: [0, 1], customdata: [0, count] };
}

/** Whether all values are one. */
function isSingle({ min, max }: Signal): boolean {
  return min === max;
}

/**
 * Returns the axes' ranges of one panel at one layer.
 *
 * @param runs The runs.
 * @param panel The panel.
 * @param layer The layer, from 1.
 */
export function histogramRanges(
  runs: readonly NamedRun[],
  { signal }: HistogramPanel,
  layer: number,
): { x: [number, number]; y: [number, number] } {
  const all = runs.flatMap(({ layers }) => layers.map((one) => one[signal]));
  const stds = all.map(({ std }) => std).filter((std) => std > 0);
  const [least, most] = [Math.min(...stds), Math.max(...stds)];
  const here = runs.flatMap(({ layers }) => layers[layer - 1]?.[signal] ?? []);
  const shown = most / least <= oneScale ? all : here;
  const ends = shown.flatMap((signal) => {
    const { histogram, min } = signal;
    if (histogram === null) return isSingle(signal) ? [min] : [];
    return [histogram.edges[0], histogram.edges.at(-1)!];
  });
  const peaks = here.map((signal) => Math.max(...heightsOf(signal)));
  const top = Math.min(Math.max(...peaks), peakRatio * Math.min(...peaks));
  const single = ends.every((end) => end === ends[0]);
  const middle = ends[0] ?? 0;
  return {
    x: single ? [middle - 1, middle + 1] : padded(ends),
    y: [0, headroom([top])],
  };
}

/** The densities that decide how high the axis goes. */
function heightsOf({ histogram, zeroShare }: Signal): number[] {
  if (histogram === null) return [1];
  const { edges, densities } = histogram;
  if (zeroShare < manyZeros) return [...densities];
  return densities.filter((_, bin) =>
    !(edges[bin] <= 0 && edges[bin + 1] >= 0)
  );
}

/**
 * Returns a frame for each layer.
 *
 * @param runs The runs.
 * @param depthPanels The quantities by layer, in the order of their rings.
 * @param panels The panels of histograms.
 * @param first Where in the data the rings begin, and after them the histograms,
 * panel by panel.
 */
export function depthFrames(
  runs: readonly NamedRun[],
  depthPanels: readonly SignalName[],
  panels: readonly HistogramPanel[],
  first: number,
): Frame[] {
  return layersOf(runs).map((layer) => {
    const data = [
      ...depthPanels.map((signal) => ringPoints(runs, signal, layer)),
      ...panels.flatMap(({ signal }) =>
        runs.map(({ layers }) => outlineOf(layers[layer - 1]?.[signal]))
      ),
    ];
    const ranges = panels.flatMap((panel) => {
      const { x, y } = histogramRanges(runs, panel, layer);
      return [
        [`xaxis${panel.panel}`, { range: x }],
        [`yaxis${panel.panel}`, { range: y }],
      ];
    });
    return {
      name: frameName(layer),
      data,
      traces: data.map((_, index) => first + index),
      layout: Object.fromEntries(ranges),
    };
  });
}

/**
 * Returns the slider through the layers, standing on the last.
 *
 * @param runs The runs.
 * @param top Free space above it, for the axis' labels, in pixels.
 */
export function depthSlider(runs: readonly NamedRun[], top: number): Slider {
  const layers = layersOf(runs);
  return {
    active: layers.length - 1,
    steps: layers.map((layer) => ({
      label: String(layer),
      method: "animate",
      args: [[frameName(layer)], {
        mode: "immediate",
        frame: { duration: 0, redraw: true },
        transition: { duration: 0 },
      }],
    })),
    currentvalue: {
      prefix: "Histograms at layer ",
      xanchor: "left",
      font: { size: letters.subtitle },
    },
    pad: { l: 0, r: 0, t: top, b: 0 },
    bgcolor: ink,
    activebgcolor: baseline,
    bordercolor: ink,
    tickcolor: ink,
    font: { size: letters.label },
  };
}

function frameName(layer: number): string {
  return `layer ${layer}`;
}

/** The layers of the deepest run, from 1. */
function layersOf(runs: readonly NamedRun[]): number[] {
  const depth = Math.max(...runs.map(({ layers }) => layers.length));
  return Array.from({ length: depth }, (_, index) => index + 1);
}
