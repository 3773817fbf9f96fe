/// <reference lib="dom" />

import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import type { plot } from "../../mod.ts";
import { figures } from "../plot/figures.ts";
import { variations } from "../plot/variations.ts";
import { launchChromium, watchedPage } from "./chromium.ts";
import { countMarks, expectedMarks, type Trace } from "./drawn.ts";

/** What front ends carry: VS Code 2.35, plotly.py 6 for Jupyter 3 and 4. */
const versions: Readonly<Record<string, () => Promise<{ default: string }>>> = {
  "2.35.3": () =>
    import("npm:plotly.js-cartesian-dist-min@2.35.3/plotly-cartesian.min.js", {
      with: { type: "text" },
    }),
  "3.7.0": () =>
    import("npm:plotly.js-cartesian-dist-min@3.7.0/plotly-cartesian.min.js", {
      with: { type: "text" },
    }),
  "4.1.1": () =>
    import("npm:plotly.js-cartesian-dist-min@4.1.1/plotly-cartesian.min.js", {
      with: { type: "text" },
    }),
};

/** A figure as plotly has it. */
interface Parts {
  readonly data: readonly unknown[];
  readonly layout: unknown;
  readonly frames?: readonly {
    readonly name?: string;
    readonly data?: readonly unknown[];
    readonly layout?: unknown;
    readonly traces?: readonly number[];
  }[];
}

interface Plotly {
  newPlot(element: HTMLElement, parts: Parts): Promise<void>;
  animate(
    element: HTMLElement,
    frames: readonly (string | undefined)[],
    options: unknown,
  ): Promise<void>;
  validate(
    data: readonly unknown[],
    layout: unknown,
  ): readonly { readonly msg: string }[] | undefined;
}

Deno.test("each plotly.js draws every figure, and finds no fault in it", async (t) => {
  await using browser = await launchChromium();
  for (const [version, load] of Object.entries(versions)) {
    await t.step(version, async (t) => {
      const { page, context, faults } = await watchedPage(browser);
      await using _context = context;
      await page.setContent("<!doctype html><div id=plot></div>");
      await page.addScriptTag({ content: (await load()).default });
      assertEquals(await page.evaluate("Plotly.version"), version);
      for (const [name, make] of Object.entries(figures)) {
        await t.step(name, () => assertDrawn(page, make()));
      }
      for (const [name, figure] of variations()) {
        await t.step(name, () => assertDrawn(page, figure));
      }
      assertEquals(faults, []);
    });
  }
});

Deno.test("what plotly.js does not know, it says", async () => {
  await using browser = await launchChromium();
  const { page, context } = await watchedPage(browser);
  await using _context = context;
  await page.setContent("<!doctype html><div id=plot></div>");
  await page.addScriptTag({ content: (await versions["4.1.1"]()).default });
  const data = [{ type: "bar", x: [1], y: [1], color: "red" }];
  const complaints = await draw(page, { data, layout: {} });
  assertEquals(complaints.length, 1);
  assertMatch(complaints[0], /color/);
});

/**
 * A slider's arguments are objects, and copying them counts as a change. The
 * type `-` asks for one by the data.
 */
const unchanged =
  /\(set to '(.*)'\) got reset to '\1' during defaults|axis\d*\.type \(set to '-'\)/;

async function assertDrawn(page: Page, figure: plot.Figure): Promise<void> {
  const parts = figure.toJSON();
  assertEquals(faultsIn(await draw(page, parts)), []);
  const traces = parts.data as unknown as readonly Trace[];
  assertEquals(await countMarks(page.locator("#plot")), expectedMarks(traces));
  assertEquals(faultsIn(await play(page, parts)), []);
}

function faultsIn(messages: readonly string[]): string[] {
  return messages.filter((message) => !unchanged.test(message));
}

/** Draws a figure; returns what plotly.js finds wrong with it. */
async function draw(page: Page, parts: Parts): Promise<string[]> {
  return await page.evaluate(async (parts) => {
    const { Plotly } = globalThis as unknown as { Plotly: Plotly };
    const found = Plotly.validate(parts.data, parts.layout) ?? [];
    await Plotly.newPlot(document.getElementById("plot")!, parts);
    return found.map(({ msg }) => msg);
  }, parts);
}

/** Shows all frames; returns what plotly.js finds wrong with them. */
async function play(page: Page, parts: Parts): Promise<string[]> {
  return await page.evaluate(async ({ data, layout, frames = [] }) => {
    const { Plotly } = globalThis as unknown as { Plotly: Plotly };
    const messages: string[] = [];
    for (const frame of frames) {
      const indices = frame.traces ?? frame.data?.map((_, index) => index);
      const traces = indices?.map((index, at) => ({
        ...data[index] as object,
        ...frame.data?.[at] as object,
      }));
      const whole: Record<string, unknown> = {
        ...layout as object,
        ...frame.layout as object,
      };
      // Of what is hidden, plotly.js reads nothing else.
      const seen = (items: unknown) =>
        (items as { visible?: boolean }[] | undefined)
          ?.filter(({ visible }) => visible !== false);
      for (const name of ["annotations", "shapes"]) {
        if (name in whole) whole[name] = seen(whole[name]);
      }
      // It would throw for a legend that is not shown.
      if (whole.showlegend === false) delete whole.legend;
      const shown = seen(traces ?? data)! as Record<string, string>[];
      for (const name of Object.keys(whole)) {
        const [, letter, number] = /^([xy])axis(\d+)$/.exec(name) ?? [];
        const used = shown.some((trace) =>
          trace[`${letter}axis`] === letter + number
        );
        if (number !== undefined && !used) delete whole[name];
      }
      const found = Plotly.validate(shown, whole) ?? [];
      messages.push(...found.map(({ msg }) => msg));
      await Plotly.animate(document.getElementById("plot")!, [frame.name], {
        mode: "immediate",
        frame: { duration: 0, redraw: true },
        transition: { duration: 0 },
      });
    }
    return messages;
  }, parts);
}
