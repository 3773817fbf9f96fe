/**
 * How wide text is, without a browser: a little too wide rather than cut off.
 *
 * @module
 */

/** Widths in em, of a wide sans serif (DejaVu Sans, Verdana). */
const widths: readonly (readonly [string, number])[] = [
  [" !',.:;/\\[]|ijlI·", 0.36],
  ['-()frt{}`"', 0.43],
  ["mwMW@%…", 1],
  ["ABCDEFGHKLNOPQRTUVXYZ&+=<>~#−±", 0.84],
];
const otherWidth = 0.64;
const wideWidth = 1.1;

const byCharacter = new Map(
  widths.flatMap(([characters, width]) =>
    [...characters].map((character) => [character, width] as const)
  ),
);

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
 * Returns text broken into lines that fit, at spaces where there are some; the
 * last line ends in `…` where text is left over.
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

/** How much of a cut name stands before the `…`, by preference. */
const fronts = [0.5, 0.3, 0.7, 0.1, 0.9];

/**
 * Returns names that fit, with `…` inside those that are too long: where that
 * leaves all of them different, else in the middle.
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

function shorten(
  name: string,
  front: number,
  width: number,
  size: number,
): string {
  if (textWidth(name, size) <= width) return name;
  const letters = [...name];
  const cut = (kept: number) => {
    const before = Math.floor(front * kept);
    const after = letters.length - (kept - before);
    return `${letters.slice(0, before).join("")}…${
      letters.slice(after).join("")
    }`;
  };
  let kept = letters.length - 1;
  while (kept > 1 && textWidth(cut(kept), size) > width) kept--;
  return cut(kept);
}

/** How much of a text fits, at least one character and never half of one. */
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
