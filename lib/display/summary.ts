/**
 * A summary in a notebook: the table of tensors, with its totals.
 *
 * @module
 */

import type { Renderer } from "../core/show.ts";
import { columnsOf, totalFacts } from "../summary/cells.ts";
import type { Summary } from "../summary/result.ts";
import { factLine, marked, table } from "./table.ts";

/** How summaries look. */
export const summaryRenderer: Renderer<Summary> = {
  bundle: (summary) => ({ "text/html": markup(summary) }),
  html: markup,
};

/** Up to thirteen columns leave room for so many. */
const digits = 3;

function markup(summary: Summary): string {
  const totals = factLine(totalFacts(summary));
  if (summary.rows.length === 0) return totals;
  // The verdict stands beside the name: the table may be wider than its place.
  const [name, ...others] = columnsOf(summary);
  const shown = [name, others.at(-1)!, ...others.slice(0, -1)];
  const rows = summary.rows.map((row) =>
    shown.map(({ title, cell }) => {
      const text = cell(row, digits);
      return title === "verdict" && row.attention ? marked(text) : text;
    })
  );
  return `<div style="overflow-x:auto;font-size:.85em">\n${
    table(shown, rows)
  }\n</div>\n${totals}`;
}
