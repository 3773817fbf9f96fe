/**
 * Snapshots of figures: one file each under `tests/plot/snapshots/`, with the
 * text, the SVG and plotly's JSON. Run this file to rewrite them:
 *
 *     deno run --allow-read --allow-write=tests/plot tests/plot/snapshot.ts
 *
 * @module
 */

import type { plot } from "../../mod.ts";
import { figures } from "./figures.ts";

const folder = new URL("./snapshots/", import.meta.url);

/** What is kept of a figure. */
export function snapshotOf(figure: plot.Figure): string {
  return `${figure}\n\n${figure.toSvg()}\n\n${JSON.stringify(figure)}\n`;
}

/** Where it is kept. */
export function snapshotFile(name: string): URL {
  return new URL(`${name}.txt`, folder);
}

if (import.meta.main) {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder);
  for (const [name, make] of Object.entries(figures)) {
    await Deno.writeTextFile(snapshotFile(name), snapshotOf(make()));
  }
}
