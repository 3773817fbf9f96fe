/**
 * What people do to a notebook that has run, and what is then seen of its
 * figures: in the page, and elsewhere in the saved file.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { unpack } from "../../notebooks/runner/packed.ts";
import type { FrontEnd } from "./front_ends.ts";
import type { LabServer } from "./lab.ts";
import type { NotebookPage } from "./notebook_page.ts";
import { copiesIn, newNotebook, readNotebook } from "./notebooks.ts";
import { lookAt, type Seen } from "./seen.ts";
import type { SeenTable } from "./seen_table.ts";

/** Where the rows are tried. */
export interface Place {
  readonly frontEnd: FrontEnd;
  readonly server: LabServer;
  /** The page in which things are done. */
  readonly own: NotebookPage;
  /** A page that never has the notebook's outputs but from its file. */
  readonly elsewhere: NotebookPage;
  readonly table: SeenTable;
}

/** Something that is done, and what it leaves. */
interface Row {
  readonly name: string;
  readonly act: (lab: NotebookPage) => Promise<void>;
  /** How many figures the notebook then has. Default: 4. */
  readonly figures?: number;
  /** How many copies of plotly.js its file then has. Default: 1. */
  readonly copies?: number;
}

const sources = [
  `import { display, init, manualSeed, nn, plot } from "../mod.ts";
manualSeed(0);
const conv = new nn.Conv2d(16, 33, 3, { stride: 2 });`,
  `plot.weights(conv)`,
  `await display(plot.kernels(conv));
plot.quantiles(conv)`,
  `conv.weight.at(0, 0)`,
  `plot.weights(conv, { title: "Last" })`,
];

/** In this order, on one notebook. */
const rows: readonly Row[] = [
  { name: "run all", act: (lab) => lab.runAll() },
  { name: "re-run first", act: (lab) => lab.run(1) },
  { name: "re-run middle", act: (lab) => lab.run(2) },
  { name: "re-run without figure", act: (lab) => lab.run(3) },
  {
    name: "changed title",
    act: (lab) => lab.run(1, `plot.weights(conv, { title: "Other" })`),
  },
  {
    name: "restart, run one",
    act: async (lab) => {
      await lab.restart();
      await lab.run(0);
      await lab.run(2);
    },
    // The new kernel cannot empty what the old one showed in the first cell.
    copies: 2,
  },
  { name: "run all again", act: (lab) => lab.runAll() },
  {
    name: "delete the carrier",
    act: (lab) => lab.delete(4),
    figures: 3,
    copies: 0,
  },
  { name: "then run any", act: (lab) => lab.run(2), figures: 3 },
];

/**
 * Does all this in a front end, and looks at everything.
 *
 * @param t Gets a step for each row.
 * @param place Where it is done.
 */
export async function tryRows(
  t: Deno.TestContext,
  place: Place,
): Promise<void> {
  const { frontEnd, server, own, elsewhere } = place;
  const [name, other] = ["alive", "other"];
  const url = (name: string) => server.url(name, frontEnd.app);
  await Deno.writeTextFile(server.path(name), newNotebook(sources));
  await own.open(url(name), sources.length);
  for (const row of rows) {
    await t.step(`${frontEnd.name}: ${row.name}`, async () => {
      const { figures = 4, copies = 1 } = row;
      await row.act(own);
      await own.save();
      await look(place, row.name, own, figures, "drawn");
      assertEquals(await copiesIn(server.path(name)), copies);
      const { cells } = await readNotebook(server.path(name));
      await elsewhere.open(url(name), cells.length);
      const wanted = copies > 0 ? "drawn" : "told";
      await look(place, `${row.name}, saved`, elsewhere, figures, wanted);
    });
  }
  if (frontEnd.app !== "jupyterlab") return;
  await t.step(`${frontEnd.name}: copy a cell`, async () => {
    await Deno.writeTextFile(server.path(other), newNotebook([""]));
    await own.copyInto(1, other);
    await elsewhere.open(url(other), 2);
    await look(place, "copy a cell, saved", elsewhere, 1, "told");
  });
}

async function look(
  { frontEnd, table }: Place,
  state: string,
  { page }: NotebookPage,
  count: number,
  wanted: Seen,
): Promise<void> {
  const figures = page.locator(
    ".jp-OutputArea-output:has(> [data-fanin-figure])",
  );
  const all: Seen[] = [];
  for (let index = 0; index < count; index++) {
    const output = figures.nth(index);
    const spec = unpack(
      await output.locator("script").first().textContent() ?? "",
    );
    const exhibit = { html: "", figure: JSON.parse(spec) };
    const seen = await lookAt(output, exhibit, wanted, false);
    table.add({ frontEnd: frontEnd.name, kind: "figures", state, seen });
    all.push(seen);
  }
  assertEquals(all, new Array(count).fill(wanted), state);
  assertEquals(await figures.count(), count);
}
