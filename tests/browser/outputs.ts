/**
 * The HTML of figures as a kernel puts it out.
 *
 * @module
 */

import {
  jupyterDisplay,
  type MimeBundle,
  type Showable,
} from "../../lib/core/show.ts";
import "../../lib/notebook/mod.ts";
import { inKernel } from "../notebook/fake_kernel.ts";

/**
 * Returns the HTML of each figure's cell after they have run; the last of them
 * carries plotly.js.
 *
 * @param figures The figures, in the order in which they are shown.
 */
export function outputsOf(...figures: readonly Showable[]): Promise<string[]> {
  return inKernel(async (kernel) => {
    for (const [cell, figure] of figures.entries()) {
      kernel.cell = cell;
      const data = await figure[jupyterDisplay]();
      kernel.broadcast("display_data", { data });
    }
    return figures.map((_, cell) => kernel.html(cell));
  });
}

/**
 * Returns what a figure's own output holds.
 *
 * @param figure The figure.
 */
export function bundleOf(figure: Showable): Promise<MimeBundle> {
  return inKernel(() => figure[jupyterDisplay]());
}
