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
  ringPoints,
  ringTrace,
  type SignalName,
} from "./depth.ts";
import { depthFrames, histogramTraces } from "./depth_frames.ts";
import { depthLayout, legendRoom, type Run, words } from "./depth_layout.ts";
import { Figure } from "./figure.ts";
import { formatNumber } from "./format.ts";
import { wrapText } from "./measure.ts";
import { type FigureOptions, figureOptions } from "./options.ts";
import { asciiMinus, levels } from "./picture.ts";
import { letters, palette } from "./theme.ts";

export type { SignalName };

/** Options of {@linkcode propagation}. */
export interface PropagationFigureOptions extends FigureOptions {
  /** What is drawn of the way forward. Default: activations. */
  readonly forward?: "activations" | "preactivations";
  /** What is drawn of the way back. Default: gradients. */
  readonly backward?: "gradients" | "weightGradients";
}

const action = "plot propagation";
const defaults = {
  forward: "activations" as "activations" | "preactivations",
  backward: "gradients" as "gradients" | "weightGradients",
};

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
 * (`bins: 0`) have the upper panels alone, and so has a figure too low
 * for more.
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
  source: Propagation | Readonly<Record<string, Propagation>>,
  options: PropagationFigureOptions = {},
): Figure {
  const given = figureOptions(action, options, defaults);
  const signals = [given.forward, given.backward];
  checkSignals(given.forward, ["activations", "preactivations"], "forward");
  checkSignals(given.backward, ["gradients", "weightGradients"], "backward");
  const runs = runsOf(source, legendRoom(given.width));
  const title = given.title ?? "Signals and gradients through depth";
  const { layout, histograms } = depthLayout(runs, signals, {
    ...given,
    title,
  });
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
    layout,
    frames: histograms
      ? depthFrames(runs, signals, panels, lines.length)
      : undefined,
    description: descriptionOf(runs, signals, histograms),
    text: textOf(title, runs, signals),
  });
}

function runsOf(
  source: Propagation | Readonly<Record<string, Propagation>>,
  room: number,
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
    const shown = alone ? run.init : name;
    return {
      name: wrapText(shown, room, letters.text, 1)[0],
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
