/**
 * Text in figures: its markup, width and line breaks; and pictures made of
 * characters, for consoles.
 *
 * @module
 */

import { digitsFor, formatNumber } from "../core/format.ts";
import type { Histogram } from "../numerics/histogram.ts";

/** A piece of a line, all in one style. */
interface Run {
  /** Plain text. */
  readonly text: string;
  /** Whether it is bold. */
  readonly bold: boolean;
}

const blocks = "▁▂▃▄▅▆▇█";

/** The approximate width in characters. */
const columns = 60;

/** The most rows in a picture made of characters. */
const signRows = 11;

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  nbsp: "\u00a0",
};

/** Widths in em, of a wide sans serif (DejaVu Sans, Verdana). */
const widths: readonly (readonly [string, number])[] = [
  [" !',.:;/\\[]|ijlI·", 0.36],
  ['-()frt{}`"', 0.43],
  ["mwMW@%…", 1],
  ["ABCDEFGHKLNOPQRTUVXYZ&+=<>~#−±", 0.84],
];
const otherWidth = 0.64;
const wideWidth = 1.1;
const narrowest = Math.min(...widths.map(([, width]) => width));

const byCharacter = new Map(
  widths.flatMap(([characters, width]) =>
    [...characters].map((character) => [character, width] as const)
  ),
);

/** The preferred share of a cut name before the `…`. */
const fronts = [0.5, 0.3, 0.7, 0.1, 0.9];

/**
 * Returns a histogram in block characters. An empty bin is a space; any other
 * bin is at least the lowest block.
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
 * Draws numbers as blocks on a log scale of at least two decades. Numbers not
 * above 0 are spaces.
 *
 * @param values The numbers, in order; if there are more than 60, only some are
 * shown.
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
 * Returns a histogram with its ends and facts below.
 *
 * @param counted The histogram.
 * @param facts Lines of plain text.
 */
export function histogramPicture(
  { counts, edges }: Pick<Histogram, "counts" | "edges">,
  facts: readonly string[],
): string {
  const bars = blockHistogram(counts);
  const ends = endsLine(edges[0], edges.at(-1)!, bars.length);
  return [bars, ends, ...facts.map(asciiMinus)].join("\n");
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
 * Returns text with the ASCII minus sign, which consoles and programs can read.
 *
 * @param text Text with `−`.
 */
export function asciiMinus(text: string): string {
  return text.replaceAll("−", "-");
}

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

/**
 * Escapes text so that plotly shows it literally: tags, entities, TeX between
 * dollar signs, and the `%{…}` of templates lose their meaning.
 *
 * @param text Plain text; line breaks and control characters become spaces.
 */
export function asTyped(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[&<>$]|%(?=\{)/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * Returns the lines of a text, each as runs of one style: `<br>` and `<b>`
 * are understood, other tags are dropped.
 *
 * @param text Text as plotly reads it.
 */
export function parseText(text: string): Run[][] {
  const lines: Run[][] = [[]];
  let bold = false;
  for (const part of text.split(/(<[^<>]*>)/)) {
    const tag = /^<(\/?)(\w+)[^<>]*>$/.exec(part);
    if (tag === null) {
      if (part !== "") lines.at(-1)!.push({ text: decode(part), bold });
    } else if (tag[2] === "br") {
      lines.push([]);
    } else if (tag[2] === "b") {
      bold = tag[1] === "";
    }
  }
  return lines;
}

/**
 * Returns a text without its tags; line breaks become spaces.
 *
 * @param text Text as plotly reads it.
 */
export function plainText(text: string): string {
  return parseText(text)
    .map((line) => line.map((run) => run.text).join(""))
    .join(" ");
}

/**
 * Returns the width of a line of text, in pixels.
 *
 * @param text Plain text without line breaks.
 * @param size The size of the letters, in pixels.
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) {
    // Beyond U+2E7F are ideographs and emoji, as wide as they are high.
    width += byCharacter.get(character) ??
      (character > "\u2e7f" ? wideWidth : otherWidth);
  }
  return width * size;
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

/**
 * Returns text broken into lines that fit, at spaces if there are some; the
 * last line ends in `…` if text is left over.
 *
 * @param text Plain text.
 * @param width The room, in pixels.
 * @param size The size of the letters, in pixels.
 * @param most How many lines there may be.
 */
export function wrapText(
  text: string,
  width: number,
  size: number,
  most: number,
): string[] {
  const lines: string[] = [];
  let rest = text.replace(/\s+/g, " ").trim();
  while (textWidth(rest, size) > width && lines.length < most - 1) {
    const fits = fitting(rest, width, size);
    const space = rest.lastIndexOf(" ", fits);
    const end = space > 0 ? space : fits;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  lines.push(
    textWidth(rest, size) <= width
      ? rest
      : `${rest.slice(0, fitting(rest, width - size, size))}…`,
  );
  return lines;
}

/**
 * Shortens names that are too long by an `…`: at the preferred place if all
 * names stay different, else in the middle.
 *
 * @param names Plain texts.
 * @param width The room, in pixels.
 * @param size The size of the letters, in pixels.
 */
export function shortenNames(
  names: readonly string[],
  width: number,
  size: number,
): string[] {
  const tried = fronts.map((front) =>
    names.map((name) => shorten(name, front, width, size))
  );
  const distinct = new Set(names).size;
  return tried.find((short) => new Set(short).size === distinct) ?? tried[0];
}

/** The number of rows or columns that fit, cut at a gap if there is one. */
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

function decode(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([\da-f]+)|([a-z]+));/gi,
    (whole, decimal, hex, name) =>
      name === undefined
        ? String.fromCodePoint(parseInt(decimal ?? hex, decimal ? 10 : 16))
        : entities[name] ?? whole,
  );
}

/**
 * The part of a text that fits: at least one character, and never half of one.
 */
function fitting(text: string, width: number, size: number): number {
  let end = 0;
  let used = 0;
  for (const character of text) {
    used += textWidth(character, size);
    if (used > width && end > 0) break;
    end += character.length;
  }
  return end;
}

function shorten(
  name: string,
  front: number,
  width: number,
  size: number,
): string {
  // No more letters fit than of the narrowest ones: the middle is never read.
  const most = Math.ceil(width / (size * narrowest)) + 1;
  const long = name.length > 4 * most;
  if (!long && textWidth(name, size) <= width) return name;
  const letters = long
    ? [
      ...[...name.slice(0, 2 * most)].slice(0, most),
      ...[...name.slice(-2 * most)].slice(-most),
    ]
    : [...name];
  const cut = (kept: number) => {
    const before = Math.floor(front * kept);
    const after = letters.length - (kept - before);
    return `${letters.slice(0, before).join("")}…${
      letters.slice(after).join("")
    }`;
  };
  let kept = Math.min(letters.length - 1, most);
  while (kept > 1 && textWidth(cut(kept), size) > width) kept--;
  return cut(kept);
}
