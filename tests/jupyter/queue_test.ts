/**
 * Where outputs stand when a hundred cells wait in JupyterLab. What is awaited
 * must stand under its cell; of what is sent and left, and of plain broadcasts,
 * it prints how many do not.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { findPython } from "../../notebooks/venv.ts";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import { startLab } from "./lab.ts";
import { NotebookPage } from "./notebook_page.ts";
import { newNotebook, readNotebook, shownIn } from "./notebooks.ts";

const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

/** The ways by which a cell shows a tensor, or its text. */
const ways:
  readonly (readonly [way: string, code: (text: string) => string])[] = [
    ["value", (text) => text],
    ["await display", (text) => `await display(${text})`],
    ["display", (text) => `display(${text}); undefined`],
    [
      "await broadcast",
      (text) =>
        `await Deno.jupyter.broadcast("display_data", { data: { "text/plain": "${text}" }, metadata: {}, transient: {} })`,
    ],
  ];

Deno.test({
  name: "outputs stand under their cells in JupyterLab",
  ignore: python === undefined,
  async fn() {
    const cells = Array.from({ length: 100 }, (_, index) => {
      const [way, code] = ways[index % ways.length];
      const text = `tensor(${index}.)`;
      return { way, text, source: code(text) };
    });
    const shown = await run([
      `import { display, tensor } from "../mod.ts"; undefined`,
      ...cells.map(({ source }) => source),
    ]);
    const wrong = cells.flatMap(({ way, text }, index) =>
      String(shown.get(text)) === String([index + 1]) ? [] : [way]
    );
    for (const [way] of ways) {
      const count = wrong.filter((each) => each === way).length;
      console.log(
        `${way}: ${count} of ${cells.length / ways.length} misplaced`,
      );
    }
    const awaited = ["value", "await display"];
    assertEquals(wrong.filter((way) => awaited.includes(way)), []);
  },
});

/** Runs cells all at once; returns the cells in which each text is. */
async function run(
  sources: readonly string[],
): Promise<Map<unknown, number[]>> {
  await using server = await startLab();
  await using browser = await launchChromium();
  const viewport = { width: 1300, height: 2000 };
  const { page, context, faults } = await watchedPage(browser, { viewport });
  await using _context = context;
  const lab = new NotebookPage(page);
  const path = server.path("queue");
  await Deno.writeTextFile(path, newNotebook(sources));
  await lab.open(server.url("queue"), sources.length);
  await lab.runAll();
  await lab.save();
  assertEquals(faults, []);
  const cells = new Map<unknown, number[]>();
  for (const [cell, text] of shownIn(await readNotebook(path), "text/plain")) {
    cells.set(text, [...cells.get(text) ?? [], cell]);
  }
  return cells;
}
