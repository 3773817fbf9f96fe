/**
 * SVG elements as text: escaped, with rounded numbers and presentation
 * attributes only.
 *
 * @module
 */

import { escapeMarkup } from "../../core/show.ts";

/** Attributes by name; undefined leaves one out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

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
        typeof value === "number" ? rounded(value) : escapeMarkup(value)
      }"`
  ).join("");
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join("")}</${name}>`;
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
 * Returns the attributes that paint with a colour; opacity stands apart, since
 * SVG 1.1 knows no `rgba()`.
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
