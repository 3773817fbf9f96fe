/**
 * Columns of text: names that fit, and cells of one width.
 *
 * @module
 */

/** Controls, ends of lines, and marks that turn text around. */
const unshown = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Letters that are written from right to left. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Ends such a text: the numbers after it stay where they are. */
const leftToRight = "\u200e";

/**
 * Returns a name that fits, its middle replaced by `…` if it is too long.
 *
 * @param name The name; characters that a terminal would obey, or that turn the
 * order of others around, become spaces.
 * @param most How many characters there may be, at least 3.
 */
export function shortened(name: string, most: number): string {
  // What is farther from both ends is not shown, whatever it is.
  const ends = name.length <= 4 * most
    ? name
    : name.slice(0, 2 * most) + name.slice(-2 * most);
  const characters = [...ends.replace(unshown, " ")];
  if (characters.length <= most) return characters.join("");
  const head = Math.floor((most - 1) / 2);
  const tail = most - 1 - head;
  return `${characters.slice(0, head).join("")}…${
    characters.slice(-tail).join("")
  }`;
}

/**
 * Returns texts filled up with spaces to the length of the longest.
 *
 * @param cells The texts, one at least.
 * @param align Their alignment. Default: left.
 */
export function padded(cells: readonly string[], align?: "right"): string[] {
  const width = cells.reduce((most, cell) => Math.max(most, lengthOf(cell)), 0);
  return cells.map((cell) => {
    const isOpen = rightToLeft.test(cell) && !cell.includes(leftToRight);
    const end = isOpen ? leftToRight : "";
    const space = end + " ".repeat(width - lengthOf(cell));
    return align === "right" ? space + cell : cell + space;
  });
}

/**
 * Returns the lines of a table: cells of one width in each column, two spaces
 * apart.
 *
 * @param rows The rows, of equally many cells; one at least.
 * @param left How many columns begin at the left; the others end at the right.
 * Default: 0.
 */
export function inColumns(
  rows: readonly (readonly string[])[],
  left = 0,
): string[] {
  const columns = rows[0].map((_, column) =>
    padded(
      rows.map((row) => row[column]),
      column < left ? undefined : "right",
    )
  );
  return rows.map((_, row) =>
    columns.map((cells) => cells[row]).join("  ").trimEnd()
  );
}

/**
 * Returns a text's length in characters, not in UTF-16 code units.
 *
 * @param cell The text; marks of its direction count for nothing.
 */
export function lengthOf(cell: string): number {
  return [...cell].filter((each) => each !== leftToRight).length;
}
