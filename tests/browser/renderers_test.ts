/// <reference lib="dom" />

import { hasFonts } from "../notebook/fonts.ts";
import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Locator, Page } from "npm:playwright-core@1.65.1";
import { jupyterDisplay, type RendererName } from "../../lib/core/show.ts";
import type { plot } from "../../mod.ts";
import { figures } from "../plot/figures.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { openFile, staticPage } from "./pages.ts";
import { screenshot } from "./screenshot.ts";

const made = Object.values(figures).map((make) => make());

Deno.test("a page without scripts shows the pictures of each figure", {
  ignore: !hasFonts,
}, async (t) => {
  await using browser = await launchChromium();
  for (const colorScheme of ["light", "dark"] as const) {
    await t.step(colorScheme, async () => {
      const { page, context, faults } = await watchedPage(browser, {
        colorScheme,
        deviceScaleFactor: 2,
        viewport: { width: 900, height: 600 },
      });
      await using _context = context;
      const outputs = await Promise.all(made.map(asOnGitHub));
      const path = await openFile(page, staticPage(outputs, head));
      await screenshot(page, `static_${colorScheme}`);
      await assertPictures(page);
      assertEquals(faults, []);
      await Deno.remove(path);
    });
  }
});

Deno.test("an SVG is embedded in a page without a script, a style or an id", async () => {
  for (const figure of made) {
    const [svg] = await pictures(figure, "svg");
    const tags = svg.match(/<[^>]*>/g)!;
    const foreign =
      /^<(script|style|foreignObject)|\s(id|class|style|href|src|on\w+)=|url\(/;
    assertEquals(tags.filter((tag) => foreign.test(tag)), []);
  }
});

/** A place that runs no script, on white or on black. */
const head =
  `<meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<meta name="color-scheme" content="light dark">`;

/** What GitHub's viewer makes of an output: each picture as an image. */
async function asOnGitHub(figure: plot.Figure): Promise<string> {
  const [svg, png] = await pictures(figure, "static");
  const bytes = new TextEncoder().encode(svg).toBase64();
  return `<img src="data:image/svg+xml;base64,${bytes}" data-width="${figure.layout.width}">
<img src="data:image/png;base64,${png}" data-width="${figure.layout.width}">`;
}

async function pictures(
  figure: plot.Figure,
  renderer: RendererName,
): Promise<string[]> {
  const bundle = await figure[jupyterDisplay]({ renderer });
  assert(!("text/html" in bundle));
  return [bundle["image/svg+xml"], bundle["image/png"]].map(String);
}

/** Each picture has its size, and as much in it as a figure has. */
async function assertPictures(page: Page): Promise<void> {
  const images = page.locator("img");
  assertEquals(await images.count(), 2 * made.length);
  for (const image of await images.all()) {
    assert(await image.isVisible());
    const { width, expected, ink } = await inked(image);
    assertEquals(width, expected);
    assertGreater(ink, 2000);
  }
}

/** The picture's width in the page, and how many of its pixels are drawn. */
async function inked(
  image: Locator,
): Promise<{ width: number; expected: number; ink: number }> {
  return await image.evaluate(async (element) => {
    const image = element as HTMLImageElement;
    await image.decode();
    const { clientWidth: width, clientHeight: height } = image;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const ink = data.filter((value, at) => at % 4 === 3 && value > 0).length;
    return { width, expected: Number(image.dataset.width), ink };
  });
}
