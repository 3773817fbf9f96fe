/**
 * An explorer in a notebook: the numbers and the picture of its settings, and
 * the code that puts a live panel in their place.
 *
 * @module
 */

import { escapeMarkup, type Renderer } from "../../core/show.ts";
import { weights } from "../../plot/weights.ts";
import { pictureUrl } from "../figure.ts";
import { explored } from "./explored.ts";
import type { Explorer } from "./explorer.ts";
import { writeTexts } from "./fields.ts";
import { markupOf, summaryOf } from "./report.ts";
import { startExplorers } from "./start.ts";

/** How explorers look. */
export const explorerRenderer: Renderer<Explorer> = {
  bundle: async (explorer) => ({ "text/html": await markup(explorer) }),
  html: async (explorer) =>
    `<!doctype html>\n<meta charset="utf-8">\n${await markup(explorer)}`,
};

/**
 * The attribute of Lumino keeps JupyterLab's shortcuts away: an arrow key in a
 * list is not to leave the cell.
 */
async function markup({ settings }: Explorer): Promise<string> {
  const { panelCode } = await import("./panel_code.ts");
  const found = explored(settings);
  const figure = weights(found.weight);
  const { width, height } = figure.layout;
  const summary = escapeMarkup(summaryOf(found));
  const texts = JSON.stringify(writeTexts(settings)).replaceAll("<", "\\u003c");
  return `<div data-fanin-explorer data-lm-suppress-shortcuts="true" style="max-width:900px">
<p>${summary}</p>
<img alt="Histogram of the weight: ${summary}" src="${
    pictureUrl(figure.toSvg())
  }" width="${width}" height="${height}" style="max-width:100%;height:auto">
${markupOf(found)}
<script type="text/plain">${panelCode}</script>
<script type="application/json">${texts}</script>
</div>
<script>(${startScript()})(window)</script>`;
}

/** The script's text without its comments and indents. */
function startScript(): string {
  return String(startExplorers)
    .replace(/\/\*[^]*?\*\/|^ *\/\/.*/gm, "")
    .replace(/\n\s*/g, "\n");
}
