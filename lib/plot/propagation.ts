/**
 * Signals and gradients through depth.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import type { Propagation } from "../propagation/result.ts";
import { headOf } from "../propagation/text.ts";
import {
  depthTraces,
  layerAxis,
  type NamedRun,
  ringPoints,
  ringTrace,
  type SignalName,
  stdAxis,
} from "./depth.ts";
import {
  depthFrames,
  depthSlider,
  histogramRanges,
  histogramTraces,
} from "./depth_frames.ts";
import { Figure } from "./figure.ts";
import { formatNumber } from "./format.ts";
import type { Layout } from "./layout.ts";
import { type FigureOptions, figureOptions } from "./options.ts";
import { legendWidth, pageLayout, valueAxis } from "./page.ts";
import { asciiMinus, levels } from "./picture.ts";
import { grid, letters, palette } from "./theme.ts";

export type { SignalName };

/** Options of {@linkcode propagation}. */
export interface PropagationFigureOptions extends FigureOptions {
  /** What is drawn of the way forward. Default: activations. */
  readonly forward?: "activations" | "preactivations";
  /** What is drawn of the way back. Default: gradients. */
  readonly backward?: "gradients" | "weightGradients";
}

const action = "plot propagation";
const words: Readonly<Record<SignalName, string>> = {
  preactivations: "pre-activations",
  activations: "activations",
  gradients: "gradients",
  weightGradients: "weight gradients",
};
const defaults = {
  forward: "activations" as "activations" | "preactivations",
  backward: "gradients" as "gradients" | "weightGradients",
};

/** In pixels. */
const defaultWidth = 860;
const rowHeight = 210;
const sliderHeight = 86;
const axisHeight = 56;
const between = 70;

/**
 * Returns a figure of runs of `propagate`: the standard deviation of signals and
 * of gradients by layer on a log axis, measured points over the dashed line of
 * mean-field theory; below, their histograms at one layer, with a slider
 * through the layers.
 *
 * The histograms' axis is one for all layers where their standard deviations
 * differ by less than a factor of 30, else each layer's own. Where many values
 * are 0, as after relu, their bin may go over the top, and so may a run far more
 * pointed than another. Runs without histograms
 * (`bins: 0`) have the upper panels alone.
 *
 * Traces, for signals and then for gradients: run by run the expected line if
 * there is one, and the points. Then the rings about the slider's layer, then the
 * histograms, panel by panel. Frames: one for each layer.
 *
 * @param source A run, or 1 to 7 runs by the names to show.
 * @param options Which quantities, the title and the size.
 * @throws {TypeError} If an option or the source is of a wrong kind.
 * @throws {RangeError} If there are too many or no runs, or an option is out of
 * its interval.
 *
 * @example
 * ```ts
 * import { plot, propagate } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const small = { depth: 4, width: 32, batch: 16 };
 * const figure = plot.propagation({
 *   Xavier: propagate({ ...small, init: "xavierNormal" }),
 *   Kaiming: propagate({ ...small, init: "kaimingNormal" }),
 * });
 * const [expected] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals(expected.name, "Xavier, expected");
 * assertEquals(expected.y[3] / expected.y[2], Math.SQRT1_2);
 * assertEquals(figure.frames!.length, 4);
 * ```
 */
export function propagation(
  source: Propagation | Readonly<Record<string, Propagation>>,
  options: PropagationFigureOptions = {},
): Figure {
  const given = figureOptions(action, options, defaults);
  const signals = [given.forward, given.backward];
  checkSignals(given.forward, ["activations", "preactivations"], "forward");
  checkSignals(given.backward, ["gradients", "weightGradients"], "backward");
  const runs = runsOf(source);
  const title = given.title ?? "Signals and gradients through depth";
  const histograms = runs.some(({ layers }) =>
    layers.some((layer) => layer.activations.histogram !== null)
  );
  const panels = signals.map((signal, index) => ({ signal, panel: index + 3 }));
  const last = Math.max(...runs.map(({ layers }) => layers.length));
  const lines = signals.flatMap((signal, index) =>
    depthTraces(runs, signal, index + 1)
  );
  const below = histograms
    ? [
      ...signals.map((signal, index) =>
        ringTrace(ringPoints(runs, signal, last), index + 1)
      ),
      ...panels.flatMap((panel) => histogramTraces(runs, panel, last)),
    ]
    : [];
  return new Figure({
    title,
    data: [...lines, ...below],
    layout: layoutOf(runs, signals, histograms, { ...given, title }),
    frames: histograms
      ? depthFrames(runs, signals, panels, lines.length)
      : undefined,
    description: descriptionOf(runs, signals, histograms),
    text: textOf(title, runs, signals),
  });
}

/** A run of the caller's, with its line of facts. */
interface Run extends NamedRun {
  readonly fact: string;
}

function runsOf(
  source: Propagation | Readonly<Record<string, Propagation>>,
): Run[] {
  if (typeof source !== "object" || source === null) throw sourceError(source);
  const alone = Array.isArray(source.layers);
  const entries: [string, Propagation][] = alone
    ? [["", source as Propagation]]
    : Object.entries(source as Readonly<Record<string, Propagation>>);
  if (entries.length < 1 || entries.length > palette.length) {
    throw new RangeError(
      `Cannot ${action} as there must be 1 to ${palette.length} runs: current value is ${entries.length}`,
    );
  }
  return entries.map(([name, run]) => {
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
    `Cannot ${action} as it must be what propagate returned, or an object of that by name: current value is ${
      describe(value)
    }`,
  );
}

function checkSignals(
  value: string,
  names: readonly string[],
  option: string,
): void {
  if (!names.includes(value)) {
    throw new RangeError(
      `Cannot ${action} as ${option} must be one of ${
        names.join(", ")
      }: current value is ${describe(value)}`,
    );
  }
}

function layoutOf(
  runs: readonly Run[],
  signals: readonly SignalName[],
  histograms: boolean,
  given: FigureOptions & { readonly title: string },
): Layout {
  const { width = defaultWidth } = given;
  const margin = {
    l: 70,
    r: 20,
    b: axisHeight + (histograms ? sliderHeight : 0),
  };
  const names = runs.length === 1
    ? ["measured", "expected by mean-field theory"]
    : runs.map(({ name }) => name);
  const beside = legendWidth(names) <= width - margin.l - margin.r;
  const dashed = runs.length === 1 ? [] : ["dashed: mean-field theory"];
  const page = pageLayout({
    title: given.title,
    facts: [...runs.map(({ fact }) => fact), ...dashed],
    legendRows: beside ? 1 : names.length,
    width,
    height: given.height,
    plotHeight: histograms ? 2 * rowHeight + between : rowHeight,
    margin,
  });
  const plotHeight = page.height - page.margin.t - margin.b;
  const gap = between / plotHeight;
  const top = histograms ? [(1 + gap) / 2, 1] as const : [0, 1] as const;
  return {
    ...page,
    legend: {
      ...page.legend,
      orientation: beside ? "h" : "v",
      tracegroupgap: 0,
    },
    hovermode: "closest",
    ...depthAxes(runs, signals, top),
    ...histograms ? histogramAxes(runs, signals, (1 - gap) / 2) : {},
    sliders: histograms ? [depthSlider(runs, axisHeight)] : undefined,
  };
}

/** The left and the right half, with room for labels between them. */
const sides = [[0, 0.44], [0.56, 1]] as const;

function depthAxes(
  runs: readonly Run[],
  signals: readonly SignalName[],
  domain: readonly [number, number],
): Partial<Layout> {
  const depth = Math.max(...runs.map(({ layers }) => layers.length));
  const layers = layerAxis(depth);
  const [left, right] = signals.map((signal) => ({
    ...stdAxis(runs, signal, `std of ${words[signal]}`),
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
  title: string,
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
  return [title, ...lines, "the height is the logarithm of the std"].join("\n");
}
