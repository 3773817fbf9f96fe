/**
 * A figure in a notebook: plotly's MIME type for front ends that have plotly.js,
 * and HTML with a static picture over which plotly.js draws once it is there.
 *
 * The HTML has no ids, so one figure may stand in a page many times.
 *
 * @module
 */

import {
  escapeMarkup,
  type HtmlOptions,
  type MimeBundle,
  type Renderer,
} from "../core/show.ts";
import { plainText } from "../plot/markup.ts";
import { plainJson, scriptJson } from "./json.ts";
import { carry, carryOnce, carryUrl } from "./library.ts";
import { startFigures } from "./page_script.ts";
import { plotlyIntegrity } from "./plotly_text.ts";

/** What is read of a figure. */
export interface FigureParts {
  /** plotly.js traces. */
  readonly data: unknown;
  /** The plotly.js layout. */
  readonly layout: unknown;
  /** Returns the static picture. */
  toSvg(): string;
}

const config = { responsive: true, displaylogo: false };

/** How figures look. */
export const figureRenderer: Renderer<FigureParts> = {
  bundle,
  html: standalone,
};

async function bundle(figure: FigureParts): Promise<MimeBundle> {
  const library = await carryOnce();
  return {
    "application/vnd.plotly.v1+json": plainJson(parts(figure)),
    "text/html": markup(figure, library),
  };
}

/** A page of its own, and yet it may stand inside another. */
async function standalone(
  figure: FigureParts,
  { offline = true }: HtmlOptions,
): Promise<string> {
  const library = offline ? await carry() : carryUrl();
  return `<!doctype html>\n<meta charset="utf-8">\n${markup(figure, library)}`;
}

function parts({ data, layout }: FigureParts) {
  return { data: data ?? [], layout: layout ?? {}, config };
}

/**
 * The picture is an `img`, since front ends that do not trust a file keep it
 * where they drop inline SVG. It and plotly.js's drawing share one grid cell.
 */
function markup(figure: FigureParts, library: string): string {
  const svg = figure.toSvg();
  const { width, height } = sizeOf(svg);
  const label = escapeMarkup(titleOf(figure));
  const spec = scriptJson(plainJson(parts(figure)));
  return `<div data-fanin-figure="${plotlyIntegrity}" data-height="${height}" role="figure" aria-label="${label}" style="display:grid;grid-template-columns:minmax(0,1fr);max-width:${width}px">
<img alt="${label}" src="${
    pictureUrl(svg)
  }" width="${width}" height="${height}" style="grid-area:1/1;max-width:100%;height:auto">
<script type="application/json">${spec}</script>
</div>
${library}<script>(${pageScript()})(window,"${plotlyIntegrity}")</script>`;
}

/** Percent-encodes what an attribute or a URL could take for its end. */
function pictureUrl(svg: string): string {
  const encoded = svg.toWellFormed()
    .replace(/[^ -~]|[%#<>"&\\]/gu, encodeURIComponent);
  return `data:image/svg+xml,${encoded}`;
}

/** Reads the size that the picture's first element states. */
function sizeOf(svg: string): { width: number; height: number } {
  const start = svg.slice(0, svg.indexOf(">"));
  const read = (name: string) =>
    Number(new RegExp(`\\s${name}="([\\d.]+)"`).exec(start)?.[1]);
  return { width: read("width") || 700, height: read("height") || 450 };
}

function titleOf({ layout }: FigureParts): string {
  const title = (layout as { title?: { text?: unknown } } | undefined)?.title;
  return plainText(String(title?.text ?? "")) || "Figure";
}

/** The script's text without its comments and indents. */
function pageScript(): string {
  return String(startFigures)
    .replace(/\/\*[^]*?\*\/|^ *\/\/.*/gm, "")
    .replace(/\n\s*/g, "\n");
}
