/**
 * The legend of an SVG, set as plotly sets it.
 *
 * @module
 */

import type { Legend } from "../layout.ts";
import type { Font, Trace } from "../traces.ts";
import { element, paint, rounded } from "./element.ts";
import { barPaint, strokeOf } from "./marks.ts";
import type { Box } from "./scale.ts";
import { drawText, widthOf } from "./text.ts";

/** Plotly's measures, in pixels. */
const rowHeight = 19;
const symbolWidth = 30;
const textStart = 40;
const gap = 5;

/**
 * Returns the legend of all traces that are to be in it.
 *
 * @param data The traces.
 * @param legend Where it stands.
 * @param area The plot's box.
 * @param font The letters, complete.
 */
export function drawLegend(
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
  // A line with an area below it stands a little higher.
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
