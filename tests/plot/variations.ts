/**
 * Every kind of figure with changes, beside another, and as a state: for checks
 * that hold for all.
 *
 * @module
 */

import { plot, propagate, tensor } from "../../mod.ts";
import { figures, hostile } from "./figures.ts";

/** A trace of the caller's, with a name that would do harm. */
const own = {
  type: "scatter",
  mode: "markers",
  name: "<b>own</b>",
  x: [0.02, 0.05, 0.09],
  y: [0.5, 1, 3],
} as const;

const positive = tensor([0.01, 0.1, 0.2, 0.5, 0.5, 3, 40]);
const matrix = tensor([[0.1, 0.2], [3, 40], [0.5, -0.5]]);

/** One figure of each kind, by name. */
export const kinds: Readonly<Record<string, () => plot.Figure>> = {
  weights: figures.weights_uniform,
  compare: figures.compare,
  spectrum: figures.spectrum_normal,
  quantiles: figures.quantiles_known,
  layers: figures.layers,
  kernels: figures.kernels_conv,
  fan: figures.fan_conv,
  propagation: figures.propagation,
  violin: () =>
    new plot.Figure({
      data: [{ type: "violin", y: [1, 2, 2, 3, 9] }],
      layout: { title: "Mine" },
    }),
  bars: () => new plot.Figure({ data: [{ type: "bar", y: [1, 3, 2] }] }),
};

/** The kinds with log axes, where these go. */
export const logs: Readonly<Record<string, () => plot.Figure>> = {
  "weights, log y": () => kinds.weights().with({ yaxis: { type: "log" } }),
  "weights, log x": () =>
    plot.weights(tensor([-1, 0.5, 0, 2, 300]), { xaxis: { type: "log" } }),
  "weights, theory, log x": () =>
    plot.weights(tensor([-1, 0.5, 0, 2, 3]), {
      xaxis: { type: "log" },
      theory: { kind: "normal", mean: 0, std: 2 },
    }),
  "weights, both log": () =>
    plot.weights(positive, { layout: { xaxis: { type: "log" } } })
      .with({ yaxis: { type: "log" } }),
  "compare, log y": () => kinds.compare().with({ yaxis: { type: "log" } }),
  "compare, log x": () =>
    plot.compare({ a: positive, b: matrix }, { xaxis: { type: "log" } }),
  "spectrum, log x": () => plot.spectrum(matrix, { xaxis: { type: "log" } }),
  "spectrum, log y": () => kinds.spectrum().with({ yaxis: { type: "log" } }),
  "quantiles, both log": () =>
    plot.quantiles(positive, {
      theory: { kind: "uniform", low: 0.1, high: 50 },
      xaxis: { type: "log" },
      yaxis: { type: "log" },
    }),
  "layers, log x": () =>
    plot.layers({ positive, other: tensor([1, 2, 4, 8]) }, {
      range: [0.01, 50],
    }),
  "propagation, log x": () =>
    plot.propagation(propagate({ depth: 3, width: 8, batch: 4, bins: 0 }), {
      xaxis: { type: "log" },
      layout: { xaxis2: { type: "log", range: [-0.1, 0.6] } },
    }),
  "propagation, linear": () =>
    kinds.propagation().with({ yaxis: { type: "linear" } }),
};

/** Figures changed, beside each other, and as states. */
export function variations(): [string, plot.Figure][] {
  const all = { ...kinds, ...logs };
  const made: [string, plot.Figure][] = [];
  for (const [name, make] of Object.entries(all)) {
    const figure = make();
    const changed = figure.with({
      title: hostile.join(" "),
      width: 640,
      legend: "right",
      traces: [own],
      annotations: [{ x: 0.05, y: 0.5, text: "here" }],
      layout: { shapes: [{ type: "rect", x0: 0, x1: 1, y0: 0, y1: 1 }] },
    });
    made.push([name, figure], [`${name}, changed`, changed]);
    if (figure.frames !== undefined) continue;
    const other = plot.weights(tensor([1, 2, 2, 5]), { legend: "bottom" });
    made.push(
      [`${name}, beside`, plot.beside([changed, other, figure])],
      [
        `${name}, frames`,
        plot.frames({ [hostile[4]]: figure, other, "3": changed }),
      ],
    );
  }
  return made;
}
