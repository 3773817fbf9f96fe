/**
 * Draws a figure's slider, with the label of its step.
 *
 * @module
 */

import { widthOf } from "../text.ts";
import type { Font, Slider } from "../types.ts";
import type { Box } from "./axes.ts";
import { drawText, element, paint } from "./element.ts";

/** Plotly's measures, in pixels. */
const rail = { inset: 5, width: 5 };
const knob = { inset: 10, size: 20 };
const tick = { offset: 25, length: 7 };
const lineStep = 1.3;
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
  const railTop = top + lineStep * above.size! + gapSlider;
  const middle = railTop + knob.size / 2;
  const place = (step: number) =>
    area.x + knob.inset +
    (area.width - 2 * knob.inset) * step / Math.max(1, steps.length - 1);
  const outlined = {
    ...paint("fill", slider.bgcolor),
    ...paint("stroke", slider.bordercolor),
  };
  return element("g", { "data-slider": "" }, [
    drawText(currentvalue.prefix + steps[active].label, {
      x: area.x,
      y: top + above.size!,
      xanchor: "left",
      yanchor: "baseline",
    }, above),
    element("rect", {
      x: area.x + rail.inset,
      y: middle - rail.width / 2,
      width: area.width - 2 * rail.inset,
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
