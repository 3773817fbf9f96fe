/// <reference lib="dom" />

import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { plotlyText } from "../../lib/notebook/plotly.ts";
import { plot } from "../../mod.ts";
import { figures } from "../plot/figures.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { compareMarks } from "./pixels.ts";
import { screenshot } from "./screenshot.ts";
import { layoutOf } from "../plot/layout.ts";

/** A drawing by plotly.js and a picture by the SVG writer, side by side. */
const stage = `<!doctype html><title>Pairs</title>
<style>
body { margin: 0; background: #fff; display: flex; align-items: flex-start }
svg { display: block }
.marks text { visibility: hidden }
</style>
<div id="plot"></div><div id="picture"></div>`;

/** So many pixels may differ, at slanted edges: 134 do at most, of 75,705. */
const mostAlone = 150;
/** What differs by a fault, a shift or a trace less, is more by this factor. */
const margin = 1.5;
/** A fault of so many pixels to the right is seen. */
const shift = 4;
/** A label is so near its like, in pixels. */
const nearest = 8;
/** Likewise in a legend side by side, which estimates the width of text. */
const nearestBeside = 30;

Deno.test("each picture is what plotly.js draws", async (t) => {
  await using browser = await launchChromium();
  const { page, context, faults } = await watchedPage(browser, {
    viewport: { width: 2000, height: 1200 },
  });
  await using _context = context;
  await page.setContent(stage);
  await page.addScriptTag({ content: await plotlyText() });
  for (const [name, make] of Object.entries(figures)) {
    await t.step(name, async () => {
      const figure = make();
      await draw(page, figure);
      await show(page, figure);
      await screenshot(page, `pair ${name}`);
      assertSameLabels(...await labels(page), nearestBeside);
      await assertSameMarks(page, underOneAnother(figure));
      assertSameLabels(...await labels(page), nearest);
    });
  }
  assertEquals(faults, []);
});

Deno.test("a color that is a tenth less opaque is found", async () => {
  await using browser = await launchChromium();
  const { page, context } = await watchedPage(browser, {
    viewport: { width: 2000, height: 1200 },
  });
  await using _context = context;
  await page.setContent(stage);
  const figure = figures.weights_bool();
  const { data, layout } = figure;
  const fainter = data.map((trace) => ({ ...trace, opacity: 0.9 }));
  const pictures: Uint8Array[] = [];
  for (const shown of [figure, new plot.Figure({ data: fainter, layout })]) {
    await show(page, shown);
    pictures.push(await page.locator("svg").first().screenshot());
  }
  const [one, other] = pictures;
  const { alone, recolored } = await compareMarks(page, [one, other]);
  assertEquals(alone, 0);
  assert(recolored > 50_000, String(recolored));
  assertEquals((await compareMarks(page, [one, one])).recolored, 0);
});

Deno.test("a label that is missing, another or elsewhere is found", () => {
  const one = { text: "0.5", x: 100, y: 50 };
  assertSameLabels([one], [{ ...one, x: 107 }], nearest);
  for (
    const others of [[], [one, one], [{ ...one, text: "0.50" }], [
      { ...one, y: 59 },
    ]]
  ) {
    assertThrows(
      () => assertSameLabels([one], others, nearest),
      Error,
    );
  }
});

interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Returns the figure with its legend's entries under one another. */
function underOneAnother(figure: plot.Figure): plot.Figure {
  const { data, frames } = figure;
  const layout = layoutOf(figure);
  const legend = { ...layout.legend, orientation: "v" as const };
  return new plot.Figure({ data, layout: { ...layout, legend }, frames });
}

/** The limit is set by what the picture would be with a fault in it. */
async function assertSameMarks(
  page: Page,
  figure: plot.Figure,
): Promise<void> {
  await page.evaluate("document.body.className = 'marks'");
  await draw(page, figure);
  const { width, height } = layoutOf(figure);
  const take = (x: number) =>
    page.screenshot({ clip: { x, y: 0, width, height } });
  const drawn = await take(0);
  const pictureOf = async (shown: plot.Figure) => {
    await show(page, shown);
    return await take(width);
  };
  const picture = await pictureOf(figure);
  const { marks, alone, recolored } = await compareMarks(page, [
    drawn,
    picture,
  ]);
  assertEquals(recolored, 0);
  const faulty = [await compareMarks(page, [drawn, picture], shift)];
  for (const trace of figure.data) {
    const { x } = trace as { x: readonly unknown[] };
    if (x.every((value) => value === null)) continue;
    const data = figure.data.filter((other) => other !== trace);
    const without = new plot.Figure({ data, layout: layoutOf(figure) });
    faulty.push(await compareMarks(page, [drawn, await pictureOf(without)]));
  }
  await page.evaluate("document.body.className = ''");
  await show(page, figure);
  const least = Math.min(...faulty.map((one) => one.alone));
  const message = `${alone} of ${marks}, with a fault ${least}`;
  assert(alone <= mostAlone && margin * alone < least, message);
}

async function draw(page: Page, figure: plot.Figure): Promise<void> {
  const parts: { readonly data: readonly unknown[] } = figure.toJSON();
  await page.evaluate(async (parts) => {
    const { Plotly } = globalThis as unknown as {
      Plotly: { newPlot(element: unknown, parts: unknown): Promise<unknown> };
    };
    const config = { staticPlot: true };
    await Plotly.newPlot(document.getElementById("plot"), { ...parts, config });
  }, parts);
}

async function show(page: Page, figure: plot.Figure): Promise<void> {
  await page.evaluate((svg) => {
    document.getElementById("picture")!.innerHTML = svg;
  }, figure.toSvg());
}

/** All words of the drawing and of the picture, with their middles. */
async function labels(page: Page): Promise<[Label[], Label[]]> {
  return await page.evaluate(() => {
    const [drawn, shown] = ["plot", "picture"].map((id) => {
      const place = document.getElementById(id)!;
      const from = place.getBoundingClientRect();
      return [...place.querySelectorAll("text")].map((text) => {
        const { x, y, width, height } = text.getBoundingClientRect();
        return {
          text: (text.textContent ?? "").replaceAll("\u00a0", " ").trim(),
          x: x + width / 2 - from.x,
          y: y + height / 2 - from.y,
        };
      }).filter(({ text }) => text !== "");
    });
    return [drawn, shown];
  });
}

/** Each label of the one has its like in the other, and none is left. */
function assertSameLabels(
  ones: readonly Label[],
  others: readonly Label[],
  most: number,
): void {
  const words = (all: readonly Label[]) => all.map(({ text }) => text).sort();
  assertEquals(words(ones), words(others));
  const left = [...others];
  for (const { text, x, y } of ones) {
    const away = (other: Label) =>
      other.text === text ? Math.hypot(other.x - x, other.y - y) : Infinity;
    const next = left.reduce((a, b) => away(b) < away(a) ? b : a);
    assert(away(next) <= most, `${text} is ${away(next)} pixels away`);
    left.splice(left.indexOf(next), 1);
  }
}
