/**
 * What was expected, drawn over what was measured: a density and its marks.
 *
 * @module
 */

import type { Density } from "./density.ts";
import type { Annotation, LayoutShape } from "./layout.ts";
import { asTyped } from "./markup.ts";
import { expected, letters } from "./theme.ts";
import type { ScatterTrace } from "./traces.ts";

/** Labels of marks closer than this would touch, in pixels. */
const roomForLabels = 100;

/**
 * Returns the line of an expected density.
 *
 * @param density The density.
 * @param top How high a line goes that stands for a constant.
 */
export function densityTrace(density: Density, top: number): ScatterTrace {
  const label = asTyped(density.label);
  return {
    type: "scatter",
    mode: "lines",
    name: label,
    x: density.x,
    y: density.y.length === 0 ? [0, top] : density.y,
    line: { color: expected, width: 2.5 },
    hovertemplate: density.y.length === 0
      ? `${label}<extra></extra>`
      : `${label}<br>density %{y:.4~g}<extra></extra>`,
  };
}

/** Lines over the whole height, and their labels above the plot. */
export interface Marks {
  /** The lines. */
  readonly shapes: readonly LayoutShape[];
  /** The labels. */
  readonly annotations: readonly Annotation[];
}

/**
 * Returns the marks of a density: its bounds, or one std to each side; none
 * where their labels would touch.
 *
 * @param density The density; null for none.
 * @param pixels How many pixels a unit of x has.
 */
export function marksOf(density: Density | null, pixels: number): Marks {
  const marks = density?.marks ?? [];
  const apart = marks.length < 2 ? 0 : (marks[1].x - marks[0].x) * pixels;
  if (apart < roomForLabels) return { shapes: [], annotations: [] };
  return {
    shapes: marks.map(({ x }) => ({
      type: "line",
      xref: "x",
      yref: "paper",
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      line: { color: expected, width: 1, dash: "dot" },
      layer: "below",
    })),
    annotations: marks.map(({ x, text }) => ({
      text: asTyped(text),
      x,
      y: 1,
      xref: "x",
      yref: "paper",
      xanchor: "center",
      yanchor: "bottom",
      showarrow: false,
      borderpad: 0,
      borderwidth: 0,
      font: { size: letters.label },
    })),
  };
}
