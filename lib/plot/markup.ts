/**
 * Text as plotly reads it: a few HTML tags and entities have a meaning there.
 *
 * @module
 */

/** A piece of a line, all in one style. */
export interface Run {
  /** Plain text. */
  readonly text: string;
  /** Whether it is bold. */
  readonly bold: boolean;
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  nbsp: "\u00a0",
};

/**
 * Returns text that plotly shows as it is, whatever it holds: tags, entities,
 * TeX between dollar signs, and the `%{…}` of templates lose their meaning.
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
 * Returns what a text says, without its tags; line breaks become spaces.
 *
 * @param text Text as plotly reads it.
 */
export function plainText(text: string): string {
  return parseText(text)
    .map((line) => line.map((run) => run.text).join(""))
    .join(" ");
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
