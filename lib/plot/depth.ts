/**
 * Standard deviations by layer, measured and expected, on a log axis.
 *
 * @module
 */

import type { PropagationLayer } from "../propagation/result.ts";
import { formatNumber } from "./format.ts";
import type { Axis } from "./layout.ts";
import { asTyped } from "./markup.ts";
import { valueAxis } from "./page.ts";
import {
  expected as expectedColor,
  grid,
  ink,
  letters,
  outline,
  palette,
  translucent,
} from "./theme.ts";
import type { FrameTrace, ScatterTrace } from "./traces.ts";

/** A quantity that `propagate` measures at each layer. */
export type SignalName =
  | "preactivations"
  | "activations"
  | "gradients"
  | "weightGradients";

/** One of the runs in a figure. */
export interface NamedRun {
  /** Its name: plain text. */
  readonly name: string;
  /** Its layers. */
  readonly layers: readonly PropagationLayer[];
}

/** The colours of a run: what is measured, and what is expected. */
export interface RunColors {
  /** What is measured. */
  readonly measured: string;
  /** What is expected. */
  readonly expected: string;
}

const markerSize = 6;
const ringSize = 15;
/** From one label of a log axis to the next, at least, in pixels. */
const tickRoom = 22;

/**
 * Returns the colours of runs: one alone as weights have them, several by the palette.
 *
 * @param count How many runs there are.
 */
export function runColors(count: number): RunColors[] {
  return count === 1
    ? [{ measured: outline, expected: expectedColor }]
    : palette.slice(0, count)
      .map((color) => ({ measured: color, expected: color }));
}

/**
 * Returns the traces of one panel: for each run the measured points, and the
 * expected line where there is one. The legend has those of the first panel.
 *
 * @param runs The runs.
 * @param signal The quantity.
 * @param panel The panel's number, from 1.
 */
export function depthTraces(
  runs: readonly NamedRun[],
  signal: SignalName,
  panel: number,
): ScatterTrace[] {
  const axes = axesOf(panel);
  const colors = runColors(runs.length);
  return runs.flatMap(({ name, layers }, index): ScatterTrace[] => {
    const alone = runs.length === 1;
    const label = asTyped(name);
    const x = layers.map(({ layer }) => layer);
    const own = { type: "scatter", ...axes, x } as const;
    const measured: ScatterTrace = {
      ...own,
      mode: "markers",
      name: alone ? "measured" : label,
      legendgroup: alone ? "measured" : String(index),
      showlegend: panel === 1,
      y: layers.map((layer) => placed(layer[signal].std)),
      marker: { color: colors[index].measured, size: markerSize },
      hovertemplate: `${label}<br>layer %{x}<br>std %{y:.4~g}<extra></extra>`,
    };
    if (layers.every((layer) => layer[signal].expected === null)) {
      return [measured];
    }
    return [{
      ...own,
      mode: "lines",
      name: alone ? "expected by mean-field theory" : `${label}, expected`,
      legendgroup: alone ? "expected" : String(index),
      showlegend: alone && panel === 1,
      y: layers.map((layer) => placed(layer[signal].expected?.std ?? 0)),
      line: { color: colors[index].expected, width: 1.5, dash: "4px,3px" },
      hovertemplate:
        `${label}<br>layer %{x}<br>expected %{y:.4~g}<extra></extra>`,
    }, measured];
  });
}

/**
 * Returns the rings about the layer that the slider stands on.
 *
 * @param runs The runs.
 * @param signal The quantity.
 * @param layer The layer, from 1.
 */
export function ringPoints(
  runs: readonly NamedRun[],
  signal: SignalName,
  layer: number,
): FrameTrace {
  const there = runs.filter(({ layers }) => layers.length >= layer);
  return {
    x: there.map(() => layer),
    y: there.map(({ layers }) => placed(layers[layer - 1][signal].std)),
  };
}

/**
 * Returns the trace of the rings.
 *
 * @param points Where they are.
 * @param panel The panel's number, from 1.
 */
export function ringTrace(points: FrameTrace, panel: number): ScatterTrace {
  return {
    type: "scatter",
    mode: "markers",
    ...axesOf(panel),
    ...points,
    showlegend: false,
    hoverinfo: "skip",
    marker: { color: translucent(ink, 0.45), size: ringSize },
  };
}

/**
 * Returns the names of a panel's axes in a trace.
 *
 * @param panel The panel's number, from 1.
 */
export function axesOf(panel: number): { xaxis: string; yaxis: string } {
  const number = panel === 1 ? "" : String(panel);
  return { xaxis: `x${number}`, yaxis: `y${number}` };
}

/** A log axis has no place for 0, nor for what is not finite. */
function placed(std: number): number | null {
  return std > 0 && Number.isFinite(std) ? std : null;
}

/**
 * Returns the axis of layers.
 *
 * @param depth How many there are at most.
 */
export function layerAxis(depth: number): Axis {
  const most = 10;
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    .find((step) => depth / step <= most) ?? Math.ceil(depth / most);
  const tickvals = [1, ...multiples(step, depth)].filter((value, index, all) =>
    index === 0 || value > all[0]
  );
  // Rings at both ends are to be whole.
  const pad = Math.max(0.5, 0.03 * depth);
  return {
    ...valueAxis("layer", [1 - pad, depth + pad]),
    tickmode: "array",
    tickvals,
    ticktext: tickvals.map(String),
  };
}

function multiples(step: number, last: number): number[] {
  return Array.from(
    { length: Math.floor(last / step) },
    (_, index) => step * (index + 1),
  );
}

/**
 * Returns the log axis of standard deviations over all runs.
 *
 * @param runs The runs.
 * @param signal The quantity.
 * @param title What it measures: plain text.
 * @param pixels How long it is.
 */
export function stdAxis(
  runs: readonly NamedRun[],
  signal: SignalName,
  title: string,
  pixels: number,
): Axis {
  const exponents = runs.flatMap(({ layers }) =>
    layers.flatMap((layer) => [
      layer[signal].std,
      layer[signal].expected?.std ?? 0,
    ])
  ).map(placed).filter((std) => std !== null).map(Math.log10);
  const low = exponents.reduce((a, b) => Math.min(a, b), Infinity);
  const high = exponents.reduce((a, b) => Math.max(a, b), -Infinity);
  const middle = exponents.length === 0 ? 0 : (low + high) / 2;
  // Half a decade at least, or noise would look like a trend.
  const half = Math.max(0.25, exponents.length === 0 ? 0 : (high - low) / 2);
  const range = [middle - 1.1 * half, middle + 1.1 * half] as const;
  const most = Math.min(8, Math.max(2, Math.floor(pixels / tickRoom)));
  const tickvals = logTicks(...range, most);
  return {
    type: "log",
    title: { text: asTyped(title), font: { size: letters.text }, standoff: 8 },
    range,
    tickmode: "array",
    tickvals,
    ticktext: tickvals.map((value) => formatNumber(value)),
    gridcolor: grid,
    zeroline: false,
  };
}

/** Powers of 10, every so many; between few of them 2 and 5 times one too. */
function logTicks(low: number, high: number, most: number): number[] {
  const stride = Math.max(1, Math.ceil((high - low) / most));
  const factors = 3 * (high - low) < most ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= high; power++) {
    if (power % stride !== 0) continue;
    for (const factor of factors) {
      const tick = Number(`${factor}e${power}`);
      if (Math.log10(tick) >= low && Math.log10(tick) <= high) ticks.push(tick);
    }
  }
  return ticks;
}
