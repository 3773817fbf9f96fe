/// <reference lib="dom" />

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser, Locator, Page } from "npm:playwright-core@1.65.1";
import { formatNotebook } from "../../notebooks/runner/notebook.ts";
import { runNotebook } from "../../notebooks/runner/run_notebook.ts";
import { findPython } from "../../notebooks/venv.ts";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import { screenshot } from "../browser/screenshot.ts";
import { type LabServer, startLab } from "./lab.ts";
import { NotebookPage } from "./notebook_page.ts";
import { newNotebook } from "./notebooks.ts";

const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

const sample = newNotebook([
  `import { explore } from "../mod.ts";
explore()`,
  `explore({ initializer: "normal" })`,
  `"last"`,
]);

Deno.test({
  name: "explorers in JupyterLab",
  ignore: python === undefined,
  async fn(t) {
    await using server = await startLab();
    await using browser = await launchChromium();
    await Deno.writeTextFile(server.path("fresh"), sample);
    await t.step(
      "are live at the first run, light and dark",
      () =>
        inLab(server, browser, "fresh", async (lab) => {
          await lab.runAll();
          await changeFirst(lab.page);
          await screenshot(lab.page, "jupyterlab_explorer_light");
          await lab.darken();
          await screenshot(lab.page, "jupyterlab_explorer_dark");
          await lab.save();
        }),
    );
    await t.step(
      "are live in the saved notebook",
      () =>
        inLab(server, browser, "fresh", async (lab) => {
          await changeFirst(lab.page);
        }),
    );
    await t.step(
      "keep their keys to themselves",
      () =>
        inLab(server, browser, "fresh", async ({ page }) => {
          const panel = panelOf(page, 0);
          const cells = page.locator(".jp-Notebook-cell");
          const active = () =>
            cells.evaluateAll((all) =>
              all.map((cell) => cell.classList.contains("jp-mod-active"))
            );
          await panel.locator("[name=mode]").focus();
          const before = await active();
          for (const key of ["ArrowDown", "a", "b", "x", "d", "d"]) {
            await page.keyboard.press(key);
          }
          assertEquals(
            await panel.locator("[name=mode]").inputValue(),
            "fan_out",
          );
          assertEquals(await active(), before);
          assertEquals(await cells.count(), 3);
          await panel.locator("[name=seed]").fill("");
          await page.keyboard.type("12");
          assertStringIncludes(
            await panel.locator("#report").innerText(),
            "new Generator(12)",
          );
          assertEquals(await active(), before);
          assertEquals(await cells.count(), 3);
        }),
    );
    await t.step(
      "of a file from elsewhere show picture and numbers",
      async () => {
        const path = server.path("elsewhere");
        await Deno.writeTextFile(path, sample);
        const { notebook } = await runNotebook(path);
        await Deno.writeTextFile(path, formatNotebook(notebook));
        await inLab(server, browser, "elsewhere", async ({ page }) => {
          const output = page.locator(".jp-OutputArea-output").first();
          await output.locator("img").waitFor();
          assertStringIncludes(await output.innerText(), "16 · 9 = 144");
          assertEquals(
            await page.locator("form[aria-label^=Explore]").count(),
            0,
          );
          await screenshot(page, "jupyterlab_explorer_untrusted");
        });
      },
    );
  },
});

function panelOf(page: Page, index: number): Locator {
  return page.locator("[data-fanin-explorer]").nth(index);
}

async function changeFirst(page: Page): Promise<void> {
  const [panel, other] = [panelOf(page, 0), panelOf(page, 1)];
  await panel.locator("[name=outChannels]").fill("64");
  assertStringIncludes(
    await panel.locator("#status").innerText(),
    "weight [64, 16, 3, 3] · fan in 144 · fan out 576",
  );
  assertStringIncludes(
    await other.locator("#status").innerText(),
    "weight [33, 16, 3, 3] · fan in 144 · fan out 297 · std 0.02",
  );
}

/** Opens a notebook in a browser that has seen nothing yet. */
async function inLab(
  server: LabServer,
  browser: Browser,
  name: string,
  action: (lab: NotebookPage) => Promise<void>,
): Promise<void> {
  const viewport = { width: 1300, height: 2600 };
  const { page, context, faults } = await watchedPage(browser, { viewport });
  await using _context = context;
  const lab = new NotebookPage(page);
  await lab.open(server.url(name), 3);
  await action(lab);
  assertEquals(faults, []);
}
