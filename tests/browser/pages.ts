/**
 * Pages made of outputs, as an exported notebook and as JupyterLab build them.
 *
 * @module
 */

/// <reference lib="dom" />

import type { Page } from "npm:playwright-core@1.65.1";

/**
 * Returns a static page with the outputs in their order, as nbconvert writes
 * one.
 *
 * @param outputs The HTML of each output.
 * @param head Further content of the head.
 */
export function staticPage(outputs: readonly string[], head = ""): string {
  const cells = outputs.map((html) => `<div class="output">${html}</div>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Outputs</title>${head}</head>
<body>${cells.join("\n")}</body></html>`;
}

/**
 * Writes a page to a file and opens it from there.
 *
 * @param page The browser's page.
 * @param html The page's text.
 * @returns The path of the file, for the caller to remove.
 */
export async function openFile(page: Page, html: string): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".html" });
  await Deno.writeTextFile(path, html);
  await page.goto(`file://${path}`);
  return path;
}

/**
 * Shows HTML in a cell of a live page as JupyterLab does: parsed while
 * detached, its scripts recreated, then attached in place of what the cell
 * showed before.
 *
 * @param page The browser's page.
 * @param cell The cell's number; the cell is made where there is none.
 * @param html The output's HTML.
 */
export async function showLive(
  page: Page,
  cell: number,
  html: string,
): Promise<void> {
  await page.evaluate(({ cell, html }) => {
    const id = `cell-${cell}`;
    let place = document.getElementById(id);
    if (place === null) {
      place = document.createElement("div");
      place.id = id;
      document.body.append(place);
    }
    const output = document.createElement("div");
    output.innerHTML = html;
    for (const script of output.querySelectorAll("script")) {
      const fresh = document.createElement("script");
      for (const { name, value } of script.attributes) {
        fresh.setAttribute(name, value);
      }
      fresh.textContent = script.textContent;
      script.replaceWith(fresh);
    }
    place.replaceChildren(output);
  }, { cell, html });
}
