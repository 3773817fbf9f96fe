/**
 * Pictures made of characters, for consoles and for those without pictures.
 *
 * @module
 */

import { formatNumber } from "./format.ts";

const blocks = "▁▂▃▄▅▆▇█";

/** About so many characters wide. */
const columns = 60;

/**
 * Returns a histogram in block characters. No value is a space, any value at
 * least the lowest block.
 *
 * @param counts The heights.
 */
export function blockHistogram(counts: readonly number[]): string {
  const group = Math.ceil(counts.length / columns);
  const repeat = Math.max(1, Math.floor(columns / counts.length));
  const heights = Array.from(
    { length: Math.ceil(counts.length / group) },
    (_, index) =>
      counts.slice(index * group, (index + 1) * group)
        .reduce((sum, count) => sum + count, 0),
  );
  const highest = heights.reduce((a, b) => Math.max(a, b), 0);
  return heights.map((height) => {
    const level = Math.ceil(height / highest * blocks.length);
    return (height > 0 ? blocks[level - 1] : " ").repeat(repeat);
  }).join("");
}

/**
 * Returns the line under a histogram: its ends.
 *
 * @param low The left end.
 * @param high The right end.
 * @param width The histogram's width, in characters.
 */
export function endsLine(low: number, high: number, width: number): string {
  const [left, right] = [low, high].map((end) => asciiMinus(formatNumber(end)));
  return left + right.padStart(Math.max(right.length + 2, width - left.length));
}

/**
 * Returns text with the minus sign that consoles and programs read.
 *
 * @param text Text with `−`.
 */
export function asciiMinus(text: string): string {
  return text.replaceAll("−", "-");
}

/** Rows of characters that a picture of signs may have. */
const signRows = 9;

/**
 * Returns a corner of a heat map as signs: `▼ ▽ · △ ▲` from far below 0 to far
 * above.
 *
 * @param z The values, row by row; null is a gap.
 * @param limit The value of the strongest sign.
 */
export function signPicture(
  z: readonly (readonly (number | null)[])[],
  limit: number,
): string {
  return z.slice(0, signRows).map((row) =>
    row.slice(0, columns).map((value) => {
      if (value === null) return " ";
      const share = value / limit;
      if (Math.abs(share) <= 0.2) return "·";
      return share > 0.6 ? "▲" : share > 0 ? "△" : share < -0.6 ? "▼" : "▽";
    }).join("").trimEnd()
  ).join("\n").trimEnd();
}
