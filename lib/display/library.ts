/**
 * How plotly.js reaches the page.
 *
 * The first figure that a kernel shows carries it, packed, in an element of its
 * HTML; later figures only wait for it. Carrying it again whenever a figure is
 * shown again would put a second copy into the file when one figure is shown in
 * two cells. So the page keeps the carried copy in the browser's cache, where a
 * figure of a file without a copy finds it after a reload.
 *
 * @module
 */

import { pack } from "./pack.ts";
import { plotlyIntegrity, plotlyText, plotlyUrl } from "./plotly_text.ts";

let carried = false;
let packed: Promise<string> | undefined;

/**
 * Returns the element that carries plotly.js at the first call, then nothing.
 * Where its text cannot be had, that is nothing too, and the next call tries.
 */
export async function carryOnce(): Promise<string> {
  if (carried) return "";
  carried = true;
  const element = await carry();
  if (element === "") carried = false;
  return element;
}

/** Makes the next figure carry plotly.js, whatever was carried before. */
export function carryAgain(): void {
  carried = false;
}

/**
 * Returns the element that carries plotly.js, or nothing where its text cannot
 * be had.
 */
export async function carry(): Promise<string> {
  packed ??= plotlyText().then(pack);
  try {
    return carrier("", await packed);
  } catch {
    packed = undefined;
    return "";
  }
}

/** Returns the element that names where plotly.js is on the network. */
export function carryUrl(): string {
  return carrier(` data-url="${plotlyUrl}"`, "");
}

function carrier(attributes: string, content: string): string {
  return `<script type="text/plain" data-fanin-library="${plotlyIntegrity}"${attributes}>${content}</script>`;
}
