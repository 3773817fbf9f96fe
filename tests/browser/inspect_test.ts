/**
 * The page of `inspect --plot`, in a browser.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { encodeSafetensors } from "../../lib/checkpoint/mod.ts";
import { Generator, nn } from "../../mod.ts";
import { inFolder } from "../checkpoint/files/folder.ts";
import { runCommand } from "../cli/fake_terminal.ts";
import { launchChromium, watchedPage } from "./chromium.ts";

inFolder(
  "inspect's page draws its figures, light and dark, without a network",
  async (folder) => {
    const generator = new Generator(0);
    const model = new nn.Sequential(
      new nn.Linear(64, 32, { generator }),
      new nn.Linear(32, 8, { generator }),
    );
    await Deno.writeFile(
      `${folder}/model.safetensors`,
      encodeSafetensors(model.stateDict()),
    );
    await runCommand([
      "inspect",
      `${folder}/model.safetensors`,
      ...["--plot", `${folder}/page.html`],
    ]);
    const browser = await launchChromium();
    try {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, context, faults } = await watchedPage(browser, {
          colorScheme,
        });
        await page.goto(`file://${folder}/page.html`);
        // Figures of all four tensors, and of the three that are recognizable.
        const drawn = page.locator("[data-fanin-figure] .main-svg");
        await drawn.first().waitFor();
        assertEquals(await page.locator("[data-fanin-figure]").count(), 4);
        const [back, ink] = await page.evaluate<[string, string]>(
          "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]",
        );
        assertEquals(lightness(back) > lightness(ink), colorScheme === "light");
        assertEquals(faults, []);
        await context.close();
      }
    } finally {
      await browser.close();
    }
  },
);

/** The sum of a color's parts: `rgb(18, 18, 18)`. */
function lightness(color: string): number {
  return color.match(/[\d.]+/g)!.slice(0, 3).map(Number)
    .reduce((a, b) => a + b);
}
