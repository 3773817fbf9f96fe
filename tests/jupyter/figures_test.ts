import { assertEquals } from "@std/assert";
import type { Browser } from "npm:playwright-core@1.65.1";
import { findPython } from "../../notebooks/venv.ts";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import {
  assertAllDrawn,
  assertCount,
  assertPicture,
} from "../browser/drawn.ts";
import { type LabServer, startLab } from "./lab.ts";
import { NotebookPage } from "./notebook_page.ts";
import { copiesIn, newNotebook, readNotebook, shownIn } from "./notebooks.ts";

/** What the steps work with. */
interface Setting {
  readonly server: LabServer;
  readonly browser: Browser;
}

const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

const sample = newNotebook([
  `import { display, empty, fan, init, manualSeed, nn, plot } from "../mod.ts";
manualSeed(0);
const conv = new nn.Conv2d(16, 33, 3, { stride: 2 });`,
  `plot.weights(conv)`,
  `conv.weight.at(0, 0)`,
  `fan(conv.weight)`,
  `conv`,
  `await display(plot.kernels(conv));
plot.compare({ one: conv, two: init.xavierNormal(empty([33, 16, 3, 3])) })`,
]);

Deno.test({
  name: "figures in JupyterLab",
  ignore: python === undefined,
  async fn(t) {
    await using server = await startLab();
    await using browser = await launchChromium();
    const setting = { server, browser };
    await t.step(
      "outlive a new run of the cell that carries",
      () => rerunCarrier(setting),
    );
    await t.step(
      "and all else stand under their cells",
      () => runQueue(setting),
    );
  },
});

async function rerunCarrier(setting: Setting): Promise<void> {
  const name = "carrier";
  const path = setting.server.path(name);
  await Deno.writeTextFile(path, sample);
  await inLab(setting, name, async (lab) => {
    await lab.runAll();
    await assertAllDrawn(lab.page, 3);
    await lab.run(1);
    await assertAllDrawn(lab.page, 3);
    await lab.save();
    assertEquals(await copiesIn(path), 0);
    await lab.open(setting.server.url(name), 6);
    await assertAllDrawn(lab.page, 3);
  });
  // Another browser never saw the library.
  await inLab(setting, name, async (lab) => {
    await assertCount(lab.figures, 3, "figures in the page");
    for (const figure of await lab.figures.all()) await assertPicture(figure);
    await lab.run(1, "display(plot.weights(conv), { library: true })");
    await assertAllDrawn(lab.page, 3);
    await lab.save();
  });
  assertEquals(await copiesIn(path), 1);
}

async function runQueue(setting: Setting): Promise<void> {
  const name = "queue";
  const path = setting.server.path(name);
  const cells = Array.from(
    { length: 100 },
    (_, index) =>
      index % 3 === 0 ? `await display(tensor(${index}))` : `tensor(${index})`,
  );
  const first = `import { display, tensor } from "../mod.ts"; undefined`;
  await Deno.writeTextFile(path, newNotebook([first, ...cells]));
  await inLab(setting, name, async (lab) => {
    await lab.runAll();
    await lab.save();
  });
  assertEquals(
    shownIn(await readNotebook(path), "text/plain"),
    cells.map((_, index) => [index + 1, `tensor(${index}.)`]),
  );
}

/** Opens a notebook in a browser that has seen nothing yet. */
async function inLab(
  { server, browser }: Setting,
  name: string,
  action: (lab: NotebookPage) => Promise<void>,
): Promise<void> {
  const viewport = { width: 1300, height: 2000 };
  const { page, context, faults } = await watchedPage(browser, { viewport });
  await using _context = context;
  const lab = new NotebookPage(page);
  const { cells } = await readNotebook(server.path(name));
  await lab.open(server.url(name), cells.length);
  await action(lab);
  assertEquals(faults, []);
}
