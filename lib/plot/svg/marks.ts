/**
 * The marks of traces in an SVG, one function for each kind of trace.
 *
 * @module
 */

import type { BarTrace, Line, ScatterTrace, Trace } from "../traces.ts";
import { type Attributes, element, paint, rounded } from "./element.ts";
import { drawCells } from "./cells.ts";
import { barWidth, type Scale } from "./scale.ts";

/** Draws the marks of one kind of trace. */
type Draw<T extends Trace> = (trace: T, x: Scale, y: Scale) => string[];

const kinds: {
  readonly [K in Trace["type"]]: Draw<Extract<Trace, { type: K }>>;
} = { bar: drawBars, scatter: drawScatter, heatmap: drawCells };

/**
 * Checks that a trace is of a kind that is drawn.
 *
 * @param trace The trace.
 * @throws {TypeError} If it is not.
 */
export function checkKind(trace: Trace): void {
  if (!Object.hasOwn(kinds, trace.type)) {
    throw new TypeError(
      `Cannot draw a trace as its type must be one of ${
        Object.keys(kinds).join(", ")
      }: current value is ${trace.type}`,
    );
  }
}

/**
 * Returns the marks of a trace in a group of their own.
 *
 * @param trace The trace, of a kind that is drawn.
 * @param x The scale of its x axis.
 * @param y The scale of its y axis.
 */
export function drawTrace(trace: Trace, x: Scale, y: Scale): string {
  const marks = (kinds[trace.type] as Draw<Trace>)(trace, x, y);
  const { opacity } = trace;
  return element("g", { "data-trace": trace.type, opacity }, marks);
}

/** All bars in one path; one of height 0 is a line, as plotly draws it. */
function drawBars(trace: BarTrace, x: Scale, y: Scale): string[] {
  const floor = rounded(y.toPixel(0));
  const bars = trace.x.map((middle, index) => {
    const half = barWidth(trace.x, trace.width, index) / 2;
    const [left, right] = [-half, half].map((side) =>
      rounded(x.toPixel(Number(middle) + side))
    );
    const top = rounded(y.toPixel(trace.y[index] ?? 0));
    return `M${left} ${floor}V${top}H${right}V${floor}Z`;
  });
  return [element("path", { d: bars.join(""), ...barPaint(trace) })];
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

function drawScatter(trace: ScatterTrace, x: Scale, y: Scale): string[] {
  const points = trace.x.map((value, index) =>
    [x.toPixel(value), y.toPixel(trace.y[index])] as const
  );
  if (points.length === 0) return [];
  const lines = trace.mode.includes("lines");
  const parts: string[] = [];
  if (trace.fill === "tozeroy") {
    const floor = y.toPixel(0);
    const area = pathOf(points, trace.line?.shape);
    const [first] = points[0];
    const d = `${area}V${rounded(floor)}H${rounded(first)}Z`;
    parts.push(element("path", { d, ...paint("fill", trace.fillcolor) }));
  }
  if (lines) {
    const d = pathOf(points, trace.line?.shape);
    const inside = trace.fill === "toself"
      ? paint("fill", trace.fillcolor)
      : {};
    parts.push(element("path", { d, ...strokeOf(trace.line), ...inside }));
  }
  if (trace.mode.includes("markers")) {
    const r = (trace.marker?.size ?? 6) / 2;
    parts.push(element(
      "g",
      paint("fill", trace.marker?.color),
      points.filter(isPlaced).map(([cx, cy]) =>
        element("circle", { cx, cy, r })
      ),
    ));
  }
  return parts;
}

/**
 * Returns the attributes of a stroke without a filling.
 *
 * @param line The line.
 */
export function strokeOf(line: Line = {}): Attributes {
  const { color, width = 2, dash = "solid" } = line;
  return {
    fill: "none",
    ...paint("stroke", color),
    "stroke-width": width,
    "stroke-dasharray": dashes(dash, Math.max(3, width)),
    "stroke-linejoin": "round",
  };
}

/** The lengths of a dash pattern, in pixels. */
function dashes(
  dash: NonNullable<Line["dash"]>,
  unit: number,
): string | undefined {
  if (dash === "solid") return undefined;
  if (dash === "dot") return `${unit} ${unit}`;
  if (dash === "dash") return `${3 * unit} ${3 * unit}`;
  return dash.replaceAll("px", "").replace(",", " ");
}

type Point = readonly [number, number];

/** A path through the points; one without a place breaks it. */
function pathOf(points: readonly Point[], shape: Line["shape"]): string {
  let path = "";
  let last: Point | undefined;
  for (const point of points) {
    const placed = isPlaced(point);
    if (placed) {
      path += last === undefined ? `M${at(point)}` : to(last, point, shape);
    }
    last = placed ? point : undefined;
  }
  return path;
}

/** The way from a point to the next, in few characters. */
function to(last: Point, next: Point, shape: Line["shape"]): string {
  const [x, y] = next.map(rounded);
  const [across, down] = [x !== rounded(last[0]), y !== rounded(last[1])];
  if (across && down && shape !== "hv") return `L${at(next)}`;
  return `${across ? `H${x}` : ""}${down ? `V${y}` : ""}`;
}

function isPlaced([x, y]: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function at(point: Point): string {
  return point.map(rounded).join(" ");
}
