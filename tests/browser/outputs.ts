/**
 * The HTML of figures as a kernel that has just started puts it out.
 *
 * @module
 */

import { carryAgain } from "../../lib/notebook/plotly.ts";
import { jupyterDisplay, type Showable } from "../../lib/core/show.ts";
import "../../lib/notebook/mod.ts";

/**
 * Returns the HTML of each figure's output, the first of them carrying plotly.js.
 *
 * @param figures The figures, in the order in which they are shown.
 */
export async function outputsOf(
  ...figures: readonly Showable[]
): Promise<string[]> {
  carryAgain();
  const outputs: string[] = [];
  for (const figure of figures) {
    const bundle = await figure[jupyterDisplay]();
    outputs.push(String(bundle["text/html"]));
  }
  return outputs;
}
