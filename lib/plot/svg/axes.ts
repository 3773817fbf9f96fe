/**
 * The lines, ticks, labels and titles of axes in an SVG.
 *
 * @module
 */

import { letters, none } from "../theme.ts";
import { widthOf } from "../text.ts";
import type { Axis, Coordinates, Font, Layout, Trace } from "../types.ts";
import { drawText, element, paint } from "./element.ts";

/** A tick. */
interface Tick {
  /** Its place in the axis' units: an exponent, an index. */
  readonly value: number;
  /** What it says. */
  readonly text: string;
}

/** A box in pixels. */
export interface Box {
  /** The left edge. */
  readonly x: number;
  /** The upper edge. */
  readonly y: number;
  /** From left to right. */
  readonly width: number;
  /** From top to bottom. */
  readonly height: number;
}

/** An axis with its pixels. */
export interface Scale {
  /** Its name in traces: `x`, `y2`. */
  readonly id: string;
  /** The direction. */
  readonly letter: "x" | "y";
  /** Its layout. */
  readonly axis: Axis;
  /** The kind. */
  readonly type: "linear" | "log" | "category";
  /** The ends, as in the layout. */
  readonly range: readonly [number, number];
  /** The pixel of the first end. */
  readonly start: number;
  /** The pixel of the second end. */
  readonly end: number;
  /** The pixel of 0; on a log axis, that of its lower end. */
  readonly floor: number;
  /** Places a value; NaN where it has no place. */
  toPixel(value: number | string | null): number;
}

/** Numbers beyond these limits are written with an exponent. */
const plainPowers = 3;

/** From the axis or its ticks to the labels, in pixels. */
const labelGap = 3;

/**
 * Returns what lies behind the traces: grid lines and the line at 0.
 *
 * @param scale The axis.
 * @param across The axis that it crosses.
 */
export function drawGrid(scale: Scale, across: Scale): string {
  const { axis } = scale;
  const ticks = axis.showgrid === false ? [] : ticksOf(scale);
  const { gridcolor = "#eeeeee", zerolinecolor = "#444444" } = axis;
  const [low, high] = [Math.min(...scale.range), Math.max(...scale.range)];
  const hasZero = axis.zeroline !== false && scale.type === "linear" &&
    low <= 0 && high >= 0;
  const lines = ticks
    .filter(({ value }) => !(hasZero && value === 0))
    .map((tick) => line(scale, across, tick.value, gridcolor));
  if (hasZero) lines.push(line(scale, across, 0, zerolinecolor));
  return lines.join("");
}

/**
 * Returns what lies before the traces: the axis' line, ticks, labels, title.
 *
 * @param scale The axis.
 * @param across The axis that it crosses.
 * @param font The letters, complete.
 */
export function drawAxis(scale: Scale, across: Scale, font: Font): string {
  const { axis, letter } = scale;
  const tickfont = { ...font, ...axis.tickfont };
  const ticklen = axis.ticks === "outside" ? axis.ticklen ?? 5 : 0;
  const edge = across.start;
  const away = letter === "x" ? 1 : -1;
  const parts: string[] = [];
  if (axis.showline) {
    parts.push(segment(letter, scale.start, scale.end, edge, axis.linecolor));
  }
  const ticks = ticksOf(scale);
  const outer = edge + away * ticklen;
  if (ticklen > 0 && axis.tickcolor !== none) {
    parts.push(
      ...ticks.map(({ value }) =>
        segment(
          flip(letter),
          edge,
          outer,
          pixelOf(scale, value),
          axis.tickcolor,
        )
      ),
    );
  }
  const labeled = axis.showticklabels === false ? [] : ticks;
  parts.push(...labeled.map((tick) =>
    drawText(
      tick.text,
      letter === "x"
        ? {
          x: pixelOf(scale, tick.value),
          y: outer + labelGap + 0.95 * tickfont.size!,
          xanchor: "center",
          yanchor: "baseline",
        }
        : {
          x: outer - labelGap,
          y: pixelOf(scale, tick.value),
          xanchor: "right",
          yanchor: "middle",
        },
      tickfont,
    )
  ));
  parts.push(drawTitle(scale, outer, labeled, tickfont, font));
  return parts.join("");
}

/**
 * Returns the scales of all axes of a figure, by id.
 *
 * @param data The traces.
 * @param layout The layout.
 * @param area The plot's box.
 */
export function scalesOf(
  data: readonly Trace[],
  layout: Layout,
  area: Box,
): Map<string, Scale> {
  const used = data.flatMap((
    trace,
  ) => [trace.xaxis ?? "x", trace.yaxis ?? "y"]);
  const ids = [...new Set(["x", "y", ...used])].sort();
  const scales = new Map(
    ids.map((id) => [id, makeScale(id, data, layout, area)]),
  );
  for (const scale of scales.values()) {
    const other = scales.get(scale.axis.scaleanchor ?? "");
    if (other === undefined) continue;
    const shared = Math.min(perUnit(scale), perUnit(other));
    for (const one of [scale, other]) scales.set(one.id, shrink(one, shared));
  }
  return scales;
}

/**
 * Returns the width of a bar, in units of x.
 *
 * @param x The middles.
 * @param width What the trace says.
 * @param index Which bar.
 */
export function barWidth(
  x: Coordinates,
  width: number | readonly number[] | undefined,
  index: number,
): number {
  if (width === undefined) {
    const step = x.length > 1 ? Math.abs(Number(x[1]) - Number(x[0])) : 1;
    return (step || 1) * (1 - barGap);
  }
  return typeof width === "number" ? width : width[index];
}

/** What plotly.js leaves free between bars, as a share. */
const barGap = 0.2;

/** Returns the ticks of an axis. */
function ticksOf(scale: Scale): Tick[] {
  const { axis, type, range } = scale;
  const low = Math.min(...range);
  const high = Math.max(...range);
  if (axis.tickvals !== undefined) {
    return axis.tickvals.filter((value) => typeof value === "number")
      .map((value, index) => ({
        value: type === "log" ? Math.log10(value) : value,
        text: axis.ticktext?.[index] ?? String(value),
      }))
      .filter(({ value }) => value >= low && value <= high);
  }
  const length = Math.abs(scale.end - scale.start);
  const room = length / (scale.letter === "y" ? 40 : 80);
  const count = Math.min(9, Math.max(4, room)) + 1;
  if (type === "log") return logTicks(low, high, count);
  return linearTicks(low, high, roundStep((high - low) / count));
}

/** Whole powers of 10, every so many of them. */
function logTicks(low: number, high: number, count: number): Tick[] {
  const step = Math.max(1, Math.ceil((high - low) / count));
  const ticks: Tick[] = [];
  for (let power = Math.ceil(low); power <= high; power += step) {
    ticks.push({
      value: power,
      text: label(
        10 ** power,
        Math.abs(power) > plainPowers ? power : 0,
        Math.max(0, -power),
      ),
    });
  }
  return ticks;
}

function label(value: number, power: number, decimals: number): string {
  const text = (value / 10 ** power).toFixed(decimals).replace(
    /^-0(\.0*)?$/,
    "0",
  );
  const significand = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  const exponent = power === 0 || significand === "0"
    ? ""
    : `e${power < 0 ? "−" : "+"}${Math.abs(power)}`;
  return `${significand.replace("-", "−")}${exponent}`;
}

function linearTicks(low: number, high: number, step: number): Tick[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // So near float64's ends steps are 0 or infinite.
  if (!(last - first < 100)) return [];
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const rangePower = Math.floor(Math.log10(largest) + 0.01);
  const power = Math.abs(rangePower) > plainPowers ? rangePower : 0;
  const decimals = Math.max(0, power - Math.floor(Math.log10(step) + 0.01));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step;
    return { value, text: label(value, power, decimals) };
  });
}

/** The next of 2, 5 and 10 times a power of 10. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [2, 5, 10].find((factor) => factor * power >= step) ?? 10;
  return factor * power;
}

function line(
  scale: Scale,
  across: Scale,
  value: number,
  color: string | undefined,
): string {
  const at = pixelOf(scale, value);
  return segment(flip(scale.letter), across.start, across.end, at, color);
}

/** The pixel of a tick, given in the range's units. */
function pixelOf({ start, end, range }: Scale, value: number): number {
  return start + (value - range[0]) / (range[1] - range[0]) * (end - start);
}

/** A line along one direction; whole pixels and a half make it sharp. */
function segment(
  along: "x" | "y",
  from: number,
  to: number,
  at: number,
  color: string | undefined,
): string {
  const level = Math.floor(at + 1e-6) + 0.5;
  const d = along === "x"
    ? `M${Math.round(from)} ${level}H${Math.round(to)}`
    : `M${level} ${Math.round(from)}V${Math.round(to)}`;
  return element("path", { d, ...paint("stroke", color) });
}

function flip(letter: "x" | "y"): "x" | "y" {
  return letter === "x" ? "y" : "x";
}

function drawTitle(
  { axis, letter, start, end }: Scale,
  outer: number,
  ticks: readonly Tick[],
  tickfont: Font,
  font: Font,
): string {
  if (axis.title?.text === undefined) return "";
  const own = { ...font, ...axis.title.font };
  const standoff = axis.title.standoff ?? letters.text;
  const middle = (start + end) / 2;
  if (letter === "x") {
    const below = outer + labelGap + tickfont.size! + standoff;
    return drawText(axis.title.text, {
      x: middle,
      y: below,
      xanchor: "center",
      yanchor: "top",
    }, own);
  }
  const widest = Math.max(
    0,
    ...ticks.map((tick) => widthOf(tick.text, tickfont.size!)),
  );
  return drawText(axis.title.text, {
    x: Math.max(own.size!, outer - labelGap - widest - standoff),
    y: middle,
    xanchor: "center",
    yanchor: "baseline",
    upwards: true,
  }, own);
}

function makeScale(
  id: string,
  data: readonly Trace[],
  layout: Layout,
  area: Box,
): Scale {
  const letter = id[0] as "x" | "y";
  const axis = layout[`${letter}axis${id.slice(1)}` as "xaxis"] ?? {};
  const own = data.filter((trace) => (trace[`${letter}axis`] ?? letter) === id);
  const values = own.flatMap((trace) => trace[letter]);
  const type = axis.type ??
    (values.some((value) => typeof value === "string") ? "category" : "linear");
  const categories = type === "category"
    ? new Map([...new Set(values)].map((value, index) => [value, index]))
    : undefined;
  const given = axis.range?.every(Number.isFinite) &&
    axis.range[0] !== axis.range[1];
  const range = given
    ? axis.range!
    : autorange(own, letter, type, categories?.size);
  const [from, to] = axis.domain ?? [0, 1];
  const [start, end] = letter === "x"
    ? [area.x + from * area.width, area.x + to * area.width]
    : [
      area.y + (1 - from) * area.height,
      area.y + (1 - to) * area.height,
    ];
  const toUnit = (value: number | string | null) =>
    value === null
      ? NaN
      : type === "category"
      ? categories!.get(value) ?? Number(value)
      : type === "log"
      ? Math.log10(Number(value))
      : Number(value);
  return withPixels({ id, letter, axis, type, range, start, end }, toUnit);
}

/** The range of an axis whose layout gives none: all data, and 5 % more. */
function autorange(
  traces: readonly Trace[],
  letter: "x" | "y",
  type: Scale["type"],
  categories = 0,
): [number, number] {
  if (type === "category") return [-0.5, Math.max(1, categories) - 0.5];
  const values = traces.flatMap((trace) => {
    const numbers = trace[letter].filter((value) => value !== null).map(Number);
    if (trace.type !== "bar") return numbers;
    if (letter === "y") return [0, ...numbers];
    return numbers.flatMap((middle, index) => {
      const half = barWidth(trace.x, trace.width, index) / 2;
      return [middle - half, middle + half];
    });
  }).map((value) => type === "log" ? Math.log10(value) : value)
    .filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const pad = high > low ? 0.05 * (high - low) : 0.5;
  return [low - pad, high + pad];
}

function withPixels(
  scale: Omit<Scale, "toPixel" | "floor">,
  toUnit: (value: number | string | null) => number,
): Scale {
  const { start, end, range: [low, high] } = scale;
  const toPixel = (value: number | string | null) =>
    start + (toUnit(value) - low) / (high - low) * (end - start);
  return {
    ...scale,
    toPixel,
    floor: scale.type === "log" ? start : toPixel(0),
  };
}

function perUnit({ start, end, range: [low, high] }: Scale): number {
  return Math.abs((end - start) / (high - low));
}

/** Shrinks a scale so that a unit has a given number of pixels. */
function shrink(scale: Scale, pixels: number): Scale {
  const ratio = pixels / perUnit(scale);
  if (ratio >= 1) return scale;
  const spare = (scale.end - scale.start) * (1 - ratio);
  const { constraintoward } = scale.axis;
  const before = constraintoward === "left"
    ? 0
    : constraintoward === "top"
    ? spare
    : spare / 2;
  const start = scale.start + before;
  const end = start + (scale.end - scale.start) * ratio;
  return {
    ...scale,
    start,
    end,
    toPixel: (value) =>
      start +
      (scale.toPixel(value) - scale.start) / (scale.end - scale.start) *
        (end - start),
  };
}
