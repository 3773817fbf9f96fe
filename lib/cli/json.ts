/**
 * What `--json` prints.
 *
 * @module
 */

import type { Terminal } from "./terminal.ts";

/** How a help text says what `--json` does. */
export const jsonHelp =
  `  --json                  one JSON document; NaN, infinities and seeds are
                          strings in it`;

/**
 * Prints a value as one JSON document: on one line, or indented where people
 * look at it. What JSON lacks is a string: `"NaN"`, `"-Infinity"`, and the
 * digits of a bigint.
 *
 * @param terminal Where it is printed.
 * @param value Plain data.
 */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(JSON.stringify(value, written, terminal.isTerminal ? 2 : 0));
}

function written(_key: string, value: unknown): unknown {
  const isLacking = typeof value === "bigint" ||
    typeof value === "number" && !Number.isFinite(value);
  return isLacking ? String(value) : value;
}
