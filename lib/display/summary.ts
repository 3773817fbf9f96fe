/**
 * A summary in a notebook: the table of tensors, with its totals.
 *
 * @module
 */

import type { Renderer } from "../core/show.ts";
import { columns, totalFacts } from "../summary/cells.ts";
import type { Summary } from "../summary/result.ts";
import { factLine, marked, table } from "./table.ts";

/** How summaries look. */
export const summaryRenderer: Renderer<Summary> = {
  bundle: (summary) => ({ "text/html": markup(summary) }),
  html: markup,
};

/** As many digits as other tables show. */
const digits = 4;

function markup(summary: Summary): string {
  const totals = factLine(totalFacts(summary));
  if (summary.rows.length === 0) return totals;
  const rows = summary.rows.map((row) =>
    columns.map(({ title, cell }) => {
      const text = cell(row, digits);
      return title === "verdict" && row.attention ? marked(text) : text;
    })
  );
  return `<div style="overflow-x:auto">\n${
    table(columns, rows)
  }\n</div>\n${totals}`;
}
