/// <reference lib="dom" />

import { assert, assertEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { channels, contrast, least } from "../plot/contrast.ts";
import { figures } from "../plot/figures.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { outputsOf } from "./outputs.ts";
import { openFile, staticPage } from "./pages.ts";
import { screenshot } from "./screenshot.ts";

/** Pages of front ends: JupyterLab's dark one, and a plain one. */
const pages = {
  dark: { background: "#111111", color: "#eeeeee" },
  light: { background: "#ffffff", color: "#202020" },
};

Deno.test("text that plotly.js draws is seen on a dark and on a light page", async () => {
  await using browser = await launchChromium();
  const { page, context, faults } = await watchedPage(browser);
  await using _context = context;
  const outputs = await outputsOf(
    ...Object.values(figures).map((make) => make()),
  );
  const path = await openFile(page, staticPage(outputs));
  await page.waitForFunction(
    (count) => {
      const plots = [...document.querySelectorAll("[data-fanin-plot]")];
      const drawn = plots.filter((plot) =>
        getComputedStyle(plot).visibility === "visible"
      );
      return drawn.length === count;
    },
    outputs.length,
  );
  // What is drawn follows a page that changes from one to the other.
  for (const [name, { background, color }] of Object.entries(pages)) {
    await page.evaluate(
      (style) => document.body.style.cssText = style,
      `background:${background};color:${color}`,
    );
    for (const { text, fill, opacity } of await drawnTexts(page)) {
      assertEquals(opacity, "1", text);
      const found = contrast(channels(fill), channels(background));
      assert(found >= least, `${name}: ${text} in ${fill}: ${found}`);
    }
    await screenshot(page, `contrast ${name}`);
  }
  assertEquals(faults, []);
  await Deno.remove(path);
});

/** All words of all figures. */
async function drawnTexts(page: Page) {
  const found = await page.evaluate(() =>
    [...document.querySelectorAll(".main-svg text")].map((text) => {
      const { fill, fillOpacity } = getComputedStyle(text);
      return { text: text.textContent ?? "", fill, opacity: fillOpacity };
    })
  );
  const words = found.filter(({ text }) => text.trim() !== "");
  assert(words.length > 10 * Object.keys(figures).length, `${words.length}`);
  return words;
}
