/**
 * A notebook as one HTML page that needs no network and no other file.
 *
 * @module
 */

import { escapeHtml } from "./escape.ts";
import { highlight, type PictureSource, renderMarkdown } from "./markdown.ts";
import { MATH_STYLE } from "./math.ts";
import type { Cell, Notebook } from "./notebook.ts";
import { renderOutput } from "./output_html.ts";
import { PAGE_STYLE } from "./page_style.ts";

/** How a page is made. */
export interface PageOptions {
  /** The title if no cell begins with a heading. */
  readonly name: string;
  /** Where relative paths of pictures in Markdown cells lead. */
  readonly picture?: PictureSource;
}

/** What the browser may load: what is in the page, and nothing else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob: data:",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "font-src data:",
  "media-src data: blob:",
  "worker-src blob: data:",
  "connect-src data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * Returns the page of a notebook.
 *
 * All that is text is escaped. An output's `text/html` is put in as it is, so that its scripts run in order.
 *
 * @param notebook The notebook, with outputs.
 * @param options Its name and where pictures are.
 */
export function renderPage(notebook: Notebook, options: PageOptions): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(titleOf(notebook) ?? options.name)}</title>
<style>
${MATH_STYLE}
${PAGE_STYLE}
</style>
</head>
<body>
<main>
${notebook.cells.map((cell) => renderCell(cell, options.picture)).join("\n")}
</main>
</body>
</html>
`;
}

function renderCell(
  cell: Cell,
  picture: PictureSource = () => undefined,
): string {
  const open = `<section class="cell ${cell.cell_type}" id="${
    escapeHtml(cell.id)
  }">`;
  return `${open}\n${
    cell.cell_type === "code" ? renderCode(cell) : renderText(cell, picture)
  }\n</section>`;
}

function renderCode({ source, outputs = [], execution_count }: Cell): string {
  const parts = [];
  if (source !== "") {
    parts.push(
      `<div class="count">${
        execution_count ? `[${execution_count}]` : ""
      }</div>`,
    );
    parts.push(
      `<pre class="source"><code>${
        highlight(source, "typescript")
      }</code></pre>`,
    );
  }
  if (outputs.length > 0) {
    parts.push(
      `<div class="outputs">\n${outputs.map(renderOutput).join("\n")}\n</div>`,
    );
  }
  return parts.join("\n");
}

function renderText(
  { cell_type, source, attachments = {} }: Cell,
  picture: PictureSource,
): string {
  if (cell_type === "raw") return `<pre>${escapeHtml(source)}</pre>`;
  return renderMarkdown(source, (path) => {
    const [type, data] =
      Object.entries(attachments[path.replace(/^attachment:/, "")] ?? {})[0] ??
        [];
    return type === undefined ? picture(path) : `data:${type};base64,${data}`;
  });
}

/** Returns the text of the first heading, without its marks. */
function titleOf({ cells }: Notebook): string | undefined {
  for (const { cell_type, source } of cells) {
    const heading = cell_type === "markdown"
      ? /^#{1,6}\s+(.+)$/m.exec(source)
      : null;
    if (heading) return heading[1].replaceAll(/[`*$\\]|\s*#+\s*$/g, "");
  }
}
