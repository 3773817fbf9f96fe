import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { tensor } from "../../lib/core/tensor.ts";
import { plotlyText, plotlyUrl } from "../../lib/notebook/plotly.ts";
import * as plot from "../../lib/plot/mod.ts";
import { launchChromium, type Watched, watchedPage } from "./chromium.ts";
import { assertAllDrawn, assertDrawn, assertPicture } from "./drawn.ts";
import { outputsOf } from "./outputs.ts";
import { openFile, staticPage } from "./pages.ts";
import { figures } from "./sample.ts";

/** A page's text, and what must be true of it once it is open. */
interface Case {
  readonly html: string;
  readonly prepare?: (watched: Watched) => Promise<void>;
  readonly judge: (page: Page) => Promise<void>;
  /** Whether the page tells on its console what went wrong. */
  readonly warns?: boolean;
  readonly faults?: readonly RegExp[];
}

Deno.test("figures of a page without a kernel", async (t) => {
  await using browser = await launchChromium();
  for (const [name, one] of await cases()) {
    await t.step(name, async () => {
      const watched = await watchedPage(browser);
      await using _context = watched.context;
      await one.prepare?.(watched);
      const warned = one.warns && watched.page.waitForEvent("console", {
        predicate: (message) => message.type() === "warning",
      });
      const path = await openFile(watched.page, one.html);
      await warned;
      await one.judge(watched.page);
      const { faults } = watched;
      const expected = one.faults ?? [];
      assertEquals(faults.length, expected.length, faults.join("\n"));
      expected.forEach((fault, index) => assertMatch(faults[index], fault));
      await Deno.remove(path);
    });
  }
});

async function cases(): Promise<[string, Case][]> {
  const outputs = await outputsOf(...figures);
  const [one] = figures;
  const online = staticPage([await one.toHtml({ offline: false })]);
  const text = await plotlyText();
  return [
    ["are all drawn", {
      html: staticPage(outputs),
      judge: (page) => assertAllDrawn(page, 3),
    }],
    ["are drawn when the carrier comes last", {
      html: staticPage(outputs.toReversed()),
      judge: (page) => assertAllDrawn(page, 3),
    }],
    ["are drawn when one of them stands there twice", {
      html: staticPage([...outputs, outputs[1]]),
      judge: (page) => assertAllDrawn(page, 4),
    }],
    ["keep their pictures without a carrier, and say what to do", {
      html: staticPage(outputs.slice(0, -1)),
      judge: async (page) => {
        await page.locator("[data-fanin-note]").nth(1).waitFor();
        for (const note of await page.locator("[data-fanin-note]").all()) {
          assertMatch(await note.innerText(), /export a page again/);
        }
        await assertPictures(page, 2);
      },
    }],
    ["keep their pictures when the carrier is damaged", {
      html: staticPage(outputs.map((html) => html.replace(/>[^\s<]{99}/, ">"))),
      warns: true,
      judge: (page) => assertPictures(page, 3),
    }],
    ["keep their pictures when scripts are stripped", {
      html: staticPage(outputs.map(withoutScripts)),
      judge: (page) => assertPictures(page, 3),
    }],
    ["leave the page's module loader and its Plotly alone", {
      html: staticPage(outputs, `<script>${hostilePage}</script>`),
      judge: async (page) => {
        await assertAllDrawn(page, 3);
        assertEquals(await page.evaluate("[defined, Plotly]"), [[], "mine"]);
      },
    }],
    ["leave no Plotly in the page", {
      html: staticPage(outputs),
      judge: async (page) => {
        await assertAllDrawn(page, 3);
        assertEquals(
          await page.evaluate("['Plotly', 'moduleName'].map(n => n in window)"),
          [false, false],
        );
      },
    }],
    ["are drawn once they are shown, in the place they then have", {
      html: staticPage(outputs.map(inDetails)),
      judge: async (page) => {
        await page.locator("summary").first().click();
        await assertDrawn(page.locator("[data-fanin-figure]").first());
        const drawing = page.locator("details").nth(2).locator(".main-svg");
        assertEquals(await drawing.count(), 0);
        await page.evaluate("document.body.style.width = '500px'");
        await page.locator("summary").nth(2).click();
        const figure = page.locator("[data-fanin-figure]").nth(2);
        await assertDrawn(figure);
        assertEquals((await figure.boundingBox())?.width, 500);
        // As narrow as a figure becomes; it scrolls there.
        assertEquals((await drawing.first().boundingBox())?.width, 560);
      },
    }],
    ["are drawn anew in a page that was saved when they were drawn", {
      html: staticPage(outputs),
      judge: async (page) => {
        await assertAllDrawn(page, 3);
        const path = await openFile(page, await page.content());
        await assertAllDrawn(page, 3);
        await Deno.remove(path);
      },
    }],
    ["show hostile names as text", {
      html: await plot.weights(tensor([1, 2, 3]), { title: hostileTitle })
        .toHtml(),
      judge: async (page) => {
        await assertAllDrawn(page, 1);
        assertEquals(await page.evaluate("typeof hacked"), "undefined");
        const title = page.locator(".gtitle");
        assertEquals(await title.textContent(), hostileTitle);
        const picture = page.locator("[data-fanin-figure] > img");
        assertEquals(await picture.getAttribute("alt"), hostileTitle);
      },
    }],
    ["have no button that sends data anywhere", {
      html: staticPage(outputs),
      judge: async (page) => {
        await assertAllDrawn(page, 3);
        const buttons = page.locator(".modebar").first()
          .locator(".modebar-btn");
        assertEquals(
          await buttons.evaluateAll((all) =>
            all.map((button) => button.getAttribute("data-title"))
          ),
          // From the bottom up.
          [
            "Zoom in",
            "Zoom out",
            "Autoscale",
            "Reset axes",
            "Zoom",
            "Pan",
            "Download plot as a PNG",
          ],
        );
      },
    }],
    ["stand alone by toHtml", {
      html: await one.toHtml(),
      judge: (page) => assertAllDrawn(page, 1),
    }],
    ["load plotly.js from the network where that is asked for", {
      html: online,
      prepare: ({ context }) => answer(context, text),
      judge: (page) => assertAllDrawn(page, 1),
    }],
    ["do not run another text than plotly.js", {
      html: online,
      prepare: ({ context }) => answer(context, `${text} `),
      warns: true,
      judge: (page) => assertPictures(page, 1),
      faults: [/integrity/, /integrity/],
    }],
    ["keep their pictures when the network is blocked", {
      html: online,
      warns: true,
      judge: (page) => assertPictures(page, 1),
      faults: [/^request: .*plotly/, /ERR_FAILED/],
    }],
  ];
}

const hostileTitle = `</script><script>hacked=1</script>"'&`;

/** A page with AMD, CommonJS and a plotly.js of its own. */
const hostilePage = `var defined = [], Plotly = "mine";
function define(...args) { defined.push(args.length); }
define.amd = {};`;

async function answer(context: Watched["context"], body: string) {
  await context.route(plotlyUrl, (route) =>
    route.fulfill({
      body,
      contentType: "text/javascript",
      headers: { "access-control-allow-origin": "*" },
    }));
}

async function assertPictures(page: Page, count: number): Promise<void> {
  const found = await page.locator("[data-fanin-figure]").all();
  assertEquals(found.length, count);
  for (const figure of found) await assertPicture(figure);
}

function withoutScripts(html: string): string {
  return html.replace(/<script[^]*?<\/script>/g, "");
}

function inDetails(html: string): string {
  return `<details><summary>A figure</summary>${html}</details>`;
}
