/**
 * Runs all notebooks in every front end, and prints what was seen. On request it
 * also takes pictures of whole notebooks: untrusted and run in light, reloaded
 * in dark.
 *
 * ```sh
 * deno test -A tests/jupyter/front_ends_test.ts
 * deno test -A tests/jupyter/front_ends_test.ts -- --screenshots
 * ```
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Browser } from "npm:playwright-core@1.65.1";
import { installCheckpoints } from "../../notebooks/checkpoints.ts";
import { prepareLab } from "../../notebooks/lab.ts";
import { needsCheckpoints } from "../../notebooks/runner/missing.ts";
import { formatNotebook } from "../../notebooks/runner/notebook.ts";
import { findPython } from "../../notebooks/venv.ts";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import { screenshotNotebook } from "./screenshot.ts";
import { assertSlides } from "../browser/slider.ts";
import { type Exhibit, exhibitsIn } from "./exhibits.ts";
import {
  environments,
  type FrontEnd,
  type State,
  wantedOf,
} from "./front_ends.ts";
import { type LabServer, startLab } from "./lab.ts";
import { NotebookPage } from "./notebook_page.ts";
import {
  type Committed,
  committedNotebooks,
  copiesIn,
  figuresIn,
  readNotebook,
  shownIn,
  withoutOutputs,
} from "./notebooks.ts";
import { tryRows } from "./reruns.ts";
import { lookAt } from "./seen.ts";
import { SeenTable } from "./seen_table.ts";

/** What the steps of one front end work with. */
interface Setting {
  readonly frontEnd: FrontEnd;
  readonly server: LabServer;
  readonly browser: Browser;
  readonly table: SeenTable;
}

/** How a notebook is brought into one state, and looked at. */
type Visit = (
  setting: Setting,
  page: NotebookPage,
  notebook: Committed,
) => Promise<void>;

/** How long pictures may take until they are in the file, in milliseconds. */
const patience = 60_000;

/** In this order, since what has run is trusted from then on. */
const visits: Readonly<Record<string, Visit>> = {
  "from elsewhere": openUntrusted,
  "at its first run": runAndSave,
  "reloaded": openSaved,
};

/** Notebook 7 throws this at times, without any output too. */
const theirs = "thrown: Cannot read properties of undefined (reading 'schema')";

const isPictured = Deno.args.includes("--screenshots");
const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

Deno.test({
  name: "every front end shows every figure",
  ignore: python === undefined,
  async fn(t) {
    const notebooks = await runnableNotebooks();
    const [table, rerun] = [new SeenTable(), new SeenTable()];
    const venv = await Deno.makeTempDir();
    try {
      await using browser = await launchChromium();
      for (const { packages, frontEnds } of environments) {
        const lab = await prepareLab(venv, packages);
        await using server = await startLab(lab);
        for (const frontEnd of frontEnds) {
          const setting = { frontEnd, server, browser, table };
          await tour(t, setting, notebooks);
          if (!frontEnd.hasPlotly) await rerunIn(t, setting, rerun);
        }
      }
    } finally {
      await Deno.remove(venv, { recursive: true });
      console.log(`${table}\n\n${rerun}`);
    }
  },
});

/** Installs what notebooks look into; what cannot run without it is left out. */
async function runnableNotebooks(): Promise<Committed[]> {
  const outcomes = await installCheckpoints();
  const isComplete = outcomes.every(({ missing }) => missing === undefined);
  return (await committedNotebooks()).filter(({ name, notebook }) => {
    if (isComplete || !needsCheckpoints(notebook)) return true;
    console.log(`NOT RUN: ${name}, as a checkpoint is not installed`);
    return false;
  });
}

/** Makes all visits to all notebooks, each visit in a fresh browser. */
async function tour(
  t: Deno.TestContext,
  setting: Setting,
  notebooks: readonly Committed[],
): Promise<void> {
  const { name, app, runs } = setting.frontEnd;
  const all = Object.entries(visits);
  for (const [state, visit] of runs ? all : all.slice(-1)) {
    const viewport = { width: 1300, height: 1600 };
    const watched = await watchedPage(setting.browser, { viewport });
    await using _context = watched.context;
    const page = new NotebookPage(watched.page, app);
    for (const notebook of notebooks) {
      await t.step(
        `${name}: ${notebook.name} ${state}`,
        () => visit(setting, page, notebook),
      );
    }
    const faults = watched.faults.filter((fault) => fault !== theirs);
    await t.step(
      `${name}: no fault in notebooks ${state}`,
      () => assertEquals(faults, []),
    );
  }
}

/** Does to a notebook what people do; in one page, and with one elsewhere. */
async function rerunIn(
  t: Deno.TestContext,
  setting: Setting,
  table: SeenTable,
): Promise<void> {
  const { frontEnd, browser } = setting;
  const options = { viewport: { width: 1300, height: 2400 } };
  const one = await watchedPage(browser, options);
  await using _one = one.context;
  const two = await watchedPage(browser, options);
  await using _two = two.context;
  await tryRows(t, {
    ...setting,
    table,
    own: new NotebookPage(one.page, frontEnd.app),
    elsewhere: new NotebookPage(two.page, frontEnd.app),
  });
  const faults = [...one.faults, ...two.faults]
    .filter((fault) => fault !== theirs);
  await t.step(
    `${frontEnd.name}: no fault in what ran again`,
    () => assertEquals(faults, []),
  );
}

async function openUntrusted(
  setting: Setting,
  page: NotebookPage,
  { name, text, notebook }: Committed,
): Promise<void> {
  const { server } = setting;
  await Deno.writeTextFile(server.path(name), text);
  await page.open(
    server.url(name, setting.frontEnd.app),
    notebook.cells.length,
  );
  await look(setting, page, exhibitsIn(notebook), "untrusted");
  assertEquals(await page.trustedOutputs.count(), 0);
  await picture(setting, page, `${name}_untrusted`);
}

async function runAndSave(
  setting: Setting,
  page: NotebookPage,
  { name, notebook }: Committed,
): Promise<void> {
  const path = setting.server.path(name);
  await Deno.writeTextFile(path, formatNotebook(withoutOutputs(notebook)));
  await page.open(
    setting.server.url(name, setting.frontEnd.app),
    notebook.cells.length,
  );
  await page.runAll();
  const exhibits = exhibitsIn(notebook);
  await look(setting, page, exhibits, "first run");
  await picture(setting, page, `${name}_first_run`);
  await saveAll(setting, page, name);
  assertEquals(figuresIn(await readNotebook(path)), figuresIn(notebook));
  assertEquals(await copiesIn(path), 1);
}

async function openSaved(
  setting: Setting,
  page: NotebookPage,
  { name, notebook }: Committed,
): Promise<void> {
  await page.open(
    setting.server.url(name, setting.frontEnd.app),
    notebook.cells.length,
  );
  const exhibits = exhibitsIn(notebook);
  if (isPictured) await page.darken();
  await look(setting, page, exhibits, "reloaded");
  await picture(setting, page, `${name}_reloaded`);
  if (setting.frontEnd.hasPlotly) {
    const figures = exhibits.filter(({ figure }) => figure !== undefined);
    for (const { cell, place } of figures) {
      await page.output(cell, place).hover();
    }
    await look(setting, page, figures, "touched");
    await picture(setting, page, `${name}_touched`);
  }
  await slide(page, exhibits);
}

async function picture(
  { frontEnd }: Setting,
  { page }: NotebookPage,
  name: string,
): Promise<void> {
  if (!isPictured) return;
  const place = frontEnd.name.toLowerCase().replaceAll(/\W+/g, "_");
  await screenshotNotebook(page, `${place}_${name}`);
}

/** Looks at everything, and says of everything what is wrong. */
async function look(
  { frontEnd, table }: Setting,
  page: NotebookPage,
  exhibits: readonly Exhibit[],
  state: State,
): Promise<void> {
  const all: { seen: string[]; wanted: string[] } = { seen: [], wanted: [] };
  for (const exhibit of exhibits) {
    const { cell, place, kind } = exhibit;
    const wanted = wantedOf(kind, frontEnd, state);
    // The first of each kind is touched.
    const isTouched = !table.has({
      frontEnd: frontEnd.name,
      kind,
      seen: wanted,
    });
    const seen = await lookAt(
      page.output(cell, place),
      exhibit,
      wanted,
      isTouched,
    );
    table.add({ frontEnd: frontEnd.name, kind, state, seen });
    all.seen.push(`${cell} ${kind}: ${seen}`);
    all.wanted.push(`${cell} ${kind}: ${wanted}`);
  }
  assertEquals(all.seen, all.wanted);
}

async function slide(
  page: NotebookPage,
  exhibits: readonly Exhibit[],
): Promise<void> {
  for (const { cell, place, figure } of exhibits) {
    if (figure?.frames === undefined) continue;
    const output = page.output(cell, place);
    const inside = output.locator(".js-plotly-plot");
    const plot = await inside.count() === 1 ? inside : output;
    await assertSlides(plot, figure.frames);
  }
}

/** Python's plotly adds a picture to each figure some time after drawing it. */
async function saveAll(
  { frontEnd, server }: Setting,
  page: NotebookPage,
  name: string,
): Promise<void> {
  const end = Date.now() + patience;
  do {
    await page.save();
    const notebook = await readNotebook(server.path(name));
    const pictures = shownIn(notebook, "image/png").length;
    const wanted = frontEnd.hasPlotly ? figuresIn(notebook).length : 0;
    if (pictures === wanted) return;
  } while (Date.now() < end);
}
