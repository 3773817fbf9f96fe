/**
 * A figure in a notebook: plotly's MIME type for front ends that have plotly.js,
 * and HTML with a static picture over which plotly.js draws once it is there; or
 * what the chosen renderer asks for.
 *
 * The HTML has no ids, so one figure may appear in a page many times.
 *
 * @module
 */

import {
  escapeMarkup,
  type HtmlOptions,
  type MimeBundle,
  type PngOptions,
  type Renderer,
  type RendererName,
  type ShowOptions,
} from "../core/show.ts";
import { type Figure, titleIn } from "../plot/figure.ts";
import { plainText } from "../plot/text.ts";
import { ink, rgb } from "../plot/theme.ts";
import { scriptText, startFigures, unpack } from "./page_script.ts";
import { carry, carryOnce, carryUrl, pack, plotlyIntegrity } from "./plotly.ts";
import { drawPng } from "./png.ts";
import { currentRenderer } from "./renderer.ts";

/** Buttons that do something here, and none that sends data anywhere. */
const config = {
  responsive: true,
  displaylogo: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d"],
  plotlyServerURL: "",
  showSendToCloud: false,
};

/** A figure's picture and drawing are not shown smaller. */
const narrowest = 560;

/** The kinds of traces in plotly.js's cartesian bundle. */
const carried = new Set([
  ...["bar", "box", "contour", "heatmap", "histogram", "histogram2d"],
  ...["histogram2dcontour", "image", "pie", "scatter", "scatterternary"],
  "violin",
]);

/** The representations that each renderer returns. */
const bundles: Readonly<
  Record<RendererName, (figure: Figure) => MimeBundle | Promise<MimeBundle>>
> = {
  auto: async (figure) => ({ ...mimetype(figure), ...await live(figure) }),
  mimetype,
  html: live,
  svg,
  png: pngBundle,
  static: async (figure) => ({
    ...svg(figure),
    // Without resvg or a font, show only the SVG.
    ...await pngBundle(figure).catch(() => ({})),
  }),
};

/** The renderer of figures. */
export const figureRenderer: Renderer<Figure> = {
  bundle,
  html: standalone,
  png,
};

/**
 * Returns an SVG document as a URL for an attribute.
 *
 * Percent-encodes what a URL or an attribute could take for its end. Quotes of
 * either kind stand around values only, since in them they are escaped.
 *
 * @param svg The document.
 */
export function pictureUrl(svg: string): string {
  const encoded = svg.toWellFormed().replaceAll('"', "'")
    .replace(/[^ -~]|[%#<>&\\]/gu, encodeURIComponent);
  return `data:image/svg+xml,${encoded}`;
}

async function bundle(
  figure: Figure,
  { renderer = currentRenderer() }: ShowOptions,
): Promise<MimeBundle> {
  return await bundles[renderer](figure);
}

/** A complete page that may also be embedded in another. */
async function standalone(
  figure: Figure,
  { offline = true }: HtmlOptions,
): Promise<string> {
  const library = offline ? await carry() : carryUrl();
  return `<!doctype html>\n<meta charset="utf-8">\n${await markup(
    figure,
    library,
  )}`;
}

/**
 * The picture is an `img`, since front ends that do not trust a file keep it
 * where they drop inline SVG. It and plotly.js's drawing share one grid cell,
 * which shrinks with its place, and below 560 pixels scrolls: squeezed further,
 * no text could be read.
 */
async function markup(figure: Figure, library: string): Promise<string> {
  const { width, height } = sizeOf(figure);
  const label = escapeMarkup(plainText(titleIn(figure.layout) ?? "Figure"));
  const others = typesBeyond(figure);
  const size = `width="${width}" height="${height}"`;
  const picture = `<img alt="${label}" src="${
    pictureUrl(figure.toSvg())
  }" ${size} style="grid-area:1/1;width:100%;height:auto">`;
  const place =
    `role="figure" aria-label="${label}" style="display:grid;grid-template-columns:minmax(${
      Math.min(narrowest, width)
    }px,1fr);max-width:${width}px;overflow-x:auto"`;
  if (others.length > 0) {
    return `<div ${place}>\n${picture}\n</div>${
      noteOf(
        `The plotly.js that figures carry cannot draw ${
          others.join(" and ")
        }; front ends with all of plotly.js can, by useRenderer("mimetype").`,
      )
    }`;
  }
  const spec = await pack(JSON.stringify({ ...figure.toJSON(), config }));
  return `<div data-fanin-figure="${plotlyIntegrity}" data-width="${width}" data-height="${height}" ${place}>
${picture}
<script type="text/plain">${spec}</script>
</div>
${library}<script>(${scriptText(startFigures)})(window,"${plotlyIntegrity}","${
    rgb(ink)
  }",${scriptText(unpack)})</script>`;
}

/** The kinds of traces that the carried bundle, the cartesian one, lacks. */
function typesBeyond({ data }: Figure): string[] {
  const types = data.map(({ type = "scatter" }) => String(type));
  return [...new Set(types)].filter((type) => !carried.has(type))
    .map((type) => type.replace(/\W/g, ""));
}

/** Its size in pixels, which each figure of this library has. */
function sizeOf({ layout }: Figure): { width: number; height: number } {
  return { width: Number(layout.width), height: Number(layout.height) };
}

function png(
  figure: Figure,
  options: PngOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = sizeOf(figure);
  return drawPng({ svg: figure.toSvg(), width, height }, options);
}

function svg(figure: Figure): MimeBundle {
  return { "image/svg+xml": figure.toSvg() };
}

function mimetype(figure: Figure): MimeBundle {
  return {
    "application/vnd.plotly.v1+json": { ...figure.toJSON(), config },
  };
}

/** Without plotly.js the picture stays, and a line says why. */
async function live(figure: Figure): Promise<MimeBundle> {
  const [library, note] = await carryOnce().then(
    (element) => [element, ""],
    (error) => ["", noteOf(error.message)],
  );
  return { "text/html": `${await markup(figure, library)}${note}` };
}

function noteOf(reason: string): string {
  return `\n<div style="font-size:.85em">A still picture, without plotly.js. ${
    escapeMarkup(reason)
  }</div>`;
}

/**
 * Kernels of Deno send no size with a picture, so front ends show its pixels one
 * by one: at scale 2 it would be twice as large as the figure.
 */
async function pngBundle(figure: Figure): Promise<MimeBundle> {
  return { "image/png": base64(await png(figure, { scale: 1 })) };
}

function base64(bytes: Uint8Array): string {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte));
  return btoa(characters.join(""));
}
