/**
 * Draws a figure as SVG, without a browser: the picture shown until plotly
 * loads, and wherever plotly cannot run.
 *
 * The same figure gives the same bytes. It uses presentation attributes only,
 * no `<style>`, no script and no ids, so it passes every sanitizer.
 *
 * @module
 */

import { listed } from "../page.ts";
import { widthOf } from "../text.ts";
import { family, ink, letters, plotlyMargin } from "../theme.ts";
import type {
  Annotation,
  Font,
  Layout,
  LayoutShape,
  Legend,
  Margin,
  Trace,
} from "../types.ts";
import { type Box, drawAxis, drawGrid, type Scale, scalesOf } from "./axes.ts";
import { drawText, element, markupOf, paint, rounded } from "./element.ts";
import { drawColorBar } from "./heatmap.ts";
import { drawButtons, drawSlider } from "./slider.ts";
import { barPaint, drawableTraces, marksOf, strokeOf } from "./traces.ts";

/** A figure's parts. */
interface Drawing {
  /** Any traces. */
  readonly data: readonly object[];
  /** The layout. */
  readonly layout: Layout;
  /** The title in full: plain text. */
  readonly title: string;
  /** A sentence or two for screen readers. */
  readonly description: string;
}

/** What is drawn on. */
interface Sheet {
  readonly layout: Layout;
  readonly area: Box;
  readonly scales: ReadonlyMap<string, Scale>;
  readonly font: Font;
}

/** Plotly's measures, in pixels. */
const rowHeight = 19;
const symbolWidth = 30;
const textStart = 40;
const gap = 5;

/** From the upper edge of a title to its baseline, in em. */
const capHeight = 0.7;

/**
 * Returns a figure as an SVG document. What it cannot draw, it names.
 *
 * @param drawing The figure.
 */
export function renderSvg(drawing: Drawing): string {
  const { layout, title, description } = drawing;
  const { width, height } = layout;
  const { traces, others } = drawableTraces(drawing.data, layout);
  const margin: Margin = { ...plotlyMargin, ...layout.margin };
  const area: Box = {
    x: margin.l,
    y: margin.t,
    width: Math.max(1, width - margin.l - margin.r),
    height: Math.max(1, height - margin.t - margin.b),
  };
  const font = { family, size: letters.text, color: ink, ...layout.font };
  const scales = scalesOf(traces, layout, area);
  const sheet = { layout, area, scales, font };
  const shapes = (layer: LayoutShape["layer"]) =>
    (layout.shapes ?? [])
      .filter((shape) =>
        shape.visible !== false && (shape.layer ?? "above") === layer
      )
      .map((shape) => drawShape(shape, sheet));
  const parts = [
    element("title", {}, [markupOf(title)]),
    element("desc", {}, [markupOf(description)]),
    drawBackground(layout),
    ...subplotsOf(traces, sheet, (x, y) => drawGrid(x, y) + drawGrid(y, x)),
    ...shapes("below"),
    ...drawTraces(traces, scales),
    ...subplotsOf(
      traces,
      sheet,
      (x, y) => drawAxis(x, y, font) + drawAxis(y, x, font),
    ),
    ...shapes("above"),
    ...(layout.annotations ?? [])
      .filter(({ visible, text }) => visible !== false && text !== undefined)
      .map((annotation) => drawAnnotation(annotation, sheet)),
    ...traces.map((trace) =>
      trace.type === "heatmap" && trace.showscale !== false
        ? drawColorBar(trace, area, font)
        : ""
    ),
    ...drawLegends(traces, sheet),
    ...(layout.sliders ?? []).map((slider) => drawSlider(slider, area, font)),
    ...(layout.updatemenus ?? []).map((menu) => drawButtons(menu, area, font)),
    drawTitle(sheet, margin),
    drawNote(others, traces.length > 0, sheet),
  ];
  return element("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "font-family": font.family,
  }, parts.filter((part) => part !== ""));
}

function drawShape(shape: LayoutShape, sheet: Sheet): string {
  const [x0, x1, y0, y1] = [
    placed(shape.xref, "x", shape.x0, sheet),
    placed(shape.xref, "x", shape.x1, sheet),
    placed(shape.yref, "y", shape.y0, sheet),
    placed(shape.yref, "y", shape.y1, sheet),
  ];
  if (![x0, x1, y0, y1].every(Number.isFinite)) return "";
  const stroke = strokeOf({ color: "#444444", ...shape.line });
  const fill = paint("fill", shape.fillcolor);
  const [width, height] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  switch (shape.type) {
    case "line":
      return element("line", { x1: x0, y1: y0, x2: x1, y2: y1, ...stroke });
    case "rect": {
      const [x, y] = [Math.min(x0, x1), Math.min(y0, y1)];
      return element("rect", { x, y, width, height, ...stroke, ...fill });
    }
    case "circle": {
      const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
      const radii = { rx: width / 2, ry: height / 2 };
      return element("ellipse", { cx, cy, ...radii, ...stroke, ...fill });
    }
    default:
      return "";
  }
}

/**
 * Places a number on an axis, on an axis' span, or on the plot. Text on a log
 * axis is placed by exponents, shapes are by values.
 */
function placed(
  ref: string,
  letter: "x" | "y",
  value: number,
  { scales, area }: Sheet,
  isText = false,
): number {
  const [id, span] = String(ref ?? letter).split(" ");
  const scale = scales.get(id);
  if (scale !== undefined) {
    return span === "domain"
      ? scale.start + value * (scale.end - scale.start)
      : scale.toPixel(isText && scale.type === "log" ? 10 ** value : value);
  }
  return letter === "x"
    ? area.x + value * area.width
    : area.y + (1 - value) * area.height;
}

function drawBackground(
  { width, height, paper_bgcolor = "#ffffff" }: Layout,
): string {
  const fill = paint("fill", paper_bgcolor);
  return fill.fill === "none"
    ? ""
    : element("rect", { width, height, ...fill });
}

/** Draws each pair of axes once, in the order in which traces use them. */
function subplotsOf(
  data: readonly Trace[],
  { scales }: Sheet,
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
function drawTraces(
  data: readonly Trace[],
  scales: Sheet["scales"],
): string[] {
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
    const { type, opacity } = trace;
    return element("svg", { ...box, viewBox, overflow: "hidden" }, [
      element("g", { "data-trace": type, opacity }, marksOf(trace, x, y)),
    ]);
  });
}

function drawAnnotation(annotation: Annotation, sheet: Sheet): string {
  const { text, xref, yref, xshift = 0, yshift = 0, showarrow = true } =
    annotation;
  const { xanchor = "center", yanchor = "middle" } = annotation;
  const x = placed(xref, "x", annotation.x, sheet, true) + xshift;
  const y = placed(yref, "y", annotation.y, sheet, true) - yshift;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return "";
  // Plotly.js shows none that is beyond its axis.
  const beyond = ([[xref, x - xshift], [yref, y + yshift]] as const).some(
    ([ref, pixel]) => {
      const scale = sheet.scales.get(ref);
      if (scale === undefined) return false;
      const { start, end } = scale;
      return pixel < Math.min(start, end) - 1 ||
        pixel > Math.max(start, end) + 1;
    },
  );
  if (beyond) return "";
  const font = { ...sheet.font, ...annotation.font };
  if (!showarrow) return drawText(text, { x, y, xanchor, yanchor }, font);
  const { ax = -10, ay = -30, arrowcolor = font.color } = annotation;
  const side = ay < 0 ? "bottom" : ay > 0 ? "top" : "middle";
  return element("path", {
    d: `M${rounded(x + ax)} ${rounded(y + ay)}L${rounded(x)} ${rounded(y)}`,
    ...strokeOf({ color: arrowcolor, width: 1.5 }),
  }) + drawHead(x, y, Math.atan2(-ay, -ax), arrowcolor) +
    drawText(text, {
      x: x + ax,
      y: y + ay,
      xanchor,
      yanchor: annotation.yanchor ?? side,
    }, font);
}

function drawHead(
  x: number,
  y: number,
  angle: number,
  color: string | undefined,
): string {
  const corners = [2.7, -2.7].map((turn) =>
    `${rounded(x + 7 * Math.cos(angle + turn))} ${
      rounded(y + 7 * Math.sin(angle + turn))
    }`
  );
  const d = `M${rounded(x)} ${rounded(y)}L${corners.join("L")}Z`;
  return element("path", { d, ...paint("fill", color) });
}

/** Each legend with the traces that it lists. */
function drawLegends(
  traces: readonly Trace[],
  { layout, area, font }: Sheet,
): string[] {
  const shown = listed(traces);
  const isShown = layout.showlegend ?? shown.length > 1;
  if (!isShown) return [];
  const names = [...new Set(shown.map(({ legend = "legend" }) => legend))];
  return names.map((name) =>
    drawLegend(
      shown.filter(({ legend = "legend" }) => legend === name),
      layout[name as "legend"] ?? {},
      { area, font, layout },
    )
  );
}

function drawLegend(
  shown: readonly Trace[],
  legend: Legend,
  { layout, area, font }: Pick<Sheet, "area" | "font" | "layout">,
): string {
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
  const left = Math.min(
    area.x + (legend.x ?? 1.02) * area.width - shift * width,
    // Plotly.js makes room for one beside the plot; here it moves in.
    legend.x === undefined ? layout.width - width : Infinity,
  );
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
    const box = { x: middle - 6, y: y - 6, width: 12, height: 12 };
    return element("rect", { ...box, ...barPaint(trace) });
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

function drawTitle({ layout, area, font }: Sheet, margin: Margin): string {
  const { title } = layout;
  if (title?.text === undefined) return "";
  const own = { ...font, ...title.font };
  const [left, width] = title.xref === "paper"
    ? [area.x, area.width]
    : [0, layout.width];
  const top = title.y === undefined
    ? margin.t / 2
    : (1 - title.y) * layout.height;
  return drawText(title.text, {
    x: left + (title.x ?? 0.5) * width,
    y: top + (title.yanchor === "bottom" ? 0 : capHeight * own.size!),
    xanchor: title.xanchor ?? (title.x === undefined ? "center" : "left"),
    yanchor: "baseline",
  }, own);
}

/** Names the kinds of traces that are left out. */
function drawNote(
  others: readonly string[],
  isDrawn: boolean,
  { layout, area, font }: Sheet,
): string {
  if (others.length === 0) return "";
  const text = `not in this picture, but with plotly.js: ${others.join(", ")}`;
  return drawText(
    text.replace(/[<&]/g, ""),
    isDrawn
      ? { x: 8, y: layout.height - 6, xanchor: "left", yanchor: "baseline" }
      : {
        x: area.x + area.width / 2,
        y: area.y + area.height / 2,
        xanchor: "center",
        yanchor: "middle",
      },
    { ...font, size: letters.label },
  );
}
