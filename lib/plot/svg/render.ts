/**
 * A figure as SVG, without a browser: what stands until plotly is there, and
 * where plotly never is.
 *
 * The same figure gives the same bytes. Presentation attributes only, no
 * `<style>`, no script, no ids: it goes through every sanitiser.
 *
 * @module
 */

import { escapeMarkup } from "../../core/show.ts";
import type { Annotation, Layout, LayoutShape } from "../layout.ts";
import { family, ink, letters } from "../theme.ts";
import type { Font, Trace } from "../traces.ts";
import { drawAxis, drawGrid } from "./axes.ts";
import { drawColorBar } from "./cells.ts";
import { element, paint, rounded } from "./element.ts";
import { drawLegend } from "./legend.ts";
import { checkKind, drawTrace, strokeOf } from "./marks.ts";
import { type Box, type Scale, scalesOf } from "./scale.ts";
import { drawSlider } from "./slider.ts";
import { drawText } from "./text.ts";

/** A figure's parts. */
export interface Drawing {
  /** The traces. */
  readonly data: readonly Trace[];
  /** The layout. */
  readonly layout: Layout;
  /** The title in full: plain text. */
  readonly title: string;
  /** A sentence or two for those who do not see it. */
  readonly description: string;
}

type Scales = ReadonlyMap<string, Scale>;

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

/** Places a number on an axis, or on the plot where the axis is `paper`. */
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
