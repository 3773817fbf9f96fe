/**
 * The pictures of the README. `deno task readme` writes them.
 *
 * @module
 */

import { he2015, init, manualSeed, nn, plot, propagate } from "../mod.ts";

/** The folder of the pictures. */
export const folder: URL = new URL("./pictures/", import.meta.url);

/** Returns the pictures by file name, as SVG. */
export function drawPictures(): Record<string, string> {
  manualSeed(0);
  const conv = new nn.Conv2d(16, 33, 3, { stride: 2 });
  init.kaimingNormal(conv.weight, { mode: "fan_out", nonlinearity: "relu" });
  const model = new nn.TransformerEncoderLayer(64, 4, 256);
  const figures = {
    weights: plot.weights(conv),
    fan: plot.fan(conv.weight),
    propagation: plot.propagation({
      Xavier: propagate({ ...he2015.xavier30, bins: 0 }),
      Kaiming: propagate({ ...he2015.kaiming30, bins: 0 }),
    }),
    layers: plot.layers(model),
    quantiles: plot.quantiles(conv),
    spectrum: plot.spectrum(conv),
  };
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [
      `${name}.svg`,
      figure.toSvg(),
    ]),
  );
}
