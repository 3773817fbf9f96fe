import { assertEquals } from "@std/assert";
import { renderPage } from "../../notebooks/runner/page.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { allAnswers, assertFolded } from "./folded.ts";
import { openFile } from "./pages.ts";
import { screenshot } from "./screenshot.ts";

Deno.test("the pages of the notebooks fold their answers", async (t) => {
  const { answers, notebook } = await allAnswers();
  await using browser = await launchChromium();
  for (const colorScheme of ["light", "dark"] as const) {
    await t.step(colorScheme, async () => {
      const { page, context, faults } = await watchedPage(browser, {
        colorScheme,
      });
      await using _context = context;
      const path = await openFile(page, renderPage(notebook, { name: "a" }));
      await assertFolded(page, answers);
      await screenshot(page, `answers_${colorScheme}`);
      assertEquals(faults, []);
      await Deno.remove(path);
    });
  }
});
