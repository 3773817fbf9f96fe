/// <reference lib="dom" />

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { plot, propagate } from "../../mod.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { assertAllDrawn } from "./drawn.ts";
import { openFile, staticPage } from "./pages.ts";

/** What plotly.js shows: the slider's text, and the histograms' lines and axes. */
interface Shown {
  readonly step: string;
  readonly lines: string[];
  readonly range: unknown;
  readonly points: (number | null)[][];
}

Deno.test("the depth slider goes through the layers in a file, offline", async () => {
  const run = propagate({
    depth: 4,
    width: 32,
    batch: 16,
    init: "xavierNormal",
  });
  const figure = plot.propagation(run);
  await using browser = await launchChromium();
  const { page, context, faults } = await watchedPage(browser, {});
  await using _context = context;
  await context.setOffline(true);
  const path = await openFile(page, staticPage([await figure.toHtml()]));
  try {
    await assertAllDrawn(page, 1);
    const last = await shownBy(page);
    assertEquals(last.step, "Histograms at layer 4");
    await stepTo(page, 0);
    const first = await shownWhen(
      page,
      ({ lines, points }) =>
        !same(lines, last.lines) && !same(points, last.points),
    );
    assertEquals(first.step, "Histograms at layer 1");
    assertFrame(first, figure, 0);
    assertNotEquals(first.lines, last.lines);
    await stepTo(page, 3);
    assertEquals(await shownWhen(page, (shown) => same(shown, last)), last);
    assertFrame(last, figure, 3);
    assertEquals(faults, []);
  } finally {
    await Deno.remove(path);
  }
});

function assertFrame(shown: Shown, { frames }: plot.Figure, index: number) {
  const { data, layout } = frames![index];
  assertEquals(shown.points, data.slice(2).map(({ y }) => y));
  assertEquals(shown.range, layout!.yaxis3.range);
  assert(shown.lines.every((line) => line.length > 100));
}

/** Clicks on the slider's rail at a step, with the mouse. */
async function stepTo(page: Page, step: number): Promise<void> {
  const rail = page.locator(".slider-rail-touch-rect");
  const box = (await rail.boundingBox())!;
  const x = [box.x + 8, 0, 0, box.x + box.width - 8][step];
  await page.mouse.click(x, box.y + box.height / 2);
  const wanted = `layer ${step + 1}`;
  await page.waitForFunction(
    (wanted) =>
      document.querySelector(".slider-label")?.textContent?.endsWith(wanted),
    wanted,
  );
}

/** What is shown as soon as it is what is waited for, or after 10 s. */
async function shownWhen(
  page: Page,
  accept: (shown: Shown) => boolean,
): Promise<Shown> {
  const end = Date.now() + 10_000;
  let shown = await shownBy(page);
  while (!accept(shown) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    shown = await shownBy(page);
  }
  return shown;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function shownBy(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const plot = document.querySelector("[data-fanin-plot]") as unknown as {
      data: { y: number[] }[];
      layout: { yaxis3: { range: number[] } };
    } & Element;
    const lines = plot.querySelectorAll(
      ":is(.x3y3, .x4y4) .scatterlayer path.js-line",
    );
    return {
      step: plot.querySelector(".slider-label")!.textContent!,
      lines: [...lines].map((line) => line.getAttribute("d")!),
      range: [...plot.layout.yaxis3.range],
      points: plot.data.slice(-2).map(({ y }) => [...y]),
    };
  });
}
