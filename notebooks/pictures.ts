/**
 * The pictures of the README. `deno task readme` writes them.
 *
 * @module
 */

import { init, manualSeed, nn, plot } from "../mod.ts";

/** The folder of the pictures. */
export const folder: URL = new URL("./pictures/", import.meta.url);

/** Returns the pictures by file name, as SVG. */
export function drawPictures(): Record<string, string> {
  manualSeed(0);
  const conv = new nn.Conv2d(16, 33, 3, { stride: 2 });
  init.kaimingNormal(conv.weight, { mode: "fan_out", nonlinearity: "relu" });
  return { "weights.svg": plot.weights(conv).toSvg() };
}
