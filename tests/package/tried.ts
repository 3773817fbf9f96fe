/**
 * What a runtime must give: the same as Deno from the sources.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { manualSeed, nn, plot } from "../../mod.ts";
import { plotlyIntegrity } from "../../lib/notebook/plotly.ts";
import { readWhere, type Row, writeWhere } from "./where.ts";

/** What `tried` of `features.js` returns, and how long the import took. */
export interface Tried {
  readonly kernels: Readonly<Record<string, readonly string[]>>;
  readonly initModel: boolean;
  readonly threads: number;
  readonly safetensors: boolean;
  readonly files: unknown;
  readonly layer: string;
  readonly title: string;
  readonly svg: string;
  readonly html: string;
  readonly shown: readonly string[];
  /** Milliseconds from the import to the first tensor. */
  readonly started: number;
}

/** What files must say. */
const files = {
  equal: true,
  names: ["bias", "weight"],
  kinds: ["fresh", "fresh"],
  hashes: 2,
  missing:
    'ENOENT Cannot open "FOLDER/none.npy": No such file or directory (os error 2)',
};

/** Figures of the same weights have the same picture everywhere. */
const { layer, title, svg } = (() => {
  manualSeed(0);
  const conv = new nn.Conv2d(4, 6, 3);
  const figure = plot.weights(conv);
  const { text } = figure.layout.title as { text: string };
  return { layer: String(conv), title: text, svg: figure.toSvg() };
})();

/**
 * Asserts that a runtime gives what it must, and that the README says what it
 * can; with `--write`, makes the README say it.
 *
 * @param name The runtime, as the README calls it.
 * @param tried What it gave.
 * @param cli Whether the command line runs.
 */
export async function assertTried(
  name: string,
  tried: Tried,
  cli: boolean,
): Promise<void> {
  for (const [kernel, mismatches] of Object.entries(tried.kernels)) {
    assertEquals(mismatches, [], `${name}: ${kernel}`);
  }
  assert(tried.initModel, `${name}: initModel's bytes are others`);
  assert(tried.safetensors, `${name}: a safetensors file reads otherwise`);
  if (tried.files !== "none") assertEquals(tried.files, files, name);
  assertEquals([tried.layer, tried.title], [layer, title], name);
  assertEquals(tried.svg, svg, name);
  assertEquals(tried.shown, ["text/html", "text/plain"], name);
  assert(tried.html.includes(`data-fanin-library="${plotlyIntegrity}">`), name);
  assert(
    tried.html.length > 500_000,
    `${name}: a page of ${tried.html.length}`,
  );
  console.log(`${name}: ${tried.started.toFixed(0)} ms to the first tensor`);
  const row: Row = {
    kernels: Object.keys(tried.kernels),
    threads: tried.threads > 1,
    files: tried.files !== "none",
    cli,
  };
  if (Deno.args.includes("--write")) await writeWhere(name, row);
  assertEquals(
    (await readWhere())[name],
    row,
    "deno task test:package -- --write",
  );
}
