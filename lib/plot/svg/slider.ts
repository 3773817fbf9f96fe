/**
 * Draws a figure's slider, with the label of its step, and its buttons.
 *
 * @module
 */

import { widthOf } from "../text.ts";
import type { Buttons, Font, Slider } from "../types.ts";
import type { Box } from "./axes.ts";
import { drawText, element, paint } from "./element.ts";

/** Plotly's measures, in pixels. */
const rail = { inset: 8, width: 5 };
const knob = { inset: 10, size: 20 };
const tick = { offset: 25, length: 7 };
const button = { height: 33, padding: 24, gap: 2, inset: 1.5 };
const lineStep = 1.3;
/** The height of a line's box. */
const lineHeight = 1.15;
/** Text is about so wide, of what it may be at most. */
const usual = 0.86;
/** Between the text above and the rail. */
const gapSlider = 10;
/** Between two labels of steps, at least. */
const labelGap = 8;

/**
 * Returns a slider with the label of its step above it.
 *
 * @param slider The slider.
 * @param area The plot's box, below which it stands.
 * @param font The letters, complete.
 */
export function drawSlider(slider: Slider, area: Box, font: Font): string {
  const { active, steps, currentvalue, pad } = slider;
  const top = area.y + area.height + pad.t;
  const above = { ...font, ...slider.font, ...currentvalue.font };
  const railTop = top + Math.ceil(lineHeight * above.size!) + gapSlider;
  const middle = railTop + knob.size / 2;
  const left = area.x + pad.l;
  const width = area.width - pad.l;
  const place = (step: number) =>
    left + knob.inset +
    (width - 2 * knob.inset) * step / Math.max(1, steps.length - 1);
  const outlined = {
    ...paint("fill", slider.bgcolor),
    ...paint("stroke", slider.bordercolor),
  };
  return element("g", { "data-slider": "" }, [
    drawText(currentvalue.prefix + steps[active].label, {
      x: left,
      y: top + lineStep * above.size!,
      xanchor: "left",
      yanchor: "baseline",
    }, above),
    element("rect", {
      x: left + rail.inset,
      y: middle - rail.width / 2,
      width: width - 2 * rail.inset,
      height: rail.width,
      rx: 2,
      ...outlined,
    }),
    drawLabels(slider, place, railTop + tick.offset, font),
    element("rect", {
      x: place(active) - knob.size / 2,
      y: railTop,
      width: knob.size,
      height: knob.size,
      rx: knob.size / 2,
      ...outlined,
    }),
  ]);
}

/**
 * Returns a row of buttons below the plot.
 *
 * @param menu The buttons.
 * @param area The plot's box.
 * @param font The letters, complete.
 */
export function drawButtons(menu: Buttons, area: Box, font: Font): string {
  const { buttons = [], x = 0, y = 0, pad, bgcolor, bordercolor } = menu;
  const own = { ...font, ...menu.font };
  const top = area.y + (1 - y) * area.height + (pad?.t ?? 0) + button.inset;
  let left = area.x + x * area.width + (pad?.l ?? 0) + button.inset;
  return element(
    "g",
    { "data-buttons": "" },
    buttons.map(({ label }) => {
      const width = Math.ceil(usual * widthOf(label, own.size!)) +
        button.padding;
      const box = { x: left, y: top, width, height: button.height, rx: 2 };
      const drawn = element("rect", {
        ...box,
        ...paint("fill", bgcolor),
        ...paint("stroke", bordercolor),
      }) + drawText(label, {
        x: left + width / 2,
        y: top + button.height / 2,
        xanchor: "center",
        yanchor: "middle",
      }, own);
      left += width + button.gap;
      return drawn;
    }),
  );
}

/** Ticks and labels, spaced so that labels do not touch. */
function drawLabels(
  { steps, tickcolor, ...slider }: Slider,
  place: (step: number) => number,
  top: number,
  font: Font,
): string {
  const own = { ...font, ...slider.font };
  const widest = Math.max(
    ...steps.map(({ label }) => widthOf(label, own.size!)),
  );
  const room = steps.length > 1 ? place(1) - place(0) : Infinity;
  const stride = Math.max(1, Math.ceil((widest + labelGap) / room));
  return steps.map(({ label }, step) => {
    if (step % stride !== 0) return "";
    const x = place(step);
    const d = `M${Math.round(x) + 0.5} ${Math.round(top)}v${tick.length}`;
    return element("path", { d, ...paint("stroke", tickcolor) }) +
      drawText(label, {
        x,
        y: top + tick.length + lineStep * own.size!,
        xanchor: "center",
        yanchor: "baseline",
      }, own);
  }).join("");
}
