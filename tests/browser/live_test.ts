/// <reference lib="dom" />

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
} from "@std/assert";
import type { Locator, Page } from "npm:playwright-core@1.65.1";
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
  const [first, second, carrying] = outputs;
  const [withoutLibrary] = await outputsOf(figures[2], figures[0]);

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
    await showLive(page, 0, first);
    await showLive(page, 3, carrying);
    await assertAllDrawn(page, 4);
    assertEquals(await page.locator("[data-mark]").count(), 1);
  });

  await step("stay drawn when the carrier is emptied", async (page) => {
    await showAll(page, outputs);
    await assertAllDrawn(page, 3);
    await showLive(page, 2, withoutLibrary);
    await showLive(page, 3, second);
    await assertAllDrawn(page, 4);
    await page.reload();
    await showAll(page, [first, second, withoutLibrary]);
    await assertToldStill(page, 3);
  });

  await step("say what is missing until it comes", async (page) => {
    await showAll(page, [first, second]);
    await assertToldStill(page, 2);
    await showLive(page, 2, carrying);
    await assertAllDrawn(page, 3);
    assertEquals(await notes(page).count(), 0);
  });

  await step(
    "say why they stay still, and are drawn from the next carrier",
    async (page) => {
      const damaged = carrying.replace(
        /(data-fanin-library="[^"]*">).{99}/,
        "$1",
      );
      const warned = page.waitForEvent("console");
      await showAll(page, [first, second, damaged]);
      assertEquals((await warned).type(), "warning");
      await notes(page).nth(2).waitFor();
      for (const text of await notes(page).allTextContents()) {
        assertMatch(text, /^A still picture: plotly\.js cannot be read/);
      }
      await assertPictures(page);
      await showLive(page, 3, carrying);
      await assertAllDrawn(page, 4);
      assertEquals(await notes(page).count(), 0);
    },
  );

  await step(
    "leave the reason to the kernel where it knows it",
    async (page) => {
      await showAll(page, [first, "<div data-fanin-reason>No memory.</div>"]);
      await page.clock.runFor(2000);
      assertEquals(await notes(page).count(), 0);
      await assertPictures(page);
    },
    (page) => page.clock.install(),
  );

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
    await showAll(page, [first, second, "<p id=below>below</p>"]);
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

/** Each figure shows its picture, and a line says what to do. */
async function assertToldStill(page: Page, count: number): Promise<void> {
  await notes(page).nth(count - 1).waitFor();
  for (const text of await notes(page).allTextContents()) {
    assertMatch(text, /^A still picture: .* run the cell of any figure again/);
  }
  assertEquals(await notes(page).count(), count);
  await assertPictures(page);
}

function notes(page: Page): Locator {
  return page.locator("[data-fanin-figure] + [data-fanin-note]");
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
