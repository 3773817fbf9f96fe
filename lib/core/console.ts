/**
 * How consoles ask values for their text, and what they get.
 *
 * @module
 */

import { consoleColumns } from "./platform.ts";
import { titleOf } from "./title.ts";

/**
 * How a console wants the text of a value.
 *
 * @internal
 */
export interface ConsoleRequest {
  /** The most elements that it shows of an array. */
  readonly most: number;
  /** Whether the value may be in an object, after its key. */
  readonly nested: boolean;
  /** Columns of the terminal; undefined where it is none. */
  readonly width?: number;
}

/**
 * What consoles tell a value: Deno and Node alike, unless said otherwise.
 *
 * @internal
 */
export interface ConsoleOptions {
  /** The most elements of an array; null for all. */
  readonly maxArrayLength?: number | null;
  /** How deep values are shown; null for all. */
  readonly depth?: number | null;
  /** The objects that the value is in; of Deno. */
  readonly seen?: readonly unknown[];
  /** How many spaces its further lines need; of Deno. */
  readonly indentationLvl?: number;
}

/**
 * Returns a value's text for Deno, which leaves it to the value to indent its
 * further lines.
 *
 * @param value The value.
 * @param text Returns its text.
 * @param options Deno's options, and where the value is.
 */
export function textInDeno(
  value: object,
  text: (request: ConsoleRequest) => string,
  { maxArrayLength, depth, seen = [], indentationLvl = 0 }: ConsoleOptions = {},
): string {
  if (seen.length > (depth ?? Infinity)) return `[${titleOf(value)}]`;
  const request = {
    most: mostOf(maxArrayLength),
    nested: seen.length > 0,
    get width() {
      return widthFor(indentationLvl);
    },
  };
  return text(request).replaceAll(
    /\n(?!\n)/g,
    `\n${" ".repeat(indentationLvl)}`,
  );
}

/**
 * Returns a value's text for Node, which does not tell a value where it is if all
 * levels are shown.
 *
 * @param value The value.
 * @param text Returns its text.
 * @param left How many more levels are shown.
 * @param options Node's options.
 */
export function textInNode(
  value: object,
  text: (request: ConsoleRequest) => string,
  left: number | null | undefined,
  { maxArrayLength, depth }: ConsoleOptions = {},
): string {
  if ((left ?? Infinity) < 0) return `[${titleOf(value)}]`;
  const top = depth === undefined || left === depth && Number.isFinite(depth);
  return text({
    most: mostOf(maxArrayLength),
    nested: !top,
    get width() {
      return widthFor(0);
    },
  });
}

/** Consoles show 100 elements if they are not told. */
function mostOf(maxArrayLength: number | null | undefined): number {
  return maxArrayLength === undefined ? 100 : maxArrayLength ?? Infinity;
}

function widthFor(indentation: number): number | undefined {
  const columns = consoleColumns();
  return columns === undefined ? undefined : columns - indentation;
}
