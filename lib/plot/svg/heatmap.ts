/**
 * Draws the cells of heat maps, and the key to their colors.
 *
 * @module
 */

import { channelsOf } from "../theme.ts";
import type { Colorscale, Coordinates, Font, HeatmapTrace } from "../types.ts";
import type { Box, Scale } from "./axes.ts";
import { drawText, element, hexColor } from "./element.ts";

/** The number of colors in a scale; steps this small are invisible. */
const steps = 64;

/**
 * Cells as short thick lines, all of one color and height in one path, which
 * takes fewer characters than their four sides.
 */
export function drawCells(trace: HeatmapTrace, x: Scale, y: Scale): string[] {
  const columns = edgesOf(trace.x, x);
  const rows = edgesOf(trace.y, y);
  const paths = new Map<string, string>();
  trace.z.forEach((line, row) =>
    line.forEach((value, column) => {
      if (value === null) return;
      const share = (value - trace.zmin) / (trace.zmax - trace.zmin);
      const color = colorAt(trace.colorscale, share);
      const [left, right] = columns[column];
      const [top, bottom] = rows[row];
      const cell = `M${left} ${(top + bottom) / 2}h${right - left}`;
      const stroke = `${color} ${bottom - top}`;
      paths.set(stroke, (paths.get(stroke) ?? "") + cell);
    })
  );
  // Sorted, so that one changed value changes few bytes.
  const sorted = [...paths].sort(([a], [b]) => a < b ? -1 : 1);
  return [element(
    "g",
    { "shape-rendering": "crispEdges" },
    sorted.map(([key, d]) => {
      const [stroke, height] = key.split(" ");
      return element("path", { stroke, "stroke-width": height, d });
    }),
  )];
}

/** The whole-pixel bounds of each cell. */
function edgesOf(coordinates: Coordinates, scale: Scale): [number, number][] {
  const middles = coordinates.map((value) => scale.toPixel(value));
  const [low, high] = scale.range;
  const unit = Math.abs((scale.end - scale.start) / (high - low));
  const half = middles.length > 1 ? (middles[1] - middles[0]) / 2 : unit / 2;
  return middles.map((middle) => {
    const ends = [Math.round(middle - half), Math.round(middle + half)];
    return [Math.min(...ends), Math.max(...ends)];
  });
}

/** The key to a heat map's colors, at the right of the plot. */
export function drawColorBar(
  trace: HeatmapTrace,
  area: Box,
  font: Font,
): string {
  const { thickness = 30, len = 1, x = 1.02, y = 0.5, ...bar } =
    trace.colorbar ?? {};
  const length = area.height * len - 20;
  const left = Math.round(area.x + x * area.width + 10);
  const top = area.y + (1 - y) * area.height - length / 2;
  const band = (step: number) => Math.round(top + length * (1 - step / steps));
  const bands = Array.from({ length: steps }, (_, step) =>
    element("rect", {
      x: left,
      y: band(step + 1),
      width: thickness,
      height: band(step) - band(step + 1),
      fill: colorAt(trace.colorscale, (step + 0.5) / steps),
    }));
  const own = { ...font, ...bar.tickfont };
  const labels = (bar.tickvals ?? [trace.zmin, trace.zmax]).map(
    (value, index) =>
      drawText(bar.ticktext?.[index] ?? String(Number(value.toPrecision(4))), {
        x: left + thickness + 4,
        y: top + length * (trace.zmax - value) / (trace.zmax - trace.zmin),
        xanchor: "left",
        yanchor: "middle",
      }, own),
  );
  return element("g", { "data-colorbar": "" }, [
    element("g", { "shape-rendering": "crispEdges" }, bands),
    ...labels,
  ]);
}

/**
 * Returns a color of a scale, in one of 64 steps.
 *
 * @param scale The colors.
 * @param share Where, in [0, 1].
 */
function colorAt(scale: Colorscale, share: number): string {
  const stepped = Math.round(Math.min(1, Math.max(0, share)) * steps) / steps;
  const after = Math.max(1, scale.findIndex(([at]) => at >= stepped));
  const [[from, low], [to, high]] = [scale[after - 1], scale[after]];
  const part = (stepped - from) / (to - from);
  const [a, b] = [channelsOf(low), channelsOf(high)];
  return hexColor(a.map((channel, i) => channel + part * (b[i] - channel)));
}
