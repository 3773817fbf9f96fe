/**
 * What is seen of an output in a notebook's page.
 *
 * @module
 */

/// <reference lib="dom" />

import { assertNotEquals } from "@std/assert";
import type { Locator } from "npm:playwright-core@1.65.1";
import { isDrawn, valueUnderMouse } from "../browser/drawn.ts";
import type { Exhibit } from "./exhibits.ts";

/**
 * A figure drawn by plotly.js with all its marks; an explorer that answers; a
 * picture that has loaded, with or without a line that says why it is still; a
 * table or text with all its cells; some text.
 */
export type Seen =
  | "drawn"
  | "live"
  | "told"
  | "picture"
  | "table"
  | "text"
  | "nothing";

/** How long a front end may take to show an output, in milliseconds. */
const patience = 120_000;

/**
 * Returns what is seen of an output as soon as it is what is wanted, or else at
 * last. If it is touched, what is drawn must have a value under the mouse, and an
 * explorer must answer.
 *
 * @param output The output's element.
 * @param exhibit What the notebook's file says of it.
 * @param wanted What must be seen.
 * @param isTouched Whether it is touched.
 */
export async function lookAt(
  output: Locator,
  exhibit: Pick<Exhibit, "html" | "figure">,
  wanted: Seen,
  isTouched: boolean,
): Promise<Seen> {
  const end = Date.now() + patience;
  let seen: Seen = "nothing";
  do {
    if (await output.count() === 1) {
      await output.scrollIntoViewIfNeeded();
      seen = await seenNow(output, exhibit);
    }
    if (seen !== wanted) await new Promise((done) => setTimeout(done, 50));
  } while (seen !== wanted && Date.now() < end);
  if (seen === "drawn" && isTouched) {
    assertNotEquals(await valueUnderMouse(output), "", "under the mouse");
  }
  if (seen === "live" && isTouched) await assertAnswers(output);
  return seen;
}

async function seenNow(
  output: Locator,
  { html, figure }: Pick<Exhibit, "html" | "figure">,
): Promise<Seen> {
  if (figure !== undefined) {
    const plot = output.locator(".js-plotly-plot");
    // The extension draws in the output itself.
    const drawn = await plot.count() === 1 ? plot : output;
    if (await isDrawn(drawn, figure.data)) return "drawn";
  }
  if (await output.locator("form").isVisible()) return "live";
  if (await output.evaluate(hasPicture)) {
    return await output.locator("[data-fanin-note]").isVisible()
      ? "told"
      : "picture";
  }
  if (await output.evaluate(hasCells, html)) return "table";
  return (await output.innerText()).trim() === "" ? "nothing" : "text";
}

/** Explorers live in a shadow root, where locators reach. */
async function assertAnswers(explorer: Locator): Promise<void> {
  const status = explorer.locator("#status");
  const before = await status.innerText();
  const channels = explorer.locator("[name=outChannels]");
  await channels.fill(String(Number(await channels.inputValue()) + 1));
  assertNotEquals(await status.innerText(), before, "the explorer answers");
}

function hasPicture(root: Element): boolean {
  return [...root.querySelectorAll("img")].some((image) => {
    const { width, height } = image.getBoundingClientRect();
    return image.complete && image.naturalWidth > 0 && width * height > 0 &&
      image.checkVisibility({ visibilityProperty: true });
  });
}

/** Whether all cells and texts of the HTML are there and seen. */
function hasCells(root: Element, html: string): boolean {
  const cellsOf = (
    node: ParentNode,
  ) => [...node.querySelectorAll<HTMLElement>("th, td, pre")];
  const wanted = cellsOf(new DOMParser().parseFromString(html, "text/html"));
  const cells = cellsOf(root);
  return wanted.length > 0 && cells.length === wanted.length &&
    cells.every((cell, index) =>
      cell.textContent === wanted[index].textContent &&
      cell.offsetWidth * cell.offsetHeight > 0
    );
}
