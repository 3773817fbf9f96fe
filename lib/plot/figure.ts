/**
 * Figures: plotly JSON that shows itself, draws itself as SVG, and prints as
 * text.
 *
 * @module
 */

import { cannot, describe, noMore, withDefaults } from "../core/options.ts";
import { kindOf, type PngOptions, Showable, toPng } from "../core/show.ts";
import { titleIn } from "./page.ts";
import { renderSvg } from "./svg/svg.ts";
import { plainText } from "./text.ts";
import type { Layout, Trace } from "./types.ts";

/** A part of a figure in plotly.js's form: a trace, a layout or a frame. */
export interface PlotlyObject {
  /** The value, as plotly.js's reference describes it. */
  readonly [name: string]: unknown;
}

/** What a figure is made of. */
export interface FigureParts {
  /** Plotly's traces. */
  readonly data: readonly object[];
  /** Plotly's layout. */
  readonly layout: object;
  /** Plotly's frames, for sliders. Default: none. */
  readonly frames?: readonly object[];
  /** The title in full: plain text. Default: the layout's. */
  readonly title?: string;
  /** The figure in words, for the SVG's `<desc>`. Default: its title. */
  readonly description?: string;
  /** The figure as plain text. Default: its title. */
  readonly text?: string;
}

/** A figure as plotly.js takes it. */
export interface FigureJson {
  /** The traces. */
  readonly data: readonly PlotlyObject[];
  /** The layout. */
  readonly layout: PlotlyObject;
  /** The frames. */
  readonly frames?: readonly PlotlyObject[];
}

/** More digits than a picture shows, and too few for float64 noise. */
const digits = 12;

const noParts: {
  readonly [K in keyof Required<FigureParts>]: FigureParts[K] | undefined;
} = {
  data: undefined,
  layout: undefined,
  frames: undefined,
  title: undefined,
  description: undefined,
  text: undefined,
};

/**
 * A figure in plotly's form: `data` and `layout` are plain JSON.
 *
 * Both are copied, frozen and normalized, so equal figures have equal bytes:
 * keys sorted, numbers to 12 significant digits, typed arrays as arrays, NaN
 * and infinities as null.
 *
 * The background is transparent, and all text is a gray with a contrast of at
 * least 4.5 on white and on black. If the HTML draws with plotly.js, text takes
 * the page's own color. Pictures, and front ends that draw plotly's MIME type
 * themselves, do not know the page and keep the gray: on a dark gray page its
 * contrast is less than on black, 4.16 on `#111111`.
 *
 * @example
 * ```ts
 * import { empty, plot } from "@fanin/fanin";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * const figure = plot.weights(empty([2, 3]));
 * assertEquals(figure.data[0].type, "bar");
 * assertMatch(figure.toSvg(), /^<svg .*<\/svg>$/s);
 * ```
 */
export class Figure extends Showable {
  /** The class's name, which minifiers leave alone. */
  static readonly title = "Figure";
  /** Plotly's traces. */
  readonly data: readonly PlotlyObject[];
  /** Plotly's layout. */
  readonly layout: PlotlyObject;
  /** Plotly's frames; undefined where there are none. */
  readonly frames?: readonly PlotlyObject[];
  readonly #title: string;
  readonly #description: string;
  readonly #text: string;

  /**
   * Makes a figure.
   *
   * @param parts Traces and layout, with a title, a description and a text.
   * @throws {TypeError} If a part is unknown, data is not an array, or
   * something in it is not JSON.
   */
  constructor(parts: FigureParts) {
    super();
    const { data, layout, frames, title, description, text } = withDefaults(
      "make a figure",
      parts,
      noParts,
      "parts",
    );
    if (!Array.isArray(data)) {
      throw new TypeError(
        cannot(
          "make a figure",
          "data must be an array of traces",
          describe(data),
        ),
      );
    }
    this.data = canonical(data, "data") as readonly PlotlyObject[];
    this.layout = canonical(layout, "layout") as PlotlyObject;
    if (frames !== undefined) {
      this.frames = canonical(frames, "frames") as PlotlyObject[];
    }
    this.#title = title ?? plainText(titleIn(this) ?? "Figure");
    this.#description = description ?? this.#title;
    this.#text = text ?? this.#title;
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "figure";
  }

  /** Returns plotly's JSON; frames only where there are some. */
  toJSON(): FigureJson {
    const { data, layout, frames } = this;
    return frames === undefined ? { data, layout } : { data, layout, frames };
  }

  /**
   * Returns the figure as an SVG document, the same bytes each time.
   *
   * @throws {TypeError} If a trace is of a kind that is not drawn.
   */
  toSvg(): string {
    noMore("draw a figure as SVG", arguments, 0);
    return renderSvg({
      // The SVG writer throws for traces that it cannot draw.
      data: this.data as unknown as readonly Trace[],
      layout: this.layout as unknown as Layout,
      title: this.#title,
      description: this.#description,
    });
  }

  /**
   * Returns the figure as a PNG file with a transparent background: resvg draws
   * `toSvg()` with the sans serif letters of the machine.
   *
   * At the first call Deno loads `@resvg/resvg-js` from npm, 4 MB, or from its
   * cache. Node and Bun need it installed; browsers cannot draw one.
   *
   * @param options Its scale.
   * @throws {TypeError} If the scale is not a number, or an option is unknown.
   * @throws {RangeError} If the scale is not positive, or a side would be
   * shorter than 1 or longer than 16,384 pixels.
   * @throws {Error} If resvg cannot be loaded, or the machine has no font.
   *
   * @example
   * ```ts
   * import { empty, plot } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * const figure = plot.weights(empty([2, 3]));
   * const png = new DataView((await figure.toPng({ scale: 3 })).buffer);
   * assertEquals(png.getUint32(16), 3 * Number(figure.layout.width));
   * assertEquals(png.getUint32(20), 3 * Number(figure.layout.height));
   * ```
   */
  toPng(options: PngOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return toPng(this[kindOf], this, options);
  }

  /** Returns the figure as plain text. */
  override toString(): string {
    return this.#text;
  }
}

/** Copies a value into frozen, normalized JSON. */
function canonical(value: unknown, path: string): unknown {
  if (typeof value === "number") {
    return Number.isFinite(value)
      ? Number(value.toPrecision(digits)) + 0
      : null;
  }
  if (value === undefined) return null;
  if (value === null || ["string", "boolean"].includes(typeof value)) {
    return value;
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const items = Array.from(value as unknown as ArrayLike<unknown>);
    return Object.freeze(items.map((item) => canonical(item, `${path}[]`)));
  }
  if (typeof value !== "object") {
    throw new TypeError(
      cannot("make a figure", `${path} must be JSON`, String(value)),
    );
  }
  const entries = Object.entries(value!)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([key, item]) => [key, canonical(item, `${path}.${key}`)]);
  return Object.freeze(Object.fromEntries(entries));
}
