/**
 * Pictures made of characters, for consoles and for those without pictures.
 *
 * @module
 */

import type { Histogram } from "../statistics/histogram.ts";
import { digitsFor, formatNumber } from "./format.ts";

const blocks = "▁▂▃▄▅▆▇█";

/** About so many characters wide. */
const columns = 60;

/**
 * Returns a histogram in block characters. No value is a space, any value at
 * least the lowest block.
 *
 * @param counts The heights.
 * @param width About how many characters it takes, never more. Default: 60.
 */
export function blockHistogram(
  counts: readonly number[],
  width = columns,
): string {
  const group = Math.ceil(counts.length / width);
  const repeat = Math.max(1, Math.floor(width / counts.length));
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
 * Returns how numbers rise and fall, as blocks on a log scale over two decades at
 * least. What is not above 0 is a space.
 *
 * @param values The numbers, in order; of more than 60 every so many are shown.
 */
export function levels(values: readonly number[]): string {
  const stride = Math.ceil(values.length / columns);
  const repeat = Math.max(1, Math.floor(columns / 2 / values.length));
  const logs = values.filter((_, index) => index % stride === 0).map(
    Math.log10,
  );
  const finite = logs.filter(Number.isFinite);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const low = finite.reduce((a, b) => Math.min(a, b), high - 2);
  return logs.map((log) => {
    if (!Number.isFinite(log)) return " ".repeat(repeat);
    const share = (log - low) / (high - low);
    return blocks[Math.round(share * (blocks.length - 1))].repeat(repeat);
  }).join("").trimEnd();
}

/**
 * Returns a histogram with its title above, its ends and facts below.
 *
 * @param title Plain text.
 * @param counted The histogram.
 * @param facts Lines of plain text.
 */
export function histogramPicture(
  title: string,
  { counts, edges }: Histogram,
  facts: readonly string[],
): string {
  const bars = blockHistogram(counts);
  const ends = endsLine(edges[0], edges.at(-1)!, bars.length);
  return [title, bars, ends, ...facts.map(asciiMinus)].join("\n");
}

/**
 * Returns the line under a histogram: its ends.
 *
 * @param low The left end.
 * @param high The right end.
 * @param width The histogram's width, in characters.
 */
export function endsLine(low: number, high: number, width: number): string {
  const digits = digitsFor(low, high);
  const [left, right] = [low, high].map((end) =>
    asciiMinus(formatNumber(end, digits))
  );
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
const signRows = 11;

/**
 * Returns a corner of a heat map as signs, `▼ ▽ · △ ▲` from far below 0 to far
 * above, whole tiles of it.
 *
 * @param z The values, row by row; null is a gap.
 * @param limit The value of the strongest sign.
 */
export function signPicture(
  z: readonly (readonly (number | null)[])[],
  limit: number,
): string {
  const gapRow = (row: number) => z[row].every((value) => value === null);
  const gapColumn = (column: number) => z.every((row) => row[column] === null);
  const height = wholeTiles(z.length, signRows, gapRow);
  const width = wholeTiles(z[0].length, columns, gapColumn);
  const lines = z.slice(0, height).map((row) =>
    row.slice(0, width).map((value) => signOf(value, limit)).join("").trimEnd()
  );
  const end = asciiMinus(formatNumber(limit, 3));
  return [...lines, `▼ ▽ · △ ▲ from -${end} to ${end}`].join("\n");
}

/** How many rows or columns fit, cut at a gap where there is one. */
function wholeTiles(
  count: number,
  most: number,
  isGap: (index: number) => boolean,
): number {
  if (count <= most) return count;
  for (let end = most; end > 0; end--) if (isGap(end)) return end;
  return most;
}

function signOf(value: number | null, limit: number): string {
  if (value === null) return " ";
  const share = value / limit;
  if (Math.abs(share) <= 0.2) return "·";
  if (share > 0) return share > 0.6 ? "▲" : "△";
  return share < -0.6 ? "▼" : "▽";
}
