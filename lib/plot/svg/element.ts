/**
 * SVG elements as text: escaped, with rounded numbers and presentation
 * attributes only.
 *
 * @module
 */

import { escapeMarkup } from "../../core/show.ts";
import { parseText } from "../text.ts";
import type { Font } from "../types.ts";

/** Attributes by name; undefined leaves one out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Where a text stands. */
interface Place {
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

/** Characters that an XML document must not hold. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const anchors = { left: undefined, center: "middle", right: "end" } as const;

/**
 * Returns an element.
 *
 * @param name The element's name.
 * @param attributes Its attributes, in this order; numbers to 2 decimals.
 * @param children What it holds, as markup.
 */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined
      ? ""
      : ` ${key}="${
        typeof value === "number" ? rounded(value) : markupOf(value)
      }"`
  ).join("");
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join("")}</${name}>`;
}

/**
 * Returns plain text as markup; what XML does not allow becomes `\ufffd`.
 *
 * @param text Any text.
 */
export function markupOf(text: string): string {
  return escapeMarkup(text.toWellFormed().replace(forbidden, "\ufffd"));
}

/**
 * Returns a number with at most 2 decimals.
 *
 * @param value A finite number.
 */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/**
 * Returns the attributes that paint with a color; opacity is a separate
 * attribute, since SVG 1.1 has no `rgba()`.
 *
 * @param property What is painted.
 * @param color `#rrggbb` or `rgba()`; undefined paints nothing.
 */
export function paint(
  property: "fill" | "stroke",
  color: string | undefined,
): Attributes {
  const rgba = /^rgba\((\d+),\s*(\d+),\s*(\d+),\s*([\d.]+)\)$/.exec(
    color ?? "rgba(0,0,0,0)",
  );
  if (rgba === null) return { [property]: color };
  const opacity = Number(rgba[4]);
  if (opacity === 0) return { [property]: "none" };
  return {
    [property]: hexColor(rgba.slice(1, 4).map(Number)),
    [`${property}-opacity`]: opacity < 1 ? opacity : undefined,
  };
}

/**
 * Returns `#rrggbb`.
 *
 * @param channels Red, green and blue, in [0, 255].
 */
export function hexColor(channels: readonly number[]): string {
  return `#${
    channels.map((channel) => Math.round(channel).toString(16).padStart(2, "0"))
      .join("")
  }`;
}

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
        ? element("tspan", { "font-weight": "bold" }, [markupOf(text)])
        : markupOf(text)
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
