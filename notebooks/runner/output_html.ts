/**
 * Outputs of a cell as HTML.
 *
 * @module
 */

import { AnsiUp } from "npm:ansi_up@6";
import { escapeHtml } from "./escape.ts";
import { isObject, type JsonObject } from "./json.ts";
import { renderSafeMarkdown } from "./markdown.ts";
import type { MimeBundle, Output } from "./outputs.ts";

type Renderer = (value: string, metadata: JsonObject) => string;

/** From the richest to the plainest: the first type that a bundle has is shown. */
const RENDERERS: readonly (readonly [type: string, render: Renderer])[] = [
  ["text/html", (html) => html],
  [
    "image/svg+xml",
    (svg, size) => picture("image/svg+xml", toBase64(svg), size, titleOf(svg)),
  ],
  ...["image/png", "image/jpeg", "image/gif", "image/webp"].map((type) =>
    [
      type,
      (data: string, size: JsonObject) => picture(type, data, size),
    ] as const
  ),
  ["text/markdown", renderSafeMarkdown],
  ["text/latex", renderSafeMarkdown],
  ["application/json", (text) => preformatted(text)],
  ["text/plain", (text) => preformatted(text)],
];

/** A line that nobody scrolls to the end of; browsers do not even draw the longest. */
const LONG_LINE = /[^\n]{5000}/;

/**
 * Returns the HTML of one output, in its richest form; `text/html` is put in as it is.
 *
 * @param output The output.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { renderOutput } from "./output_html.ts";
 *
 * const html = renderOutput({ output_type: "stream", name: "stdout", text: "1 < 2" });
 * assertEquals(html, '<div class="output stdout"><pre>1 &lt; 2</pre></div>');
 * ```
 */
export function renderOutput(output: Output): string {
  if (output.output_type === "stream") {
    return block(output.name, preformatted(overwritten(output.text)));
  }
  if (output.output_type === "error") {
    return block(
      "error",
      preformatted(
        output.traceback.join("\n") || `${output.ename}: ${output.evalue}`,
      ),
    );
  }
  const [type, render] =
    RENDERERS.find(([type]) => output.data[type] !== undefined) ?? [];
  if (type === undefined || render === undefined) return "";
  const metadata = output.metadata[type];
  return block(
    kindOf(type),
    render(textOf(output.data, type), isObject(metadata) ? metadata : {}),
  );
}

function block(kind: string, html: string): string {
  return `<div class="output ${escapeHtml(kind)}">${html}</div>`;
}

function kindOf(type: string): string {
  return type.startsWith("image/") ? "picture" : type.split("/")[1];
}

function textOf(data: MimeBundle, type: string): string {
  const value = data[type];
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Returns text in a fixed-width block, terminal colors as spans and all else escaped. */
function preformatted(text: string): string {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  const look = LONG_LINE.test(text) ? ' class="long"' : "";
  return `<pre${look}>${ansi.ansi_to_html(text)}</pre>`;
}

/** Returns what a terminal shows of lines that a carriage return restarts. */
function overwritten(text: string): string {
  return text.split("\n").map((line) =>
    line.split("\r").findLast((part) => part !== "") ?? ""
  ).join("\n");
}

function picture(
  type: string,
  data: string,
  { width, height }: JsonObject,
  title = "",
): string {
  const size = [["width", width], ["height", height]].flatMap(([name, value]) =>
    typeof value === "number" ? [` ${name}="${value}"`] : []
  );
  const url = `data:${type};base64,${data.replaceAll("\n", "")}`;
  return `<img src="${escapeHtml(url)}" alt="${escapeHtml(title)}"${
    size.join("")
  }>`;
}

function titleOf(svg: string): string {
  return /<title[^>]*>([^<]*)<\/title>/.exec(svg)?.[1] ?? "";
}

function toBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
