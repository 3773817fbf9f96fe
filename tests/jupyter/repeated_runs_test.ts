/**
 * Runs of a notebook on the kernel alone: what a race loses is seldom lost at
 * once. `tests/notebooks` has the first run of each.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { firstDifference } from "../../notebooks/runner/compare.ts";
import { keepOneLibrary } from "../../notebooks/runner/library.ts";
import { missingCells } from "../../notebooks/runner/missing.ts";
import { parseNotebook } from "../../notebooks/runner/notebook.ts";
import { runNotebook } from "../../notebooks/run.ts";

/** How often each is run. */
const notebooks: readonly (readonly [string, number])[] = [
  ["01_fan_in_fan_out", 20],
  ["02_weight_distributions", 20],
  ["04_choose_an_initializer", 2],
  ["05_inspect_a_model", 2],
];

for (const [name, runs] of notebooks) {
  const path = `notebooks/${name}.ipynb`;

  Deno.test(`${name}: ${runs} runs lose no output and change none`, async () => {
    const committed = parseNotebook(await Deno.readTextFile(path));
    for (let run = 0; run < runs; run++) {
      const { notebook } = await runNotebook(path);
      const missing = missingCells(notebook);
      if (missing.length > 0) {
        console.log(`NOT RUN: ${name}, cells ${missing}: no checkpoints`);
      }
      const difference = firstDifference(
        keepOneLibrary(committed),
        notebook,
        missing,
      );
      assertEquals(difference, undefined, `run ${run}`);
    }
  });
}
