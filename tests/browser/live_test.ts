/// <reference lib="dom" />

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Browser, Page } from "npm:playwright-core@1.65.1";
import { pack, plotlyIntegrity } from "../../lib/notebook/plotly.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import {
  assertAllDrawn,
  assertDrawn,
  assertPicture,
  valueUnderMouse,
} from "./drawn.ts";
import { outputsOf } from "./outputs.ts";
import { showLive } from "./pages.ts";
import { figures } from "./sample.ts";

/** An empty notebook: cells are shown in it by the test. */
const emptyPage = "<!doctype html><meta charset=utf-8><title>Live</title>";

Deno.test("figures of a live notebook", async (t) => {
  await using browser = await launchChromium();
  await using server = serveEmpty();
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const outputs = await outputsOf(...figures);
  const [carrying, second, third] = outputs;
  // Run again in the same kernel, the first figure does not carry anything.
  const [again] = (await outputsOf(figures[1], figures[0])).slice(1);

  async function step(
    name: string,
    judge: (page: Page) => Promise<void>,
    prepare: (page: Page) => Promise<unknown> = async () => {},
  ) {
    await t.step(name, async () => {
      const { page, context, faults } = await watchedPage(browser);
      await using _context = context;
      await prepare(page);
      await page.goto(url);
      await judge(page);
      assertEquals(faults, []);
    });
  }

  await step("are drawn when all cells run", async (page) => {
    await showAll(page, outputs);
    await assertAllDrawn(page, 3);
  });

  await step("are drawn when the cells ran in reverse", async (page) => {
    for (const cell of [2, 1, 0]) await showLive(page, cell, outputs[cell]);
    await assertAllDrawn(page, 3);
  });

  await step("are drawn after any cell ran again", async (page) => {
    await showAll(page, outputs);
    await assertAllDrawn(page, 3);
    const untouched = page.locator("#cell-2 [data-fanin-plot]");
    await untouched.evaluate((plot) => plot.setAttribute("data-mark", ""));
    await showLive(page, 1, second);
    await showLive(page, 0, again);
    await showLive(page, 3, third);
    await assertAllDrawn(page, 4);
    assertEquals(await page.locator("[data-mark]").count(), 1);
  });

  await step("are drawn after a reload without a copy", async (page) => {
    await showAll(page, outputs);
    await waitUntilKept(page);
    await page.reload();
    await showAll(page, [again, second, third]);
    await assertAllDrawn(page, 3);
    await assertPicturesElsewhere(browser, url, [again, second, third]);
  });

  await step("do not run a kept text that was changed", async (page) => {
    await showLive(page, 0, carrying);
    await waitUntilKept(page);
    await page.reload();
    await page.evaluate(replaceKept, await pack("window.evil = 1"));
    await showAll(page, [again, second]);
    await waitUntilRecalled(page);
    await assertPictures(page);
    assertEquals(await page.evaluate("typeof evil"), "undefined");
  });

  await step("keep their pictures without a cache", async (page) => {
    assertEquals(await page.evaluate("typeof caches"), "undefined");
    await showAll(page, [again, second]);
    await waitUntilRecalled(page);
    await assertPictures(page);
    await showLive(page, 2, carrying);
    await assertAllDrawn(page, 3);
  }, (page) => page.addInitScript("delete globalThis.caches"));

  await step("are drawn when their cell is attached later", async (page) => {
    await showAll(page, outputs);
    await assertAllDrawn(page, 3);
    await page.evaluate(detach, 1);
    await showLive(page, 3, second);
    await page.evaluate(detach, 3);
    await page.evaluate(attach);
    await assertAllDrawn(page, 4);
  });

  await step(
    "shrink as a whole down to 560 pixels, then scroll",
    async (page) => {
      await showAll(page, outputs);
      await assertAllDrawn(page, 3);
      const drawing = page.locator(".main-svg").first();
      const before = await drawing.boundingBox();
      assert(before!.width > 620);
      const figure = page.locator("[data-fanin-figure]").first();
      for (const [room, shown] of [[620, 620], [400, 560]]) {
        await page.evaluate(`document.body.style.width = '${room}px'`);
        await page.waitForFunction(
          (shown) =>
            Math.abs(
              document.querySelector(".main-svg")!.getBoundingClientRect()
                .width -
                shown,
            ) < 1,
          shown,
        );
        const after = await drawing.boundingBox();
        const ratio = before!.height / before!.width;
        assertAlmostEquals(after!.height, after!.width * ratio, 1);
        // The place is as high as the drawing, and the mouse finds its values.
        const place = await figure.boundingBox();
        assert(place!.height - after!.height < 20, "no empty room below");
        // Further down, its marks are out of sight.
        if (room < shown) continue;
        await figure.scrollIntoViewIfNeeded();
        assert(await valueUnderMouse(figure) !== "", "the mouse finds a value");
      }
      const [place, inside] = await figure.evaluate((element) => [
        element.clientWidth,
        element.scrollWidth,
      ]);
      assert(place <= 400, "the figure stays in its place");
      assertEquals(inside, 560);
      await page.evaluate(async () => {
        for (const display of ["none", "block"]) {
          document.body.style.display = display;
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
        }
      });
      await assertAllDrawn(page, 3);
    },
  );

  await step("do not move what stands below them", async (page) => {
    await showAll(page, [...outputs.slice(1), "<p id=below>below</p>"]);
    const below = page.locator("#below");
    const before = await below.boundingBox();
    await showLive(page, 9, carrying);
    await assertDrawn(page.locator("[data-fanin-figure]").first());
    await page.evaluate("scrollTo(0, 0)");
    assertEquals(await below.boundingBox(), before);
  });
});

function serveEmpty(): Deno.HttpServer<Deno.NetAddr> {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  return Deno.serve(
    options,
    () => new Response(emptyPage, { headers: { "content-type": "text/html" } }),
  );
}

async function showAll(page: Page, outputs: readonly string[]) {
  for (const [cell, html] of outputs.entries()) {
    await showLive(page, cell, html);
  }
}

async function assertPictures(page: Page): Promise<void> {
  for (const figure of await page.locator("[data-fanin-figure]").all()) {
    await assertPicture(figure);
  }
}

/** In a browser that never saw the carrier, the static pictures show. */
async function assertPicturesElsewhere(
  browser: Browser,
  url: string,
  outputs: readonly string[],
): Promise<void> {
  const { page, context, faults } = await watchedPage(browser);
  await using _context = context;
  await page.goto(url);
  await showAll(page, outputs);
  await waitUntilRecalled(page);
  await assertPictures(page);
  assertEquals(faults, []);
}

async function waitUntilKept(page: Page): Promise<void> {
  await page.waitForFunction(
    async (hash) =>
      await caches.match(`/fanin/${encodeURIComponent(hash)}`) !== undefined,
    plotlyIntegrity,
  );
}

/** Waits until the page has looked for a kept text, whatever it found. */
async function waitUntilRecalled(page: Page): Promise<void> {
  await page.evaluate(async (hash) => {
    const { faninFigures } = globalThis as unknown as {
      faninFigures: {
        libraries: Record<string, { recalled: Promise<unknown> }>;
      };
    };
    await faninFigures.libraries[hash].recalled;
    await new Promise(requestAnimationFrame);
  }, plotlyIntegrity);
}

async function replaceKept(packed: string): Promise<void> {
  const cache = await caches.open("fanin");
  for (const request of await cache.keys()) {
    await cache.put(request, new Response(packed));
  }
}

/** Takes a cell out of the page, as a notebook does with cells out of sight. */
function detach(cell: number): void {
  const { kept = [] } = globalThis as { kept?: Element[] };
  const place = document.getElementById(`cell-${cell}`)!;
  place.remove();
  Object.assign(globalThis, { kept: [...kept, place] });
}

function attach(): void {
  const { kept } = globalThis as unknown as { kept: Element[] };
  document.body.append(...kept);
}
