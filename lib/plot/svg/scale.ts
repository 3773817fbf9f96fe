/**
 * Axes as the SVG writer draws them: from values to pixels.
 *
 * @module
 */

import type { Axis, Layout } from "../layout.ts";
import type { Coordinates, Trace } from "../traces.ts";

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

/** An axis that knows its pixels. */
export interface Scale {
  /** As traces name it: `x`, `y2`. */
  readonly id: string;
  /** The direction. */
  readonly letter: "x" | "y";
  /** What the layout says of it. */
  readonly axis: Axis;
  /** The kind. */
  readonly type: "linear" | "log" | "category";
  /** The ends, as in the layout. */
  readonly range: readonly [number, number];
  /** The pixel of the first end. */
  readonly start: number;
  /** The pixel of the second end. */
  readonly end: number;
  /** Places a value; NaN where it has no place. */
  toPixel(value: number | string | null): number;
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
  const range = axis.range ?? autorange(own, letter, type, categories?.size);
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

function withPixels(
  scale: Omit<Scale, "toPixel">,
  toUnit: (value: number | string | null) => number,
): Scale {
  const { start, end, range: [low, high] } = scale;
  return {
    ...scale,
    toPixel: (value) =>
      start + (toUnit(value) - low) / (high - low) * (end - start),
  };
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
    return x.length > 1 ? Number(x[1]) - Number(x[0]) : 1;
  }
  return typeof width === "number" ? width : width[index];
}

function perUnit({ start, end, range: [low, high] }: Scale): number {
  return Math.abs((end - start) / (high - low));
}

/** Makes a scale's pixels fewer, so that a unit has as many as asked. */
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
