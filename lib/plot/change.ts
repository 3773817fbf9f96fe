/**
 * The options of all figures, and how they change what is drawn: by a `plot`
 * function at once, or later by `figure.with`.
 *
 * @module
 */

import { cannot, describe, isPlain, withDefaults } from "../core/options.ts";
import {
  axisCount,
  axisOf,
  type LegendPlace,
  merged,
  type Panel,
  renamed,
  type Sheet,
} from "./page.ts";
import { asTyped } from "./text.ts";
import { expected, letters, palette } from "./theme.ts";
import type {
  Annotation,
  Axis,
  Coordinates,
  LayoutShape,
  Margin,
  Range,
  TitleText,
  Trace,
} from "./types.ts";

/**
 * A part of a figure in plotly.js's form: a trace, a layout or a frame.
 *
 * @internal
 */
export interface PlotlyObject {
  /** The value, as plotly.js's reference describes it. */
  readonly [name: string]: unknown;
}

/**
 * A line of the caller's: a function of x, points, or abscissas and ordinates.
 *
 * @internal
 */
export type Curve =
  | ((x: number) => number)
  | readonly (readonly [x: number, y: number])[]
  | { readonly x: readonly number[]; readonly y: readonly number[] };

/** Options of all figures, and of `figure.with`. */
export interface FigureOptions {
  /** The title. Default: the name of what the values belong to. */
  readonly title?: string;
  /** The width in pixels, in [480, 4000]. Default: 700, or by the content. */
  readonly width?: number;
  /** The height in pixels, in [300, 4000]. Default: by the content. */
  readonly height?: number;
  /**
   * `#rrggbb` for each kind of mark, in the order in which they are drawn; for a
   * heat map its scale, from the lowest value to the highest.
   */
  readonly colors?: readonly string[];
  /**
   * Members of plotly's x axis; the title may be plain text. With the type
   * `log` its range is one of exponents.
   */
  readonly xaxis?: PlotlyObject;
  /** Members of plotly's y axis, likewise. */
  readonly yaxis?: PlotlyObject;
  /** Where the legend stands. Default: `top`, between the facts and the plot. */
  readonly legend?: "top" | "right" | "bottom" | "none";
  /** Lines over the plot by name, or one: a function of x, or points. */
  readonly curves?: Curve | Readonly<Record<string, Curve>>;
  /** Plotly's traces, drawn over the others. */
  readonly traces?: readonly PlotlyObject[];
  /** Plotly's annotations. */
  readonly annotations?: readonly PlotlyObject[];
  /** Anything else of plotly's layout. */
  readonly layout?: PlotlyObject;
}

/** The options, with what the layout said of them. */
interface Gathered extends FigureOptions {
  readonly shapes?: readonly PlotlyObject[];
  readonly margin?: Partial<Margin>;
}

/** How many points of a function are drawn. */
const segments = 240;

/** On a log axis, how far below its range an added line may go, in decades. */
const decadesBelow = 3;

const places: readonly LegendPlace[] = ["top", "right", "bottom", "none"];

const shared: FigureOptions = {
  title: undefined,
  width: undefined,
  height: undefined,
  colors: undefined,
  xaxis: undefined,
  yaxis: undefined,
  legend: undefined,
  curves: undefined,
  traces: undefined,
  annotations: undefined,
  layout: undefined,
};

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
  const given = withDefaults(action, options, { ...defaults, ...shared });
  const check = (name: string, isRight: boolean, rule: string) => {
    const value = given[name as keyof FigureOptions];
    if (value === undefined || isRight) return;
    throw new TypeError(
      cannot(action, `${name} must be ${rule}`, describe(value)),
    );
  };
  const { title, colors, legend, traces, annotations } = given;
  check("title", typeof title === "string", "a string");
  checkPixels(action, "width", given.width, 480);
  checkPixels(action, "height", given.height, 300);
  check("colors", areColors(colors), "an array of #rrggbb");
  for (const name of ["xaxis", "yaxis", "layout"] as const) {
    check(name, isPlain(given[name]), "a plain object");
  }
  check("traces", areObjects(traces), "an array of plotly's traces");
  check("annotations", areObjects(annotations), "an array of plotly's");
  if (legend !== undefined && !places.includes(legend)) {
    throw new RangeError(
      cannot(
        action,
        `legend must be one of ${places.join(", ")}`,
        describe(legend),
      ),
    );
  }
  if (given.curves !== undefined) curvesOf(action, given.curves);
  return given;
}

/**
 * Returns panels with the options of all figures put in force.
 *
 * @param action What is being done, for the error message.
 * @param sheet The panels.
 * @param given The options, checked.
 * @throws {TypeError} If a part does not suit the figure.
 * @throws {RangeError} If an axis cannot have the type asked for.
 */
export function changedSheet<S extends Sheet>(
  action: string,
  sheet: S,
  given: FigureOptions,
): S {
  const options = gathered(given);
  const { title, width, height } = options;
  const single = sheet.panels.length === 1;
  let before = 0;
  const panels = sheet.panels.map((panel, index) => {
    const first = before + 1;
    before += axisCount(panel);
    const own = partOf(options, first, before, index === 0);
    const changed = changedPanel(action, panel, own);
    return single && title !== undefined ? { ...changed, title } : changed;
  });
  return {
    ...sheet,
    panels,
    title: single ? sheet.title : title ?? sheet.title,
    width: width ?? sheet.width,
    height: height ?? sheet.height,
    layout: merged(sheet.layout ?? {}, options.layout!),
  };
}

/**
 * Returns the options with what the layout says of title, size, axes and
 * annotations as options of their own.
 *
 * @param given The options.
 */
export function gathered({ layout = {}, ...given }: FigureOptions): Gathered {
  const { title, width, height, xaxis, yaxis, ...rest } = layout;
  const { annotations = [], shapes = [], margin = {}, ...others } = rest;
  const isText = typeof title === "string" || title === undefined;
  const { text, ...style } = isText ? { text: title } : title as TitleText;
  return {
    ...given,
    title: given.title ?? text,
    width: given.width ?? width as number | undefined,
    height: given.height ?? height as number | undefined,
    xaxis: merged(xaxis ?? {}, given.xaxis ?? {}) as PlotlyObject,
    yaxis: merged(yaxis ?? {}, given.yaxis ?? {}) as PlotlyObject,
    annotations: [...given.annotations ?? [], ...annotations as []],
    shapes: shapes as PlotlyObject[],
    margin: margin as Partial<Margin>,
    layout: isText ? others : { ...others, title: style },
  };
}

/**
 * Returns an axis with a title that may be plain text.
 *
 * @param axis Plotly's members.
 */
export function axisChange({ title, ...axis }: PlotlyObject): PlotlyObject {
  if (typeof title !== "string") {
    return title === undefined ? axis : { ...axis, title };
  }
  return {
    ...axis,
    title: { text: asTyped(title), font: { size: letters.text } },
  };
}

/**
 * Returns the caller's lines as traces.
 *
 * @param action What is being done, for the error message.
 * @param curves The lines.
 * @param axis The x axis, over whose range functions are drawn.
 * @param used The colors that others have.
 */
export function curveTraces(
  action: string,
  curves: NonNullable<FigureOptions["curves"]>,
  axis: Axis,
  used: readonly string[] = [],
): Trace[] {
  const free = palette.filter((color) => !used.includes(color));
  return curvesOf(action, curves).map(([name, curve], index) => ({
    type: "scatter",
    mode: "lines",
    name: asTyped(name),
    ...pointsOf(action, name, curve, axis),
    line: { color: free[index % free.length], width: 2.5 },
  }));
}

/** The part of the changes that concerns axes from `first` to `last`. */
function partOf(
  given: Gathered,
  first: number,
  last: number,
  isFirst: boolean,
): Gathered {
  const here = (items: readonly PlotlyObject[] = [], keys: readonly string[]) =>
    items.flatMap((item) => {
      const ref = keys.map((key) => item[key]).find((ref) => ref !== "paper");
      const number = Number(/^[xy](\d+)/.exec(String(ref))?.[1] ?? 1);
      if (number < first || number > last) return [];
      const moved = keys.filter((key) => key in item).map((key) => [
        key,
        renamed(String(item[key]), 1 - first),
      ]);
      return [{ ...item, ...Object.fromEntries(moved) }];
    });
  const refs = ["xref", "yref"];
  return {
    ...isFirst ? given : { colors: given.colors, legend: given.legend },
    margin: given.margin,
    traces: here(given.traces, ["xaxis", "yaxis"]),
    annotations: here(given.annotations, refs),
    shapes: here(given.shapes, refs),
  };
}

function changedPanel(action: string, panel: Panel, given: Gathered): Panel {
  const { colors, legend, xaxis = {}, yaxis = {}, margin } = given;
  let changed = colors === undefined ? panel : recolored(action, panel, colors);
  if (legend !== undefined) changed = { ...changed, legend };
  changed = withAxis(action, changed, "xaxis", xaxis);
  changed = withAxis(action, changed, "yaxis", yaxis);
  const added = [...given.traces ?? []] as unknown as Trace[];
  if (given.curves !== undefined) {
    const { xaxis = {} } = changed.axes;
    const used = changed.colors.flat();
    added.push(...curveTraces(action, given.curves, xaxis, used));
  }
  const items = (list: readonly PlotlyObject[] = []) =>
    list.map((item) => ({ xref: "x", yref: "y", ...item }));
  return {
    ...changed,
    margin: { ...changed.margin, ...margin },
    traces: [...changed.traces, ...added],
    axes: Object.fromEntries(
      Object.entries(changed.axes).map(([name, axis]) => {
        const isFixed = given[name as "xaxis"]?.range !== undefined;
        return [name, isFixed ? axis : extended(axis, name, added)];
      }),
    ),
    annotations: [
      ...changed.annotations ?? [],
      ...items(given.annotations) as unknown as Annotation[],
    ],
    shapes: [
      ...changed.shapes ?? [],
      ...items(given.shapes) as unknown as LayoutShape[],
    ],
  };
}

/** Puts members into an axis; another type brings another range. */
function withAxis(
  action: string,
  panel: Panel,
  name: "xaxis" | "yaxis",
  given: PlotlyObject,
): Panel {
  if (Object.keys(given).length === 0) return panel;
  const axis = panel.axes[name] ?? {};
  const change = axisChange(given);
  const { type } = given;
  const base = type === undefined || type === (axis.type ?? "linear")
    ? axis
    : retyped(action, panel, name, type);
  return {
    ...panel,
    axes: { ...panel.axes, [name]: merged(base, change) as Axis },
  };
}

/** An axis of another type, over all that is drawn. */
function retyped(
  action: string,
  panel: Panel,
  name: "xaxis" | "yaxis",
  type: unknown,
): Axis {
  const axis = panel.axes[name] ?? {};
  const fail = (rule: string, got?: string | number): never => {
    throw new RangeError(cannot(action, rule, got));
  };
  if (type !== "log" && type !== "linear") {
    return fail(`${name}.type must be linear or log`, describe(type));
  }
  if (!isScale(axis)) {
    fail(`${name}.type must be left out, as it is no scale of numbers`);
  }
  const letter = name[0] as "x" | "y";
  if (letter === "x" && panel.binned !== undefined) {
    fail(
      `the values must be binned anew for another type of x axis: give ${panel.binned} { xaxis: { type: "${type}" } }`,
    );
  }
  const own = panel.traces.filter((trace) => axisOf(trace, letter) === name);
  const places = placesOf(own, letter);
  const lowest = places.reduce((a, b) => Math.min(a, b), Infinity);
  const { tickvals: _, ticktext: __, tickmode: ___, ...rest } = axis;
  if (type === "linear") {
    return { ...rest, type, range: around(places, "linear") };
  }
  if (lowest < 0) fail(`a log ${name} must have values above 0`, lowest);
  const bars = own.filter((trace) => trace.type === "bar");
  const counted = bars.length > 0 ? placesOf(bars, letter) : places;
  const range = around(counted.filter((value) => value > 0), "log");
  const highest = Math.log10(places.reduce((a, b) => Math.max(a, b), 0));
  return { ...rest, type, range: [range[0], Math.max(range[1], highest)] };
}

/** Whether labels of an axis are its numbers. */
function isScale({ type, tickvals, ticktext, showticklabels }: Axis): boolean {
  const named = ticktext !== undefined &&
    ticktext.some((text, index) => text !== String(tickvals?.[index]));
  return type === "log" ||
    type !== "category" && showticklabels !== false && !named;
}

function around(places: readonly number[], type: "linear" | "log"): Range {
  const ends = places.map((value) => type === "log" ? Math.log10(value) : value)
    .filter(Number.isFinite);
  if (ends.length === 0) return [0, 1];
  const low = ends.reduce((a, b) => Math.min(a, b));
  const high = ends.reduce((a, b) => Math.max(a, b));
  const pad = Math.max(0.03 * (high - low), type === "log" ? 0.18 : 1e-9);
  return [low - (type === "linear" && low === 0 ? 0 : pad), high + pad];
}

/** All that traces reach along an axis; bars stand on 0. */
function placesOf(traces: readonly Trace[], letter: "x" | "y"): number[] {
  return traces.flatMap((trace) => {
    const given = (trace[letter] ?? []) as Coordinates;
    const numbers = Array.from(given).filter((value) =>
      typeof value === "number" && Number.isFinite(value)
    ) as number[];
    if (trace.type !== "bar") return numbers;
    if (letter === "y") return [0, ...numbers];
    const { width } = trace;
    const half = (index: number) =>
      (typeof width === "number" ? width : width?.[index] ?? 0) / 2;
    return numbers.flatMap((x, index) => [x - half(index), x + half(index)]);
  });
}

/** A range that makes room for what is added. */
function extended(axis: Axis, name: string, added: readonly Trace[]): Axis {
  const { range, type } = axis;
  const letter = name[0] as "x" | "y";
  const traces = added.filter((trace) => axisOf(trace, letter) === name);
  if (range === undefined || !isScale(axis) && type !== "log") return axis;
  const isLog = type === "log";
  const flipped = range[0] > range[1];
  const [low, high] = flipped ? [range[1], range[0]] : range;
  const places = placesOf(traces, letter)
    .map((value) => isLog ? Math.log10(value) : value).filter(Number.isFinite);
  const least = places.reduce((a, b) => Math.min(a, b), low);
  const most = places.reduce((a, b) => Math.max(a, b), high);
  const pad = 0.03 * (most - least);
  const ends: Range = [
    least < low
      ? Math.max(least - pad, isLog ? low - decadesBelow : -Infinity)
      : low,
    most > high ? most + pad : high,
  ];
  return ends[0] === low && ends[1] === high
    ? axis
    : { ...axis, range: flipped ? [ends[1], ends[0]] : ends };
}

/** Each color in use, with and without an opacity, becomes the new one. */
function recolored(
  action: string,
  panel: Panel,
  colors: readonly string[],
): Panel {
  const maps = panel.traces.some(({ type }) => type === "heatmap");
  const most = maps ? Infinity : panel.colors.length;
  if (colors.length > most || maps && colors.length === 1) {
    throw new RangeError(
      cannot(
        action,
        maps ? "colors must be at least 2" : `colors must be at most ${most}`,
        colors.length,
      ),
    );
  }
  const full = colors.map(longColor);
  const pairs = maps
    ? []
    : panel.colors.flatMap((group, index) =>
      group.map((old) => [old, full[index] ?? old] as const)
    );
  const byChannels = new Map(pairs.map(([old, now]) => [channels(old), now]));
  const change = (value: unknown, key = ""): unknown => {
    if (typeof value === "string") {
      const [, base = "", alpha] =
        /^(?:rgba\(([\d,]+),([\d.]+)\))$/.exec(value) ?? [];
      const now = byChannels.get(base || channels(value));
      return now === undefined
        ? value
        : alpha === undefined
        ? now
        : `rgba(${channels(now)},${alpha})`;
    }
    if (!isPlain(value) || key === "customdata") return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        maps && name === "colorscale"
          ? full.map((color, index) => [index / (full.length - 1), color])
          : change(item, name),
      ]),
    );
  };
  return {
    ...panel,
    traces: panel.traces.map((trace) => change(trace) as Trace),
    shapes: panel.shapes?.map((shape) => change(shape) as typeof shape),
    markColor: change(panel.markColor ?? expected) as string,
    colors: panel.colors.map((group, index) =>
      full[index] === undefined || maps ? group : [full[index]]
    ),
  };
}

function channels(color: string): string {
  return /^#[\da-f]{6}$/i.test(color)
    ? [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)).join(",")
    : color;
}

/** `#rgb` as `#rrggbb`. */
function longColor(color: string): string {
  return color.length === 4 ? color.replace(/[^#]/g, "$&$&") : color;
}

function areColors(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 &&
    value.every((color) =>
      typeof color === "string" && /^#([\da-f]{3}|[\da-f]{6})$/i.test(color)
    );
}

function areObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isPlain);
}

/** The lines by name; a single one is called what it is. */
function curvesOf(
  action: string,
  curves: NonNullable<FigureOptions["curves"]>,
): [string, Curve][] {
  const isCurve = (value: unknown): value is Curve =>
    typeof value === "function" || Array.isArray(value) ||
    isPlain(value) && ["x", "y"].every((key) => Array.isArray(value[key]));
  const entries: [string, unknown][] = isCurve(curves)
    ? [["own curve", curves]]
    : isPlain(curves)
    ? Object.entries(curves)
    : [["", undefined]];
  for (const [name, curve] of entries) {
    if (isCurve(curve)) continue;
    throw new TypeError(
      cannot(
        action,
        `${
          name === "" ? "curves" : `curves.${name}`
        } must be a function of x or points`,
        describe(name === "" ? curves : curve),
      ),
    );
  }
  return entries as [string, Curve][];
}

function pointsOf(
  action: string,
  name: string,
  curve: Curve,
  axis: Axis,
): { readonly x: number[]; readonly y: (number | null)[] } {
  if (typeof curve !== "function") {
    const pairs = "x" in curve
      ? curve.x.map((x, index) => [x, curve.y[index]] as const)
      : curve;
    return { x: pairs.map(([x]) => x), y: pairs.map(([, y]) => finite(y)) };
  }
  if (axis.range === undefined || !isScale(axis)) {
    throw new TypeError(
      cannot(action, "curves must be left out, as x is no scale of numbers"),
    );
  }
  const [from, to] = axis.range;
  const x = Array.from({ length: segments + 1 }, (_, index) => {
    const place = from + (to - from) * index / segments;
    return axis.type === "log" ? 10 ** place : place;
  });
  const y = x.map((place) => {
    const value: unknown = curve(place);
    if (typeof value === "number") return finite(value);
    throw new TypeError(
      cannot(action, `curves.${name} must return a number`, describe(value)),
    );
  });
  return { x, y };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
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
