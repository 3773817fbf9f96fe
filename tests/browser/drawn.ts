/**
 * Whether plotly.js has drawn the figures of a page: marks are counted against
 * the data, boxes are measured, and a real mouse asks for a value.
 *
 * @module
 */

/// <reference lib="dom" />

import { assert, assertEquals } from "@std/assert";
import type { Locator, Page } from "npm:playwright-core@1.65.1";
import { unpack } from "../../notebooks/runner/packed.ts";
import { patience } from "./chromium.ts";

/** A trace as it stands in a figure's data. */
export interface Trace {
  readonly type?: string;
  readonly mode?: string;
  readonly orientation?: string;
  readonly visible?: boolean | string;
  readonly x?: unknown[];
  readonly y?: unknown[];
}

/** The marks of one kind: how many there must be, and how many there are. */
export interface Marks {
  bars: number;
  visibleBars: number;
  points: number;
  lines: number;
  images: number;
}

/**
 * Asserts that each figure of the page is drawn by plotly.js.
 *
 * @param page The browser's page.
 * @param count How many figures there must be.
 */
export async function assertAllDrawn(page: Page, count: number): Promise<void> {
  const figures = page.locator("[data-fanin-figure]");
  await assertCount(figures, count, "figures in the page");
  for (let index = 0; index < count; index++) {
    await assertDrawn(figures.nth(index));
  }
}

/**
 * Asserts that the page comes to hold so many elements: a front end may still
 * be putting in what the kernel has already sent.
 *
 * @param elements The elements.
 * @param count How many there must be.
 * @param what What is counted, for the message.
 */
export async function assertCount(
  elements: Locator,
  count: number,
  what: string,
): Promise<void> {
  const end = Date.now() + patience;
  while (await elements.count() !== count && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assertEquals(await elements.count(), count, what);
}

/**
 * Asserts that plotly.js has drawn a figure: as many marks as the data has, in a
 * box that is not empty, with a value under the mouse, the picture gone, and the
 * place as large as it was.
 *
 * @param figure The figure's element, scrolled to if need be.
 */
export async function assertDrawn(figure: Locator): Promise<void> {
  const plot = figure.locator("[data-fanin-plot]");
  await figure.scrollIntoViewIfNeeded();
  await plot.waitFor({ state: "visible", timeout: patience });
  const packed = await figure.locator("script").textContent() ?? "";
  const spec = JSON.parse(unpack(packed));
  assertEquals(await countMarks(plot), expectedMarks(spec.data));
  assert(!await figure.locator("img").isVisible(), "the picture is gone");
  const box = await plot.locator(".main-svg").first().boundingBox();
  assert(box !== null && box.width > 100 && box.height > 100, "a real size");
  assert(await valueUnderMouse(figure) !== "", "the mouse finds a value");
}

/**
 * Returns whether plotly.js's drawing is seen, with as many marks as the data
 * has.
 *
 * @param plot The element that plotly.js has drawn in, or will.
 * @param data The figure's traces.
 */
export async function isDrawn(
  plot: Locator,
  data: readonly Trace[],
): Promise<boolean> {
  const drawing = plot.locator(".main-svg").first();
  if (!await drawing.isVisible()) return false;
  const { width, height } = await drawing.evaluate((svg) =>
    svg.getBoundingClientRect()
  );
  if (width <= 100 || height <= 100) return false;
  const [marks, expected] = [await countMarks(plot), expectedMarks(data)];
  return Object.entries(expected)
    .every(([kind, count]) => marks[kind as keyof Marks] === count);
}

/**
 * Asserts that a figure shows its static picture and nothing drawn.
 *
 * @param figure The figure's element.
 */
export async function assertPicture(figure: Locator): Promise<void> {
  await figure.scrollIntoViewIfNeeded();
  const picture = figure.locator("img");
  assert(await picture.isVisible(), "the picture shows");
  const natural = await picture.evaluate(async (image) => {
    await (image as HTMLImageElement).decode();
    return (image as HTMLImageElement).naturalWidth;
  });
  assert(natural > 100, "the picture is one");
  assert(!await figure.locator(".main-svg").first().isVisible(), "not drawn");
}

/** What plotly.js must draw for the data. */
export function expectedMarks(data: readonly Trace[]): Marks {
  const marks = { bars: 0, visibleBars: 0, points: 0, lines: 0, images: 0 };
  for (const trace of data.filter(({ visible }) => visible !== false)) {
    const { type = "scatter", x = [], y = [], orientation } = trace;
    const values = (orientation === "h" ? x : y).filter(Number.isFinite);
    const mode = trace.mode ?? (y.length < 20 ? "lines+markers" : "lines");
    if (type === "bar") {
      marks.bars += values.length;
      marks.visibleBars += values.filter((value) => value !== 0).length;
    } else if (type === "heatmap") marks.images++;
    else if (type === "scatter") {
      if (mode.includes("markers")) marks.points += values.length;
      if (mode.includes("lines")) marks.lines += pieces(y);
    } else if (type !== "violin") {
      throw new Error(`No rule to count the marks of ${type}`);
    }
  }
  return marks;
}

/** A line is drawn in pieces between its gaps; a lone point is none. */
function pieces(y: readonly unknown[]): number {
  return y.filter((value, index) =>
    Number.isFinite(value) && Number.isFinite(y[index + 1]) &&
    !Number.isFinite(y[index - 1])
  ).length;
}

/** Counts the marks that plotly.js has drawn. */
export async function countMarks(plot: Locator): Promise<Marks> {
  return await plot.evaluate((root) => {
    const all = (
      selector: string,
    ) => [...root.querySelectorAll<SVGGraphicsElement>(selector)];
    const long = (mark: SVGGraphicsElement) => {
      const { width, height } = mark.getBBox();
      return width + height > 0;
    };
    const full = (mark: SVGGraphicsElement) => {
      const { width, height } = mark.getBBox();
      return width * height > 0;
    };
    const bars = all(".barlayer .point path");
    return {
      bars: bars.length,
      visibleBars: bars.filter(full).length,
      points: all(".scatterlayer path.point").filter(full).length,
      lines: all(".scatterlayer path.js-line").filter(long).length,
      images: all(".heatmaplayer image").filter(full).length,
    };
  });
}

/**
 * Moves the mouse over the largest marks until one says its value, and returns
 * that; or nothing if none does.
 *
 * @param figure The figure's element.
 */
export async function valueUnderMouse(figure: Locator): Promise<string> {
  const page = figure.page();
  const label = figure.locator(".hoverlayer .hovertext");
  for (const { x, y } of await targets(figure)) {
    await page.mouse.move(x, y - 1);
    await page.mouse.move(x, y);
    const shown = await label.first().waitFor({ timeout: 5000 })
      .then(() => true, () => false);
    if (shown) return (await label.allTextContents()).join(" ").trim();
  }
  return "";
}

/** Places on the largest marks, and along the lines. */
async function targets(figure: Locator): Promise<{ x: number; y: number }[]> {
  return await figure.evaluate((root) => {
    const all = <T extends SVGGraphicsElement>(
      selector: string,
    ) => [...root.querySelectorAll<T>(selector)];
    const inside = all(
      ".barlayer .point path, .heatmaplayer image, .scatterlayer path.point",
    )
      .map((mark) => mark.getBoundingClientRect())
      .sort((a, b) => b.width * b.height - a.width * a.height)
      .slice(0, 3)
      .flatMap(({ x, y, width, height }) =>
        [0.5, 0.39, 0.61].map((share) => ({
          x: x + share * width,
          y: y + share * height,
        }))
      );
    const along = all<SVGPathElement>(".scatterlayer path.js-line")
      .flatMap((line) =>
        [0.5, 0.3, 0.7].map((share) =>
          line.getPointAtLength(share * line.getTotalLength())
            .matrixTransform(line.getScreenCTM()!)
        )
      )
      .map(({ x, y }) => ({ x, y }));
    return [...inside, ...along];
  });
}
