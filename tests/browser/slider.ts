/**
 * A slider of plotly's frames, moved with a real mouse.
 *
 * @module
 */

/// <reference lib="dom" />

import { assert, assertEquals } from "@std/assert";
import type { Locator } from "npm:playwright-core@1.65.1";
import { patience } from "./chromium.ts";

/** A frame: the traces that it changes, and the axes. */
export interface Frame {
  readonly data: readonly { readonly y?: readonly unknown[] }[];
  readonly layout?: unknown;
  readonly traces?: readonly number[];
}

/** What plotly.js shows at a step of the slider. */
interface Shown {
  /** The text over the slider. */
  readonly step: string;
  /** The values of the traces that a frame changes. */
  readonly points: unknown[];
  /** The ranges of the axes that a frame changes. */
  readonly ranges: unknown[];
  /** The paths of all lines. */
  readonly lines: string[];
}

/**
 * Asserts that a drawn figure's slider stands at its last step, shows the first
 * frame when the mouse asks for it, and then the last again as it was.
 *
 * @param plot The element that plotly.js has drawn in.
 * @param frames The figure's frames.
 */
export async function assertSlides(
  plot: Locator,
  frames: readonly Frame[],
): Promise<void> {
  const [first, last] = [frames[0], frames.at(-1)!];
  const before = await shownBy(plot, last);
  assertFrame(before, last, `layer ${frames.length}`);
  await click(plot, "first");
  const moved = await shownWhen(
    plot,
    first,
    (shown) => !same(shown.lines, before.lines) && follows(shown, first),
  );
  assertFrame(moved, first, "layer 1");
  assert(!same(moved.lines, before.lines), "other lines are drawn");
  await click(plot, "last");
  const after = await shownWhen(plot, last, (shown) => same(shown, before));
  assertFrame(after, last, `layer ${frames.length}`);
  assert(same(after.lines, before.lines), "the same lines are drawn again");
}

function assertFrame(shown: Shown, frame: Frame, step: string): void {
  assertEquals(shown.step.slice(-step.length), step);
  assertEquals(shown.ranges, rangesOf(frame));
  assert(
    same(shown.points, frame.data.map(({ y }) => y)),
    `the values of ${step} are shown`,
  );
}

function follows({ points, ranges }: Shown, frame: Frame): boolean {
  return same(points, frame.data.map(({ y }) => y)) &&
    same(ranges, rangesOf(frame));
}

function rangesOf({ layout = {} }: Frame): unknown[] {
  return Object.values(layout as Record<string, { range: unknown }>)
    .map(({ range }) => range);
}

/** Clicks near an end of the slider's rail. */
async function click(plot: Locator, end: "first" | "last"): Promise<void> {
  const rail = plot.locator(".slider-rail-touch-rect");
  await rail.scrollIntoViewIfNeeded();
  const { width, height } = (await rail.boundingBox())!;
  const x = end === "first" ? 8 : width - 8;
  await rail.click({ position: { x, y: height / 2 } });
}

/** What is shown as soon as it is what is waited for, or at last. */
async function shownWhen(
  plot: Locator,
  frame: Frame,
  accept: (shown: Shown) => boolean,
): Promise<Shown> {
  const end = Date.now() + patience;
  let shown = await shownBy(plot, frame);
  while (!accept(shown) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    shown = await shownBy(plot, frame);
  }
  return shown;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function shownBy(
  plot: Locator,
  { traces = [], layout = {} }: Frame,
): Promise<Shown> {
  return plot.evaluate((root, { traces, axes }) => {
    const { data, layout } = root as unknown as {
      data: { y: unknown[] }[];
      layout: Record<string, { range: unknown }>;
    };
    const lines = root.querySelectorAll(".scatterlayer path.js-line");
    return {
      step: root.querySelector(".slider-label")!.textContent!,
      points: traces.map((index) => data[index].y),
      ranges: axes.map((axis) => layout[axis].range),
      lines: [...lines].map((line) => line.getAttribute("d")!),
    };
  }, { traces, axes: Object.keys(layout as object) });
}
