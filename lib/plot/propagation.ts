/**
 * Signals and gradients through depth.
 *
 * @module
 */

import { formatNumber } from "../core/format.ts";
import { cannot, describe } from "../core/options.ts";
import {
  headOf,
  type Propagation,
  type PropagationLayer,
  type Signal,
} from "../propagation/propagate.ts";
import { type FigureOptions, figureOptions } from "./change.ts";
import { type Figure, figureOf } from "./figure.ts";
import { framed } from "./frames.ts";
import { steps } from "./histogram.ts";
import { asciiMinus, asTyped, levels } from "./text.ts";
import {
  expected as expectedColor,
  grid,
  headroom,
  ink,
  mostAreas,
  outline,
  padded,
  palette,
  titleOfAxis,
  translucent,
  uprightAxis,
  valueAxis,
} from "./theme.ts";
import type { Axes, Axis, Layout, Points, ScatterTrace } from "./types.ts";

/** A quantity that `propagate` measures at each layer. */
export type SignalName =
  | "preactivations"
  | "activations"
  | "gradients"
  | "weightGradients";

/** One of the runs in a figure. */
interface NamedRun {
  /** Its name: plain text. */
  readonly name: string;
  /** Its layers. */
  readonly layers: readonly PropagationLayer[];
}

/** The colors of a run: what is measured, and what is expected. */
interface RunColors {
  /** What is measured. */
  readonly measured: string;
  /** What is expected. */
  readonly expected: string;
}

/** A panel of histograms: which quantity, and its number. */
interface HistogramPanel {
  /** The quantity. */
  readonly signal: SignalName;
  /** The number, from 1. */
  readonly panel: number;
}

/** A run with its line of facts. */
interface Run extends NamedRun {
  /** What it is: plain text. */
  readonly fact: string;
}

/** Options of {@linkcode propagation}. */
export interface PropagationFigureOptions extends FigureOptions {
  /** What to draw of the forward pass. Default: activations. */
  readonly forward?: "activations" | "preactivations";
  /** What to draw of the backward pass. Default: gradients. */
  readonly backward?: "gradients" | "weightGradients";
}

const markerSize = 6;
const ringSize = 15;
/** Beyond this factor between layers, each layer has an axis of its own. */
const oneScale = 30;
/**
 * If more than this share of the values is 0, their bin may exceed the axis.
 */
const manyZeros = 0.1;

/** A run with a peak this much higher than another's exceeds the axis. */
const peakRatio = 10;

/** The names of the quantities. */
const words: Readonly<Record<SignalName, string>> = {
  preactivations: "pre-activations",
  activations: "activations",
  gradients: "gradients",
  weightGradients: "weight gradients",
};

/** In pixels. */
const defaultWidth = 860;
const rowHeight = 210;
const lowestRow = 130;
const axisHeight = 56;
const between = 70;
const side = { l: 90, r: 20 };

/** The left and the right half, with room for labels between them. */
const sides = [[0, 0.44], [0.56, 1]] as const;

const action = "plot propagation";
const defaults = {
  forward: "activations" as "activations" | "preactivations",
  backward: "gradients" as "gradients" | "weightGradients",
};

/**
 * Returns a figure of runs of `propagate`: the standard deviation of signals
 * and of gradients by layer on a log axis, measured points over the dashed line
 * of mean-field theory; below them histograms at one layer, with a slider
 * through the layers.
 *
 * The histograms share one axis if the layers' standard deviations differ by
 * less than a factor of 30; otherwise each layer has its own. If many values
 * are 0, as after relu, their bin may exceed the axis, and so may a run with a
 * far higher peak than another. Runs without histograms (`bins: 0`) show only
 * the upper panels, and so does a figure too low for more.
 *
 * Traces, for signals and then for gradients: run by run the expected line if
 * there is one, and the points. Then the rings about the slider's layer, then the
 * histograms, panel by panel. Frames: one for each layer.
 *
 * @param source A run, or 1 to 7 runs keyed by the names to show.
 * @param options Which quantities, the title and the size.
 * @throws {TypeError} If an option or the source is of the wrong kind.
 * @throws {RangeError} If there are too many or no runs, or an option is out of
 * its interval.
 *
 * @example
 * ```ts
 * import { plot, propagate } from "@fanin/fanin";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const small = { depth: 4, width: 32, batch: 16 };
 * const figure = plot.propagation({
 *   Xavier: propagate({ ...small, init: "xavierNormal" }),
 *   Kaiming: propagate({ ...small, init: "kaimingNormal" }),
 * });
 * const [expected] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals(expected.name, "Xavier, expected");
 * assertAlmostEquals(expected.y[3] / expected.y[2], Math.SQRT1_2, 1e-9);
 * assertEquals(figure.frames!.length, 4);
 * ```
 */
export function propagation(
  source:
    | Propagation
    | Readonly<Record<string, Propagation>>
    | ReadonlyMap<string, Propagation>,
  options: PropagationFigureOptions = {},
): Figure {
  const given = figureOptions(action, options, defaults);
  const signals = [given.forward, given.backward];
  checkSignals(given.forward, ["activations", "preactivations"], "forward");
  checkSignals(given.backward, ["gradients", "weightGradients"], "backward");
  const runs = runsOf(source);
  const hasHistograms = runs.some(({ layers }) =>
    layers.some((layer) => layer[signals[0]].histogram !== null)
  );
  if (hasHistograms) {
    const layers = layersOf(runs);
    const figure = framed(
      layers.map((layer) => [
        String(layer),
        draw(runs, signals, layer, given),
      ]),
      {
        active: layers.length - 1,
        prefix: "Histograms at layer ",
        interval: 300,
        nameOf: (layer) => `layer ${layer}`,
      },
    );
    const { height, margin } = figure.layout as unknown as Layout;
    if (height - margin.t - margin.b >= 2 * lowestRow + between) return figure;
  }
  return draw(runs, signals, null, given);
}

/** The figure with histograms at a layer, or without. */
function draw(
  runs: readonly Run[],
  signals: readonly SignalName[],
  layer: number | null,
  given: FigureOptions,
): Figure {
  const panels = signals.map((signal, index) => ({ signal, panel: index + 3 }));
  const lines = signals.flatMap((signal, index) =>
    depthTraces(runs, signal, index + 1)
  );
  const below = layer === null ? [] : [
    ...signals.map((signal, index) =>
      ringTrace(ringPoints(runs, signal, layer), index + 1)
    ),
    ...panels.flatMap((panel) => histogramTraces(runs, panel, layer)),
  ];
  const dashed = runs.length === 1 ? [] : ["dashed: mean-field theory"];
  const isTall = layer !== null;
  return figureOf(
    {
      panels: [{
        title: "Signals and gradients through depth",
        facts: [...runs.map(({ fact }) => fact), ...dashed],
        traces: [...lines, ...below],
        axes: {
          ...depthAxes(runs, signals),
          ...isTall ? histogramAxes(runs, panels, layer) : {},
        },
        fit: ({ height }) => isTall ? rowsIn(height) : {},
        colors: runs.length === 1
          ? [[expectedColor], [outline]]
          : palette.slice(0, runs.length).map((color) => [color]),
        width: defaultWidth,
        margin: { ...side, b: axisHeight },
        plotHeight: isTall ? 2 * rowHeight + between : rowHeight,
      }],
      description: descriptionOf(runs, signals, isTall),
      text: textOf(runs, signals),
    },
    given,
    action,
  );
}

/** The domains of two rows, with room for labels between them. */
function rowsIn(height: number): Axes {
  const share = (1 - Math.min(between / height, 0.3)) / 2;
  return {
    yaxis: { domain: [1 - share, 1] },
    yaxis2: { domain: [1 - share, 1] },
    yaxis3: { domain: [0, share] },
    yaxis4: { domain: [0, share] },
  };
}

function checkSignals(
  value: string,
  names: readonly string[],
  option: string,
): void {
  if (!names.includes(value)) {
    throw new RangeError(
      cannot(
        action,
        `${option} must be one of ${names.join(", ")}`,
        describe(value),
      ),
    );
  }
}

function runsOf(source: unknown): Run[] {
  if (typeof source !== "object" || source === null) throw sourceError(source);
  const alone = "layers" in source && Array.isArray(source.layers);
  const entries: [string, Propagation][] = alone
    ? [["", source as Propagation]]
    : source instanceof Map
    ? [...source]
    : Object.entries(source);
  if (entries.length < 1 || entries.length > palette.length) {
    throw new RangeError(
      cannot(
        action,
        `there must be 1 to ${palette.length} runs`,
        entries.length,
      ),
    );
  }
  return entries.map(([name, run]) => {
    if (typeof name !== "string") throw sourceError(name);
    if (!Array.isArray(run?.layers)) throw sourceError(run);
    const fact = headOf(run);
    return {
      name: alone ? run.init : name,
      layers: run.layers,
      fact: alone ? fact : `${name}: ${fact}`,
    };
  });
}

function sourceError(value: unknown): TypeError {
  return new TypeError(
    cannot(
      action,
      "it must be what propagate returned, or an object of that by name",
      describe(value),
    ),
  );
}

function depthAxes(
  runs: readonly Run[],
  signals: readonly SignalName[],
): Axes {
  const layers = layerAxis(
    Math.max(...runs.map(({ layers }) => layers.length)),
  );
  const [left, right] = signals.map((signal) =>
    stdAxis(runs, signal, `std of ${words[signal]}`)
  );
  return {
    xaxis: { ...layers, domain: sides[0], anchor: "y" },
    yaxis: { ...left, anchor: "x" },
    xaxis2: { ...layers, domain: sides[1], anchor: "y2" },
    yaxis2: { ...right, anchor: "x2" },
  };
}

/** Returns the axis of layers. */
function layerAxis(depth: number): Axis {
  const most = 10;
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    .find((step) => depth / step <= most) ?? Math.ceil(depth / most);
  const tickvals = [1, ...multiples(step, depth)].filter((value, index, all) =>
    index === 0 || value > all[0]
  );
  // Leave room for whole rings at both ends.
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

/** Returns the log axis of standard deviations over all runs. */
function stdAxis(
  runs: readonly NamedRun[],
  signal: SignalName,
  title: string,
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
  // At least half a decade, or noise would look like a trend.
  const half = Math.max(0.25, exponents.length === 0 ? 0 : (high - low) / 2);
  return {
    type: "log",
    title: titleOfAxis(title),
    range: [middle - 1.1 * half, middle + 1.1 * half],
    gridcolor: grid,
    zeroline: false,
  };
}

/** A log axis has no place for 0 or for values that are not finite. */
function placed(std: number): number | null {
  return std > 0 && Number.isFinite(std) ? std : null;
}

function histogramAxes(
  runs: readonly Run[],
  panels: readonly HistogramPanel[],
  layer: number,
): Axes {
  const axes = panels.flatMap((one, index) => {
    const { x, y } = histogramRanges(runs, one, layer);
    const { automargin: _, ...upright } = uprightAxis("density", y);
    return [
      [`xaxis${one.panel}`, {
        ...valueAxis(words[one.signal], x),
        domain: sides[index],
        anchor: `y${one.panel}`,
      }],
      [`yaxis${one.panel}`, { ...upright, anchor: `x${one.panel}` }],
    ];
  });
  return Object.fromEntries(axes);
}

/** Returns the axes' ranges of one panel at one layer. */
function histogramRanges(
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

/** Whether all values are equal. */
function isSingle({ min, max }: Signal): boolean {
  return min === max;
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

/** The layers of the deepest run, from 1. */
function layersOf(runs: readonly NamedRun[]): number[] {
  const depth = Math.max(...runs.map(({ layers }) => layers.length));
  return Array.from({ length: depth }, (_, index) => index + 1);
}

/**
 * Returns the traces of one panel: for each run the measured points, and the
 * expected line where there is one. The legend has those of the first panel.
 */
function depthTraces(
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

/** Returns the names of a panel's axes in a trace. */
function axesOf(panel: number): { xaxis: string; yaxis: string } {
  const number = panel === 1 ? "" : String(panel);
  return { xaxis: `x${number}`, yaxis: `y${number}` };
}

/**
 * Returns the colors of runs: those of weights for one run, the palette for
 * several.
 */
function runColors(count: number): RunColors[] {
  return count === 1
    ? [{ measured: outline, expected: expectedColor }]
    : palette.slice(0, count)
      .map((color) => ({ measured: color, expected: color }));
}

/** Returns the trace of the rings. */
function ringTrace(points: Points, panel: number): ScatterTrace {
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

/** Returns the rings around the layer that the slider is set to. */
function ringPoints(
  runs: readonly NamedRun[],
  signal: SignalName,
  layer: number,
): Points {
  const there = runs.filter(({ layers }) => layers.length >= layer);
  return {
    x: there.map(() => layer),
    y: there.map(({ layers }) => placed(layers[layer - 1][signal].std)),
  };
}

/** Returns the outlines of one panel at one layer, one for each run. */
function histogramTraces(
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
function outlineOf(signal: Signal | undefined): Points {
  if (signal?.histogram) return steps(signal.histogram);
  if (signal === undefined || !isSingle(signal)) {
    return { x: [], y: [], customdata: [] };
  }
  const { min, count } = signal;
  return { x: [min, min], y: [0, 1], customdata: [0, count] };
}

function descriptionOf(
  runs: readonly Run[],
  signals: readonly SignalName[],
  histograms: boolean,
): string {
  const drawn = signals.map((signal) => words[signal]).join(" and ");
  const below = histograms ? ", and their histograms at the last layer" : "";
  const found = runs.map(({ fact, layers }) =>
    `${fact}: ${
      signals.map((signal) =>
        `${words[signal]} from ${formatNumber(layers[0][signal].std)} to ${
          formatNumber(layers.at(-1)![signal].std)
        }`
      ).join(", ")
    }`
  );
  return `Standard deviation of ${drawn} by layer on a log axis${below}. ${
    found.join(". ")
  }.`;
}

function textOf(
  runs: readonly Run[],
  signals: readonly SignalName[],
): string {
  const lines = runs.flatMap(({ fact, layers }) => [
    fact,
    ...signals.flatMap((signal) => {
      const stds = layers.map((layer) => layer[signal].std);
      const [first, last] = [stds[0], stds.at(-1)!].map((std) =>
        asciiMinus(formatNumber(std))
      );
      return [
        `  std of ${words[signal]}, first layer ${first}, last ${last}`,
        `  ${levels(stds)}`,
      ];
    }),
  ]);
  return [...lines, "the height is the logarithm of the std"].join("\n");
}
