/**
 * Draws a figure as SVG, without a browser: the picture shown until plotly
 * loads, and wherever plotly cannot run.
 *
 * The same figure gives the same bytes. It uses presentation attributes only,
 * no `<style>`, no script and no ids, so it passes every sanitizer.
 *
 * @module
 */

import { cannot } from "../../core/options.ts";
import { escapeMarkup } from "../../core/show.ts";
import { family, ink, letters } from "../theme.ts";
import { widthOf } from "../text.ts";
import type {
  Annotation,
  BarTrace,
  Font,
  Layout,
  LayoutShape,
  Legend,
  Line,
  ScatterTrace,
  Trace,
} from "../types.ts";
import {
  barWidth,
  type Box,
  drawAxis,
  drawGrid,
  type Scale,
  scalesOf,
} from "./axes.ts";
import { drawCells, drawColorBar } from "./heatmap.ts";
import {
  type Attributes,
  drawText,
  element,
  paint,
  rounded,
} from "./element.ts";
import { drawSlider } from "./slider.ts";

/** Draws the marks of one kind of trace. */
type Draw<T extends Trace> = (trace: T, x: Scale, y: Scale) => string[];

type Point = readonly [number, number];

/** A figure's parts. */
interface Drawing {
  /** The traces. */
  readonly data: readonly Trace[];
  /** The layout. */
  readonly layout: Layout;
  /** The title in full: plain text. */
  readonly title: string;
  /** A sentence or two for screen readers. */
  readonly description: string;
}

type Scales = ReadonlyMap<string, Scale>;

const kinds: {
  readonly [K in Trace["type"]]: Draw<Extract<Trace, { type: K }>>;
} = {
  bar: drawBars,
  scatter: drawScatter,
  heatmap: (trace, x, y) => drawCells(trace, x, y),
};

/** Plotly's measures, in pixels. */
const rowHeight = 19;
const symbolWidth = 30;
const textStart = 40;
const gap = 5;

/** From the upper edge of a title to its baseline, in em. */
const capHeight = 0.7;

/**
 * Returns a figure as an SVG document.
 *
 * @param drawing The figure.
 * @throws {TypeError} If a trace is of a kind that is not drawn.
 */
export function renderSvg(drawing: Drawing): string {
  const { data, layout, title, description } = drawing;
  data.forEach(checkKind);
  const { width, height, margin } = layout;
  const area: Box = {
    x: margin.l,
    y: margin.t,
    width: width - margin.l - margin.r,
    height: height - margin.t - margin.b,
  };
  const font = { family, size: letters.text, color: ink, ...layout.font };
  const scales = scalesOf(data, layout, area);
  const shapes = (layer: LayoutShape["layer"]) =>
    (layout.shapes ?? [])
      .filter((shape) => (shape.layer ?? "above") === layer)
      .map((shape) => drawShape(shape, scales, area));
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "font-family": font.family,
    },
    [
      element("title", {}, [escapeMarkup(title)]),
      element("desc", {}, [escapeMarkup(description)]),
      drawBackground(layout),
      ...subplotsOf(data, scales, (x, y) => drawGrid(x, y) + drawGrid(y, x)),
      ...shapes("below"),
      ...drawTraces(data, scales),
      ...subplotsOf(
        data,
        scales,
        (x, y) => drawAxis(x, y, font) + drawAxis(y, x, font),
      ),
      ...shapes("above"),
      ...(layout.annotations ?? []).map((annotation) =>
        drawAnnotation(annotation, scales, area, font)
      ),
      ...data.map((trace) =>
        trace.type === "heatmap" && trace.showscale !== false
          ? drawColorBar(trace, area, font)
          : ""
      ),
      layout.showlegend === false
        ? ""
        : drawLegend(data, layout.legend ?? {}, area, font),
      ...(layout.sliders ?? []).map((slider) => drawSlider(slider, area, font)),
      drawTitle(layout, area, font),
    ].filter((part) => part !== ""),
  );
}

/**
 * Checks that a trace is of a kind that is drawn.
 *
 * @param trace The trace.
 * @throws {TypeError} If it is not.
 */
function checkKind(trace: Trace): void {
  if (!Object.hasOwn(kinds, trace.type)) {
    throw new TypeError(
      cannot(
        "draw a trace",
        `its type must be one of ${Object.keys(kinds).join(", ")}`,
        trace.type,
      ),
    );
  }
}

function drawShape(shape: LayoutShape, scales: Scales, area: Box): string {
  const x = (value: number) => placed(shape.xref, "x", value, scales, area);
  const y = (value: number) => placed(shape.yref, "y", value, scales, area);
  const [x0, x1, y0, y1] = [x(shape.x0), x(shape.x1), y(shape.y0), y(shape.y1)];
  if (shape.type === "line") {
    return element("line", {
      x1: x0,
      y1: y0,
      x2: x1,
      y2: y1,
      ...strokeOf(shape.line),
    });
  }
  return element("rect", {
    x: Math.min(x0, x1),
    y: Math.min(y0, y1),
    width: Math.abs(x1 - x0),
    height: Math.abs(y1 - y0),
    ...strokeOf(shape.line),
    ...paint("fill", shape.fillcolor),
  });
}

/** Places a number on an axis, or on the plot if the axis is `paper`. */
function placed(
  ref: string,
  letter: "x" | "y",
  value: number,
  scales: Scales,
  area: Box,
): number {
  const scale = scales.get(ref);
  if (scale !== undefined) return scale.toPixel(value);
  return letter === "x"
    ? area.x + value * area.width
    : area.y + (1 - value) * area.height;
}

/**
 * Returns the attributes of a stroke without a filling.
 *
 * @param line The line.
 */
function strokeOf(line: Line = {}): Attributes {
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

function drawBackground({ width, height, paper_bgcolor }: Layout): string {
  const fill = paint("fill", paper_bgcolor);
  return fill.fill === "none"
    ? ""
    : element("rect", { width, height, ...fill });
}

/** Draws each pair of axes once, in the order in which traces use them. */
function subplotsOf(
  data: readonly Trace[],
  scales: Scales,
  draw: (x: Scale, y: Scale) => string,
): string[] {
  const pairs = data.map((trace) =>
    [trace.xaxis ?? "x", trace.yaxis ?? "y"] as const
  );
  const distinct = new Map(pairs.map((pair) => [pair.join(), pair]));
  return [...distinct.values()].map(([x, y]) =>
    draw(scales.get(x)!, scales.get(y)!)
  );
}

/** Draws traces, each cut off at its axes: a nested svg clips without ids. */
function drawTraces(data: readonly Trace[], scales: Scales): string[] {
  return data.map((trace) => {
    const x = scales.get(trace.xaxis ?? "x")!;
    const y = scales.get(trace.yaxis ?? "y")!;
    const box = {
      x: Math.min(x.start, x.end),
      y: Math.min(y.start, y.end),
      width: Math.abs(x.end - x.start),
      height: Math.abs(y.end - y.start),
    };
    const viewBox = Object.values(box).map(rounded).join(" ");
    return element("svg", { ...box, viewBox, overflow: "hidden" }, [
      drawTrace(trace, x, y),
    ]);
  });
}

/**
 * Returns the marks of a trace in a group of their own.
 *
 * @param trace The trace, of a kind that is drawn.
 * @param x The scale of its x axis.
 * @param y The scale of its y axis.
 */
function drawTrace(trace: Trace, x: Scale, y: Scale): string {
  const marks = (kinds[trace.type] as Draw<Trace>)(trace, x, y);
  const { opacity } = trace;
  return element("g", { "data-trace": trace.type, opacity }, marks);
}

function drawAnnotation(
  annotation: Annotation,
  scales: Scales,
  area: Box,
  font: Font,
): string {
  const { text, x, y, xref, yref, xshift = 0, yshift = 0 } = annotation;
  const { xanchor = "center", yanchor = "middle" } = annotation;
  return drawText(text, {
    x: placed(xref, "x", x, scales, area) + xshift,
    y: placed(yref, "y", y, scales, area) - yshift,
    xanchor,
    yanchor,
  }, { ...font, ...annotation.font });
}

function at(point: Point): string {
  return point.map(rounded).join(" ");
}

/** The path from a point to the next, in few characters. */
function to(last: Point, next: Point, shape: Line["shape"]): string {
  const [x, y] = next.map(rounded);
  const [across, down] = [x !== rounded(last[0]), y !== rounded(last[1])];
  if (across && down && shape !== "hv") return `L${at(next)}`;
  return `${across ? `H${x}` : ""}${down ? `V${y}` : ""}`;
}

/**
 * Returns the legend.
 *
 * @param data The traces.
 * @param legend Where it stands.
 * @param area The plot's box.
 * @param font The letters, complete.
 */
function drawLegend(
  data: readonly Trace[],
  legend: Legend,
  area: Box,
  font: Font,
): string {
  const shown = data.filter((trace) =>
    trace.name !== undefined && trace.showlegend !== false &&
    trace.type !== "heatmap"
  );
  if (shown.length === 0) return "";
  const own = { ...font, ...legend.font };
  const beside = legend.orientation === "h";
  const widths = shown.map((trace) =>
    textStart + widthOf(trace.name!, own.size!) + gap
  );
  const width = beside
    ? widths.reduce((sum, one) => sum + one, 0)
    : Math.max(...widths);
  const height = 2 * gap + rowHeight * (beside ? 1 : shown.length);
  const shift = { left: 0, center: 0.5, right: 1 }[legend.xanchor ?? "left"];
  const lift = { top: 0, middle: 0.5, bottom: 1 }[legend.yanchor ?? "top"];
  const left = area.x + (legend.x ?? 1.02) * area.width - shift * width;
  const top = area.y + (1 - (legend.y ?? 1)) * area.height - lift * height;
  let along = left;
  return element(
    "g",
    {},
    shown.map((trace, index) => {
      const row = beside ? 0 : index;
      const y = top + gap + rowHeight * (row + 0.5);
      const entry = drawSymbol(trace, along, y) + drawText(trace.name!, {
        x: along + textStart,
        y,
        xanchor: "left",
        yanchor: "middle",
      }, own);
      if (beside) along += widths[index];
      return entry;
    }),
  );
}

function drawSymbol(trace: Trace, left: number, y: number): string {
  const middle = left + 5 + symbolWidth / 2;
  if (trace.type === "bar") {
    return element("rect", {
      x: middle - 6,
      y: y - 6,
      width: 12,
      height: 12,
      ...barPaint(trace),
    });
  }
  if (trace.type !== "scatter") return "";
  const parts: string[] = [];
  const filled = trace.fill !== undefined && trace.fill !== "none";
  // A line with an area below it is drawn a little higher.
  const level = filled ? y - 2 : y;
  const ends = `M${rounded(left + 5)} ${rounded(level)}h${symbolWidth}`;
  if (filled) {
    const d = `${ends}v6h${-symbolWidth}z`;
    parts.push(element("path", { d, ...paint("fill", trace.fillcolor) }));
  }
  if (trace.mode.includes("lines")) {
    parts.push(element("path", { d: ends, ...strokeOf(trace.line) }));
  }
  if (trace.mode.includes("markers")) {
    parts.push(element("circle", {
      cx: middle,
      cy: y,
      r: (trace.marker?.size ?? 6) / 2,
      ...paint("fill", trace.marker?.color),
    }));
  }
  return parts.join("");
}

/**
 * Returns the attributes that paint bars.
 *
 * @param trace The bars.
 */
function barPaint(
  { marker: { color, line } = {} }: BarTrace,
): Attributes {
  if ((line?.width ?? 0) === 0) return paint("fill", color);
  return {
    ...paint("fill", color),
    ...paint("stroke", line!.color),
    "stroke-width": line!.width,
  };
}

function drawTitle(layout: Layout, area: Box, font: Font): string {
  const { title } = layout;
  if (title === undefined) return "";
  const own = { ...font, ...title.font };
  const [left, width] = title.xref === "paper"
    ? [area.x, area.width]
    : [0, layout.width];
  return drawText(title.text, {
    x: left + (title.x ?? 0.5) * width,
    y: (1 - (title.y ?? 1)) * layout.height +
      (title.yanchor === "bottom" ? 0 : capHeight * own.size!),
    xanchor: title.xanchor ?? "center",
    yanchor: "baseline",
  }, own);
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

function isPlaced([x, y]: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}
