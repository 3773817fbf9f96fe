import { assert, assertEquals } from "@std/assert";
import { main } from "../../notebooks/run.ts";
import { figuresIn, readNotebook } from "../jupyter/notebooks.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { assertAllDrawn } from "./drawn.ts";
import { screenshot } from "./screenshot.ts";

Deno.test("the pages of the notebooks draw every figure from disk", async (t) => {
  const folder = await Deno.makeTempDir();
  await using browser = await launchChromium();
  try {
    assertEquals(await main([`--out=${folder}`]), 0);
    const names = [...Deno.readDirSync(folder)]
      .map(({ name }) => name)
      .filter((name) => name.endsWith(".html"))
      .sort();
    assert(names.length >= 2);
    for (const name of names) {
      await t.step(name, async () => {
        const path = `${folder}/${name}`;
        const notebook = await readNotebook(path.replace(/html$/, "ipynb"));
        const count = figuresIn(notebook).length;
        assert(count > 0);
        for (const colorScheme of ["light", "dark"] as const) {
          const { page, context, faults } = await watchedPage(browser, {
            colorScheme,
          });
          await using _context = context;
          await page.goto(`file://${path}`);
          await assertAllDrawn(page, count);
          assertEquals(await page.locator("[data-fanin-library]").count(), 1);
          await screenshot(page, `${name.replace(".html", "")}_${colorScheme}`);
          assertEquals(faults, []);
        }
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
