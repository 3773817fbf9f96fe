/**
 * Text in an SVG: lines under each other, at an anchor.
 *
 * @module
 */

import { escapeMarkup } from "../../core/show.ts";
import { parseText } from "../markup.ts";
import { textWidth } from "../measure.ts";
import type { Font } from "../traces.ts";
import { element, paint } from "./element.ts";

/** Where a text stands. */
export interface Place {
  /** In pixels. */
  readonly x: number;
  /** In pixels. */
  readonly y: number;
  /** Which point of the text x names. */
  readonly xanchor: "left" | "center" | "right";
  /** Which point of the text y names. */
  readonly yanchor: "top" | "middle" | "bottom" | "baseline";
  /** Whether it reads upwards. */
  readonly upwards?: boolean;
}

/** From one baseline to the next, in em. */
const lineStep = 1.3;
/** From a baseline to the upper edge of the letters' box, in em. */
const ascent = 0.93;
/** From a baseline to the lower edge of that box, in em. */
const descent = 0.24;

const anchors = { left: undefined, center: "middle", right: "end" } as const;

/**
 * Returns a text element.
 *
 * @param text Text as plotly reads it.
 * @param place Where it stands.
 * @param font The letters, complete.
 */
export function drawText(text: string, place: Place, font: Font): string {
  const lines = parseText(text);
  const size = font.size!;
  const block = (lines.length - 1) * lineStep * size;
  const toBaseline = {
    top: ascent * size,
    middle: (ascent - descent) / 2 * size - block / 2,
    bottom: -descent * size - block,
    baseline: 0,
  }[place.yanchor];
  const spans = lines.map((runs, index) => {
    const words = runs.map(({ text, bold }) =>
      bold
        ? element("tspan", { "font-weight": "bold" }, [escapeMarkup(text)])
        : escapeMarkup(text)
    );
    if (lines.length === 1) return words.join("");
    return element("tspan", {
      x: place.upwards ? 0 : place.x,
      dy: index === 0 ? undefined : lineStep * size,
    }, words);
  });
  return element("text", {
    ...(place.upwards
      ? {
        transform: `translate(${Math.round(place.x)} ${
          Math.round(place.y)
        }) rotate(-90)`,
        y: toBaseline,
      }
      : { x: place.x, y: place.y + toBaseline }),
    ...paint("fill", font.color),
    "font-size": size,
    "text-anchor": anchors[place.xanchor],
  }, spans);
}

/**
 * Returns the width of the longest line, in pixels.
 *
 * @param text Text as plotly reads it.
 * @param size The size of the letters.
 */
export function widthOf(text: string, size: number): number {
  return Math.max(
    ...parseText(text).map((runs) =>
      textWidth(runs.map((run) => run.text).join(""), size)
    ),
  );
}
