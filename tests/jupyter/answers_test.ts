import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { prepareLab } from "../../notebooks/lab.ts";
import { formatNotebook } from "../../notebooks/runner/notebook.ts";
import { findPython } from "../../notebooks/venv.ts";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import { allAnswers, assertFolded } from "../browser/folded.ts";
import { screenshot } from "../browser/screenshot.ts";
import { startLab } from "./lab.ts";
import { NotebookPage } from "./notebook_page.ts";
import { convert } from "./nbconvert.ts";

const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

Deno.test({
  name: "answers are folded",
  ignore: python === undefined,
  async fn(t) {
    const { answers, notebook } = await allAnswers();
    const text = formatNotebook(notebook);
    const lab = await prepareLab();
    await using browser = await launchChromium();

    await t.step("in JupyterLab, light and dark", async () => {
      await using server = await startLab(lab);
      await Deno.writeTextFile(server.path("answers"), text);
      // A cell out of sight is not in the page.
      const viewport = { width: 1300, height: 4000 };
      const { page, context, faults } = await watchedPage(browser, {
        viewport,
      });
      await using _context = context;
      const open = new NotebookPage(page);
      await open.open(server.url("answers"), notebook.cells.length);
      await assertFolded(page, answers);
      await screenshot(page, "jupyterlab_answers_light");
      await open.darken();
      await screenshot(page, "jupyterlab_answers_dark");
      assertEquals(faults, []);
    });

    await t.step("in nbconvert's page", async () => {
      const out = await Deno.makeTempDir();
      const path = join(out, "answers.ipynb");
      await Deno.writeTextFile(path, text);
      await convert(lab, path, out);
      const { page, context } = await watchedPage(browser);
      await using _context = context;
      await page.goto(`file://${out}/answers.html`);
      await assertFolded(page, answers);
      await screenshot(page, "nbconvert_answers");
      await Deno.remove(out, { recursive: true });
    });
  },
});
