/**
 * Screenshots of whole notebooks, which scroll inside their page.
 *
 * @module
 */

/// <reference lib="dom" />

import type { Page } from "npm:playwright-core@1.65.1";
import { screenshot } from "../browser/screenshot.ts";

/** Chromium draws no larger picture. */
const highest = 16_000;

/**
 * Writes what the page would show in a window as high as the notebook.
 *
 * @param page The browser's page, with a notebook open in it.
 * @param name The picture's name.
 */
export async function screenshotNotebook(
  page: Page,
  name: string,
): Promise<void> {
  const { width, height } = page.viewportSize()!;
  // What was out of sight may be higher than was thought.
  let missing = await page.evaluate(missingHeight);
  for (let high = height; missing > 0 && high < highest;) {
    high = Math.min(high + missing, highest);
    await page.setViewportSize({ width, height: high });
    missing = await page.evaluate(missingHeight);
  }
  await screenshot(page, name);
  await page.setViewportSize({ width, height });
}

/** How much of the notebook is out of sight; what scrolls it, scrolls up. */
async function missingHeight(): Promise<number> {
  for (let i = 0; i < 2; i++) {
    await new Promise((done) => requestAnimationFrame(done));
  }
  const last = [...document.querySelectorAll(".jp-Notebook-cell")].at(-1)!;
  for (let node: Element | null = last; node; node = node.parentElement) {
    node.scrollTop = 0;
  }
  // Below it, JupyterLab has its status bar.
  return Math.ceil(last.getBoundingClientRect().bottom) + 40 - innerHeight;
}
