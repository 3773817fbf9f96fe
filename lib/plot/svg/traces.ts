/**
 * Draws the marks of traces, and tells which traces it can draw.
 *
 * @module
 */

import { diverging, translucent } from "../theme.ts";
import type {
  BarTrace,
  Coordinates,
  HeatmapTrace,
  Layout,
  Line,
  ScatterTrace,
  Trace,
} from "../types.ts";
import { barWidth, type Scale } from "./axes.ts";
import { drawCells } from "./heatmap.ts";
import { type Attributes, element, paint, rounded } from "./element.ts";

type Point = readonly [number, number];
type Given = Readonly<Record<string, unknown>>;

/** Plotly's colors of traces that have none. */
const colorway = [
  ...["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd"],
  ...["#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"],
];

/** Members that change what is drawn in ways this writer does not know. */
const unknown: Readonly<Record<Trace["type"], readonly string[]>> = {
  bar: ["base", "offset", "x0", "y0", "error_x", "error_y"],
  scatter: ["stackgroup", "x0", "y0", "error_x", "error_y"],
  heatmap: ["x0", "y0", "zsmooth", "coloraxis", "reversescale", "transpose"],
};

const modes = ["lines", "markers", "lines+markers"];
const fills = ["none", "tozeroy", "toself"];
const shapes = ["linear", "hv"];
const dashes = /^(solid|dot|dash|[\d.]+px,[\d.]+px)$/;
const date = /^\d{4}-\d\d(-|$)/;

/**
 * Returns traces with what plotly.js adds to them, and the kinds of those that
 * are not drawn here.
 *
 * @param data Any traces.
 * @param layout The layout.
 */
export function drawableTraces(
  data: readonly object[],
  layout: Layout,
): { readonly traces: Trace[]; readonly others: string[] } {
  const traces: Trace[] = [];
  const others: string[] = [];
  for (const [index, given] of (data as readonly Given[]).entries()) {
    if (given.visible === false) continue;
    const trace = completed(given, index, layout);
    if (trace === undefined) others.push(String(given.type ?? "scatter"));
    else traces.push(trace);
  }
  return { traces: grouped(traces, layout), others: [...new Set(others)] };
}

/**
 * Returns the marks of a trace.
 *
 * @param trace The trace.
 * @param x The scale of its x axis.
 * @param y The scale of its y axis.
 */
export function marksOf(trace: Trace, x: Scale, y: Scale): string[] {
  if (trace.visible === "legendonly") return [];
  if (trace.type === "bar") return drawBars(trace, x, y);
  if (trace.type === "scatter") return drawScatter(trace, x, y);
  return drawCells(trace, x, y);
}

/**
 * Returns the attributes of a stroke without a filling.
 *
 * @param line The line.
 */
export function strokeOf(line: Line = {}): Attributes {
  const { color, width = 2, dash = "solid" } = line;
  const unit = Math.max(3, width);
  const lengths = dash === "dot"
    ? `${unit} ${unit}`
    : dash === "dash"
    ? `${3 * unit} ${3 * unit}`
    : dash.replaceAll("px", "").replace(",", " ");
  return {
    fill: "none",
    ...paint("stroke", color),
    "stroke-width": width,
    "stroke-dasharray": dash === "solid" ? undefined : lengths,
    "stroke-linejoin": "round",
  };
}

/**
 * Returns the attributes that paint bars.
 *
 * @param trace The bars.
 */
export function barPaint(
  { marker: { color, line } = {} }: BarTrace,
): Attributes {
  if ((line?.width ?? 0) === 0) return paint("fill", color);
  return {
    ...paint("fill", color),
    ...paint("stroke", line!.color),
    "stroke-width": line!.width,
  };
}

/** The trace with its defaults; undefined if it is not drawn here. */
function completed(
  given: Given,
  index: number,
  layout: Layout,
): Trace | undefined {
  const { type = "scatter", marker = {}, line = {} } = given;
  const known = unknown[type as Trace["type"]];
  if (
    !Object.hasOwn(unknown, type as string) || known.some((key) => key in given)
  ) {
    return undefined;
  }
  const colors = layout.colorway ?? colorway;
  const color = colors[index % colors.length];
  const base = { name: `trace ${index}`, ...given };
  if (type === "heatmap") return completedMap(base);
  const points = pointsOf(given.x, given.y);
  const single = (value: unknown) => !Array.isArray(value);
  const { color: fill = color, size = 6, line: edge } = marker as Given;
  if (points === undefined || !single(fill) || !single(size)) return undefined;
  if (type === "bar") {
    if (given.orientation === "h") return undefined;
    const { color: stroke = color, width = 0 } = (edge ?? {}) as Given;
    if (!single(stroke) || !single(width)) return undefined;
    const paint = {
      ...marker as object,
      color: fill,
      line: { color: stroke, width },
    };
    return { ...base, ...points, type, marker: paint } as BarTrace;
  }
  const few = points.x.length < 20 && given.fill === undefined;
  const mode = given.mode ?? (few ? "lines+markers" : "lines");
  const stroke = { color: fill, ...line as Line };
  const suits = modes.includes(mode as string) &&
    fills.includes((given.fill ?? "none") as string) &&
    shapes.includes(stroke.shape ?? "linear") &&
    dashes.test(stroke.dash ?? "solid");
  return !suits ? undefined : {
    fillcolor: /^#[\da-f]{6}$/i.test(String(stroke.color))
      ? translucent(String(stroke.color), 0.5)
      : stroke.color,
    ...base,
    ...points,
    type,
    mode,
    line: stroke,
    marker: {
      ...marker as object,
      color: (marker as Given).color ?? stroke.color,
      size,
    },
  } as ScatterTrace;
}

function completedMap(given: Given): Trace | undefined {
  const { z, colorscale = diverging } = given;
  const isTable = Array.isArray(z) && z.length > 0 && z.every(Array.isArray);
  if (!isTable || !Array.isArray(colorscale)) return undefined;
  const rows = z as (number | null)[][];
  const counted = (count: number) => Array.from({ length: count }, (_, i) => i);
  const {
    x = counted(rows[0].length),
    y = counted(rows.length),
  } = given as { x?: Coordinates; y?: Coordinates };
  const fits = x.length === rows[0].length && y.length === rows.length &&
    [...x, ...y].every((value) => !date.test(String(value))) &&
    colorscale.every(([, color]) => /^#[\da-f]{6}$/i.test(color));
  const values = rows.flat().filter((value) => value !== null);
  const {
    zmin = values.reduce((a, b) => Math.min(a, b), Infinity),
    zmax = values.reduce((a, b) => Math.max(a, b), -Infinity),
  } = given as { zmin?: number; zmax?: number };
  if (!fits) return undefined;
  const ends = zmin < zmax
    ? { zmin, zmax }
    : { zmin: zmin - 1, zmax: zmin + 1 };
  return {
    ...given,
    type: "heatmap",
    z: rows,
    x,
    y,
    colorscale,
    ...ends,
  } as HeatmapTrace;
}

/** Both coordinates; one that is left out counts the points. */
function pointsOf(
  x: unknown,
  y: unknown,
): { readonly x: Coordinates; readonly y: Coordinates } | undefined {
  const [along, up] = [x, y].map((values, index) =>
    values ??
      (([y, x][index] as unknown[] | undefined) ?? []).map?.((_, i) => i)
  );
  if (!Array.isArray(along) || !Array.isArray(up)) return undefined;
  const length = Math.min(along.length, up.length);
  const both = [along, up].map((values) => values.slice(0, length));
  const isPlain = both.flat().every((value) =>
    value === null || typeof value === "number" ||
    typeof value === "string" && !date.test(value)
  );
  return isPlain ? { x: both[0], y: both[1] } : undefined;
}

/** Bars of several traces at one place stand side by side. */
function grouped(traces: Trace[], layout: Layout): Trace[] {
  if (layout.barmode === "overlay") return traces;
  const axesOf = ({ xaxis = "x", yaxis = "y" }: Trace) => `${xaxis} ${yaxis}`;
  return traces.map((trace) => {
    const group = traces.filter((other) =>
      other.type === "bar" && axesOf(other) === axesOf(trace)
    );
    if (trace.type !== "bar" || group.length < 2) return trace;
    const whole = barWidth(trace.x, trace.width, 0);
    const width = whole / group.length;
    const shift = (group.indexOf(trace) + 0.5) * width - whole / 2;
    const numbers = trace.x.every((x) => typeof x === "number");
    return numbers
      ? { ...trace, width, x: trace.x.map((x) => Number(x) + shift) }
      : trace;
  });
}

/** All bars in one path; one of height 0 is a line, as plotly draws it. */
function drawBars(trace: BarTrace, x: Scale, y: Scale): string[] {
  const floor = rounded(y.floor);
  const bars = trace.x.map((middle, index) => {
    const half = barWidth(trace.x, trace.width, index) / 2;
    const value = trace.y[index] ?? 0;
    const sides = [-half, half].map((side) =>
      typeof middle === "string"
        ? x.toPixel(middle) + side * Math.abs(x.toPixel(1) - x.toPixel(0))
        : x.toPixel(Number(middle) + side)
    );
    const height = y.toPixel(value);
    const top = Number.isFinite(height) ? rounded(height) : floor;
    if (!sides.every(Number.isFinite)) return "";
    const [left, right] = sides.map(rounded);
    return `M${left} ${floor}V${top}H${right}V${floor}Z`;
  });
  return [element("path", { d: bars.join(""), ...barPaint(trace) })];
}

function drawScatter(trace: ScatterTrace, x: Scale, y: Scale): string[] {
  const points = trace.x.map((value, index) =>
    [x.toPixel(value), y.toPixel(trace.y[index])] as const
  );
  if (points.length === 0) return [];
  const { line, fill, marker } = trace;
  const parts: string[] = [];
  if (fill === "tozeroy") {
    // Where the line has no place, its area ends at the floor.
    const shown = points.map(([x, y_]) =>
      [x, Number.isFinite(y_) ? y_ : y.floor] as const
    );
    const area = pathOf(shown, line?.shape);
    const d = `${area}V${rounded(y.floor)}H${rounded(points[0][0])}Z`;
    parts.push(element("path", { d, ...paint("fill", trace.fillcolor) }));
  }
  if (trace.mode.includes("lines")) {
    const d = pathOf(points, line?.shape);
    const inside = fill === "toself" ? paint("fill", trace.fillcolor) : {};
    parts.push(element("path", { d, ...strokeOf(line), ...inside }));
  }
  if (trace.mode.includes("markers")) {
    const r = (marker?.size ?? 6) / 2;
    const dots = points.filter(isPlaced)
      .map(([cx, cy]) => element("circle", { cx, cy, r }));
    parts.push(element("g", paint("fill", marker?.color), dots));
  }
  return parts;
}

/** A path through the points; one without a place breaks it. */
function pathOf(points: readonly Point[], shape: Line["shape"]): string {
  let path = "";
  let last: Point | undefined;
  for (const point of points) {
    const placed = isPlaced(point);
    if (placed) {
      path += last === undefined
        ? `M${point.map(rounded).join(" ")}`
        : to(last, point, shape);
    }
    last = placed ? point : undefined;
  }
  return path;
}

/** The path from a point to the next, in few characters. */
function to(last: Point, next: Point, shape: Line["shape"]): string {
  const [x, y] = next.map(rounded);
  const [across, down] = [x !== rounded(last[0]), y !== rounded(last[1])];
  if (across && down && shape !== "hv") return `L${x} ${y}`;
  return `${across ? `H${x}` : ""}${down ? `V${y}` : ""}`;
}

function isPlaced(point: Point): boolean {
  return point.every(Number.isFinite);
}
