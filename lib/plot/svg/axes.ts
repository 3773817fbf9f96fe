/**
 * The lines, ticks, labels and titles of axes in an SVG.
 *
 * @module
 */

import { letters, none } from "../theme.ts";
import type { Font } from "../traces.ts";
import { element, paint } from "./element.ts";
import type { Scale } from "./scale.ts";
import { drawText, widthOf } from "./text.ts";
import { type Tick, ticksOf } from "./ticks.ts";

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
  const lines = ticks
    .filter(({ value }) => !(axis.zeroline && value === 0))
    .map((tick) => line(scale, across, tick.value, axis.gridcolor));
  if (axis.zeroline) lines.push(line(scale, across, 0, axis.zerolinecolor));
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
  const labelled = axis.showticklabels === false ? [] : ticks;
  parts.push(...labelled.map((tick) =>
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
  parts.push(drawTitle(scale, outer, labelled, tickfont, font));
  return parts.join("");
}

function drawTitle(
  { axis, letter, start, end }: Scale,
  outer: number,
  ticks: readonly Tick[],
  tickfont: Font,
  font: Font,
): string {
  if (axis.title === undefined) return "";
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

function line(
  scale: Scale,
  across: Scale,
  value: number,
  color: string | undefined,
): string {
  const at = pixelOf(scale, value);
  return segment(flip(scale.letter), across.start, across.end, at, color);
}

/** A line along one direction; whole pixels and a half make it sharp. */
function segment(
  along: "x" | "y",
  from: number,
  to: number,
  at: number,
  color: string | undefined,
): string {
  const level = Math.floor(at) + 0.5;
  const d = along === "x"
    ? `M${Math.round(from)} ${level}H${Math.round(to)}`
    : `M${level} ${Math.round(from)}V${Math.round(to)}`;
  return element("path", { d, ...paint("stroke", color) });
}

function flip(letter: "x" | "y"): "x" | "y" {
  return letter === "x" ? "y" : "x";
}

/** The pixel of a tick, which counts as the range does. */
function pixelOf({ start, end, range }: Scale, value: number): number {
  return start + (value - range[0]) / (range[1] - range[0]) * (end - start);
}
