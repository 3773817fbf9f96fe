import { assertEquals } from "@std/assert";
import { plot, propagate } from "../../mod.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { assertAllDrawn } from "./drawn.ts";
import { openFile, staticPage } from "./pages.ts";
import { assertSlides, type Frame } from "./slider.ts";

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
    await assertSlides(
      page.locator("[data-fanin-plot]"),
      figure.frames as unknown as readonly Frame[],
    );
    assertEquals(faults, []);
  } finally {
    await Deno.remove(path);
  }
});
