/**
 * Several figures beside and under each other, as one.
 *
 * @module
 */

import { cannot, describe } from "../core/options.ts";
import { axisOf, type Panel } from "./page.ts";
import { type FigureOptions, figureOptions } from "./change.ts";
import { Figure, figureOf, makingOf } from "./figure.ts";
import type { Axis, Range } from "./types.ts";

/**
 * Options of {@linkcode beside}.
 *
 * @internal
 */
export interface BesideOptions extends FigureOptions {
  /** How many stand in a row, in [1, 4]. Default: 2. */
  readonly columns?: number;
  /** Whether all share the range of the x axis. Default: false. */
  readonly shareX?: boolean;
  /** Whether all share the range of the y axis. Default: false. */
  readonly shareY?: boolean;
}

const action = "put figures beside each other";
const most = 24;
const defaults = { columns: 2, shareX: false, shareY: false };

/**
 * Returns one figure with several in rows, each with its title, facts,
 * annotations and legend.
 *
 * Traces and axes come in the order of the figures: the second figure's axes are
 * `x2` and `y2` where the first has one of each.
 *
 * @param figures 1 to 24 figures without frames.
 * @param options Columns, shared axes, a title over all, and the size.
 * @throws {TypeError} If an option or a figure is of the wrong kind.
 * @throws {RangeError} If there are too few or too many, one has frames, bars
 * stand differently in two, or axes cannot be shared.
 *
 * @example
 * ```ts
 * import { nn, plot } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.Linear(64, 32);
 * const figure = plot.beside([plot.weights(layer), plot.quantiles(layer)]);
 * assertEquals(figure.data[0].xaxis, "x");
 * assertEquals(figure.data.at(-1)!.xaxis, "x2");
 * ```
 */
export function beside(
  figures: readonly Figure[],
  options: BesideOptions = {},
): Figure {
  const { columns, shareX, shareY, ...given } = figureOptions(
    action,
    options,
    defaults,
  );
  if (!Number.isInteger(columns) || columns < 1 || columns > 4) {
    throw new RangeError(
      cannot(action, "columns must be an integer in [1, 4]", describe(columns)),
    );
  }
  for (const [name, value] of Object.entries({ shareX, shareY })) {
    if (typeof value === "boolean") continue;
    const rule = `${name} must be true or false`;
    throw new TypeError(cannot(action, rule, describe(value)));
  }
  const drawings = drawingsOf(figures);
  let panels = drawings.flatMap((drawing) => drawing.panels);
  if (shareX) panels = shared(panels, "xaxis");
  if (shareY) panels = shared(panels, "yaxis");
  return figureOf(
    {
      panels,
      columns,
      shareX,
      shareY,
      layout: { barmode: barModes(figures)[0] },
      description: drawings.map(({ description }) => description).join(" "),
      text: figures.map(String).join("\n\n"),
    },
    given,
    action,
  );
}

function drawingsOf(figures: unknown) {
  if (!Array.isArray(figures)) {
    throw new TypeError(
      cannot(action, "they must be an array of figures", describe(figures)),
    );
  }
  if (figures.length < 1 || figures.length > most) {
    const rule = `there must be 1 to ${most} figures`;
    throw new RangeError(cannot(action, rule, figures.length));
  }
  for (const [index, figure] of figures.entries()) {
    if (figure instanceof Figure) continue;
    const rule = `figure ${index} must be a figure`;
    throw new TypeError(cannot(action, rule, describe(figure)));
  }
  const modes = barModes(figures);
  if (modes.length > 1) {
    const rule = "their bars must have one barmode";
    throw new RangeError(cannot(action, rule, modes.join(" and ")));
  }
  return (figures as readonly Figure[]).map((figure, index) => {
    const { drawing } = makingOf(figure);
    if (drawing !== undefined && figure.frames === undefined) return drawing;
    throw new RangeError(
      cannot(action, "there must be no figure with frames", `figure ${index}`),
    );
  });
}

/** How bars of several traces stand, where figures have such. */
function barModes(figures: readonly Figure[]): string[] {
  const several = figures.filter(({ data }) =>
    data.filter(({ type }) => type === "bar" || type === "histogram")
      .length > 1
  );
  const modes = several.map(({ layout }) => String(layout.barmode ?? "group"));
  return [...new Set(modes)];
}

/** Gives all panels one range, from the least end to the greatest. */
function shared(panels: readonly Panel[], name: "xaxis" | "yaxis"): Panel[] {
  const axes = panels.map((panel): Axis => panel.axes[name] ?? {});
  const types = new Set(axes.map(({ type = "linear" }) => type));
  const ranges = axes.map(({ range }, index) =>
    range ?? extent(panels[index], name)
  );
  const isTied = axes.some(({ scaleanchor, ticktext, type, tickvals }) =>
    scaleanchor !== undefined || type === "category" ||
    ticktext?.some((text, index) => text !== String(tickvals?.[index]))
  );
  if (types.size > 1 || isTied || ranges.includes(undefined)) {
    throw new RangeError(
      cannot(
        action,
        `the ${
          name[0]
        } axes must be scales of numbers of one type to be shared`,
        [...types].join(", "),
      ),
    );
  }
  const ends = (ranges as Range[]).flat();
  const range: Range = [Math.min(...ends), Math.max(...ends)];
  return panels.map((panel, index) => ({
    ...panel,
    axes: { ...panel.axes, [name]: { ...axes[index], range } },
  }));
}

/** What the traces of a panel without a range span, if they have numbers. */
function extent({ traces }: Panel, name: "xaxis" | "yaxis"): Range | undefined {
  const letter = name[0] as "x" | "y";
  const numbers = traces.filter((trace) => axisOf(trace, letter) === name)
    .flatMap((trace) => Array.from(trace[letter] ?? []))
    .filter((value) => typeof value === "number");
  if (numbers.length === 0) return undefined;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const pad = Math.max(0.05 * (high - low), 1e-9);
  return [low - pad, high + pad];
}
