/**
 * Figures: plotly JSON that shows itself, draws itself as SVG, and prints as
 * text.
 *
 * @module
 */

import {
  cannot,
  describe,
  isPlain,
  noMore,
  withDefaults,
} from "../core/options.ts";
import { kindOf, type PngOptions, Showable, toPng } from "../core/show.ts";
import {
  axisChange,
  changedSheet,
  curveTraces,
  type FigureOptions,
  figureOptions,
  gathered,
  type PlotlyObject,
} from "./change.ts";
import {
  axisOf,
  type Drawing,
  listed,
  merged,
  type Page,
  page,
  type Panel,
} from "./page.ts";
import { renderSvg } from "./svg/svg.ts";
import { asTyped, plainText } from "./text.ts";
import { baseline, grid, plotlyMargin } from "./theme.ts";
import type { Axis, Layout, Margin, Trace } from "./types.ts";

export type { PlotlyObject } from "./change.ts";

/**
 * What a figure is made of.
 *
 * @internal
 */
export interface FigureParts {
  /** Plotly's traces. */
  readonly data: readonly object[];
  /** Plotly's layout. Default: plotly's, of 700 × 450 pixels. */
  readonly layout?: object;
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

/** How a figure was made, which tells how it is made again. */
export interface Making {
  /** Its panels; undefined if it has several states. */
  readonly drawing?: Drawing;
  /** Makes it with changes. */
  change(given: FigureOptions): Figure;
  /** Lays it out with this free space about the plot; undefined likewise. */
  lay?(size: Size, room?: Margin): Page;
}

/** Wanted sizes in pixels; undefined where the content decides. */
interface Size {
  readonly width?: number;
  readonly height?: number;
}

/** More digits than a picture shows, and too few for float64 noise. */
const digits = 12;

/** As plotly.js has them, if the layout says nothing. */
const plotlySize = { width: 700, height: 450 } as const;

const action = "change a figure";

const noParts: {
  readonly [K in keyof Required<FigureParts>]: FigureParts[K] | undefined;
} = {
  data: undefined,
  layout: {},
  frames: undefined,
  title: undefined,
  description: undefined,
  text: undefined,
};

const makings = new WeakMap<Figure, Making>();

/**
 * A figure in plotly's form: `data` and `layout` are plain JSON.
 *
 * Both are copied, frozen and normalized, so equal figures have equal bytes:
 * keys sorted, numbers to 12 significant digits, typed arrays as arrays, NaN
 * and infinities as null. Any traces and any layout of plotly's may be given;
 * what the static picture cannot draw, it names.
 *
 * The figures of `plot` have a transparent background, and all text is a gray
 * with a contrast of at least 4.5 on white and on black. If the HTML draws with
 * plotly.js, text takes the page's own color. Pictures, and front ends that draw
 * plotly's MIME type themselves, do not know the page and keep the gray: on a
 * dark gray page its contrast is less than on black, 4.16 on `#111111`.
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
   * @throws {TypeError} If a part is unknown, data is not an array of objects, or
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
    if (!Array.isArray(data) || !data.every(isPlain)) {
      throw new TypeError(
        cannot(
          "make a figure",
          "data must be an array of traces",
          describe(data),
        ),
      );
    }
    if (!isPlain(layout)) {
      throw new TypeError(
        cannot(
          "make a figure",
          "layout must be a plain object",
          describe(layout),
        ),
      );
    }
    this.data = canonical(data, "data") as readonly PlotlyObject[];
    this.layout = canonical(
      { ...plotlySize, ...withTitleText(layout) },
      "layout",
    ) as PlotlyObject;
    if (frames !== undefined) {
      this.frames = canonical(frames, "frames") as PlotlyObject[];
    }
    this.#title = title ?? plainText(titleIn(this.layout) ?? "Figure");
    this.#description = description ?? this.#title;
    this.#text = text ?? this.#title;
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "figure";
  }

  /**
   * Returns the figure with changes: another title, size, axes, colors, more
   * traces, anything of plotly's layout. It keeps its numbers, whatever became
   * of the weights.
   *
   * What needs the values again, as other bins or a log x axis of a histogram
   * do, is an option of the `plot` function instead.
   *
   * @param changes What is to differ.
   * @throws {TypeError} If an option is unknown or of the wrong kind.
   * @throws {RangeError} If a size is out of its interval, or an axis cannot have
   * the type asked for.
   *
   * @example
   * ```ts
   * import { plot, tensor } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * const figure = plot.weights(tensor([1, 2, 2, 3])).with({
   *   title: "Four numbers",
   *   yaxis: { type: "log" },
   *   curves: { "my density": (x) => Math.exp(-x) },
   * });
   * assertEquals(figure.data.map(({ name }) => name).at(-1), "my density");
   * ```
   */
  with(changes: FigureOptions): Figure {
    const given = figureOptions(action, changes, {});
    const making = makings.get(this);
    return making === undefined
      ? changedOwn(this, given)
      : making.change(given);
  }

  /** Returns plotly's JSON; frames only where there are some. */
  toJSON(): FigureJson {
    const { data, layout, frames } = this;
    return frames === undefined ? { data, layout } : { data, layout, frames };
  }

  /**
   * Returns the figure as an SVG document, the same bytes each time. What it
   * cannot draw, such as a violin, it names.
   */
  toSvg(): string {
    noMore("draw a figure as SVG", arguments, 0);
    return renderSvg({
      // The SVG writer checks what it draws.
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

/**
 * Returns the figure of panels, with the options of all figures in force.
 *
 * @param drawing The panels.
 * @param given The options, checked. Default: none.
 * @param what What is being done, for the error message.
 */
export function figureOf(
  drawing: Drawing,
  given: FigureOptions = {},
  what: string = action,
): Figure {
  const changed = changedSheet(what, drawing, given);
  const { panels, description, text } = changed;
  const title = changed.title || panels.map(({ title }) => title).join(" | ");
  const figure = new Figure({
    ...page(changed),
    title,
    description,
    text: panels.length === 1 || changed.title ? `${title}\n${text}` : text,
  });
  return rememberMaking(figure, {
    drawing: changed,
    change: (more) => figureOf(changed, more),
    lay: (size, room) => page({ ...changed, ...size, room }),
  });
}

/**
 * Remembers how a figure was made, and returns it.
 *
 * @param figure The figure.
 * @param making How.
 */
export function rememberMaking(figure: Figure, making: Making): Figure {
  makings.set(figure, making);
  return figure;
}

/**
 * Returns how a figure was made. One of the caller's is a panel with its axes
 * and margins.
 *
 * @param figure The figure.
 */
export function makingOf(figure: Figure): Making {
  const known = makings.get(figure);
  if (known !== undefined) return known;
  const drawing: Drawing = {
    panels: [panelOf(figure)],
    description: `${titleIn(figure.layout) ?? "A figure"}.`,
    text: String(figure),
  };
  return {
    drawing,
    change: (given) => figure.with(given),
    lay: (size, room) => page({ ...drawing, ...size, room }),
  };
}

/**
 * Returns the title in a layout as plotly reads it, if it has one.
 *
 * @param layout The layout.
 */
export function titleIn(layout: PlotlyObject): string | undefined {
  return (layout as Partial<Layout>).title?.text;
}

function withTitleText(layout: PlotlyObject): PlotlyObject {
  const { title } = layout;
  return typeof title === "string"
    ? { ...layout, title: { text: title } }
    : layout;
}

/** Changes a figure of the caller's in plotly's own words. */
function changedOwn(figure: Figure, given: FigureOptions): Figure {
  const { title, width, height, layout, margin, ...options } = gathered(given);
  const { colors, legend, xaxis, yaxis, traces = [] } = options;
  const also = (name: "annotations" | "shapes") => {
    const more = options[name] ?? [];
    const old = (figure.layout[name] ?? []) as readonly unknown[];
    return more.length === 0 ? undefined : [...old, ...more];
  };
  const first = (figure.layout.xaxis ?? {}) as Axis;
  const range = first.range ?? extent(figure.data);
  const curves = given.curves === undefined
    ? []
    : curveTraces(action, given.curves, { ...first, range });
  const own = {
    title: title === undefined ? undefined : { text: asTyped(title) },
    width,
    height,
    colorway: colors,
    xaxis: { ...axisReset(xaxis!), ...axisChange(xaxis!) },
    yaxis: { ...axisReset(yaxis!), ...axisChange(yaxis!) },
    ...legend === undefined ? {} : legendAt[legend],
    margin,
    annotations: also("annotations"),
    shapes: also("shapes"),
  };
  return new Figure({
    data: [...figure.data, ...traces, ...curves],
    layout: merged(merged(figure.layout, own), layout!),
    frames: figure.frames,
  });
}

/** Another type needs another range. */
function axisReset({ type }: PlotlyObject): PlotlyObject {
  return type === undefined ? {} : { range: null, autorange: true };
}

/** Where a legend of plotly's own stands. */
const legendAt = {
  top: {
    showlegend: true,
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
  },
  right: {
    showlegend: true,
    legend: { orientation: "v", x: 1.02, y: 1, yanchor: "top" },
  },
  bottom: {
    showlegend: true,
    legend: { orientation: "h", x: 0, y: -0.2, yanchor: "top" },
  },
  none: { showlegend: false },
} as const;

/** The least and the greatest abscissa of all traces. */
function extent(data: readonly PlotlyObject[]): [number, number] {
  const all = data.flatMap(({ x }) => Array.isArray(x) ? x : [])
    .filter((value) => typeof value === "number");
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  return low < high ? [low, high] : [0, 1];
}

/** A figure of the caller's as a panel: its axes, its marks, its margins. */
function panelOf({ data, layout }: Figure): Panel {
  const traces = data as unknown as Trace[];
  const { annotations, shapes, margin, width, height } = layout;
  const names = traces.filter(({ type = "scatter" }) => flat.test(type))
    .flatMap((trace) => [axisOf(trace, "x"), axisOf(trace, "y")]);
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  const theme = { gridcolor: grid, zerolinecolor: baseline };
  const { l, r, t, b } = merged(plotlyMargin, margin ?? {}) as Margin;
  const hasLegend = layout.showlegend ?? listed(traces).length > 1;
  return {
    title: plainText(titleIn(layout) ?? ""),
    facts: [],
    traces,
    axes: Object.fromEntries(
      [...new Set([...names, ...axes])]
        .map((name) => [name, { ...theme, ...layout[name] as Axis }]),
    ),
    annotations: annotations as Panel["annotations"],
    shapes: shapes as Panel["shapes"],
    layout: Object.fromEntries(
      Object.entries(layout).filter(([key]) => !pages.test(key)),
    ),
    colors: [],
    legend: hasLegend ? "top" : "none",
    margin: { l: Math.min(l, 70), r: Math.min(r, 30), b: Math.min(b, 52) },
    width: Number(width),
    plotHeight: Math.max(120, Number(height) - t - b),
  };
}

/** Traces between an x and a y axis. */
const flat =
  /^(scatter|scattergl|bar|box|violin|heatmap|histogram.*|contour|waterfall|funnel|image)$/;

/** What the page itself writes into a layout. */
const pages =
  /^([xy]axis|legend)\d*$|^(title|width|height|margin|font|(paper|plot)_bgcolor|showlegend|annotations|shapes|sliders|updatemenus)$/;

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
