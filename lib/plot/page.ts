/**
 * A page: panels with their heads of title, facts and legend, one or many in
 * rows and columns, as plotly's data and layout.
 *
 * @module
 */

import { formatNumber } from "../core/format.ts";
import { asTyped, plainText, widthOf, wrapText } from "./text.ts";
import {
  baseline,
  expected,
  family,
  ink,
  letters,
  none,
  size as usual,
} from "./theme.ts";
import type {
  Annotation,
  Axes,
  Axis,
  Layout,
  LayoutShape,
  Margin,
  Range,
  Trace,
} from "./types.ts";

/** A place with a name. */
export interface Mark {
  /** Where it is. */
  readonly x: number;
  /** What it is: plain text. */
  readonly text: string;
}

/** A size in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a legend stands. */
export type LegendPlace = "top" | "right" | "bottom" | "none";

/**
 * What one figure draws, in plotly's form: its axes are named from 1, and shares
 * of the paper are those of its own plot.
 */
export interface Panel {
  /** Plain text; up to two lines, then `…`. */
  readonly title: string;
  /** Plain text, one line each; broken if it does not fit. */
  readonly facts: readonly string[];
  /** The traces, in the order in which they are drawn. */
  readonly traces: readonly Trace[];
  /** The axes, by plotly's names. */
  readonly axes: Axes;
  /** What changes in the axes with the plot's size. Default: nothing. */
  readonly fit?: (plot: Size) => Axes;
  /** Lines over the whole height with labels above the plot. */
  readonly marks?: readonly Mark[];
  /** The color of the marks. Default: that of what is expected. */
  readonly markColor?: string;
  /** Pieces of text. */
  readonly annotations?: readonly Annotation[];
  /** Lines and rectangles. */
  readonly shapes?: readonly LayoutShape[];
  /** What else the layout has. */
  readonly layout?: Readonly<Record<string, unknown>>;
  /** The colors in use, together where they change together. */
  readonly colors: readonly (readonly string[])[];
  /** Where the legend stands. Default: between the facts and the plot. */
  readonly legend?: LegendPlace;
  /** Free space between the head and the plot, for labels. Default: 10. */
  readonly below?: number;
  /** Free space at the left, the right and the bottom, in pixels. */
  readonly margin: Omit<Margin, "t">;
  /** The height of the plot without its head, in pixels. */
  readonly plotHeight: number;
  /** The height of a page with this panel alone. Default: by the plot's. */
  readonly height?: number;
  /** The width of a page with this panel alone. Default: 700. */
  readonly width?: number;
  /** What of that width is free at the right, if it is drawn to scale. */
  readonly spare?: number;
  /** The function whose bins would change with the type of the x axis. */
  readonly binned?: string;
}

/** Panels, and how they are laid out. */
export interface Sheet {
  /** The panels, row by row. */
  readonly panels: readonly Panel[];
  /** The title over several panels: plain text. Default: none. */
  readonly title?: string;
  /** How many panels stand in a row. Default: 2. */
  readonly columns?: number;
  /** In pixels. Default: by the content. */
  readonly width?: number;
  /** In pixels; more where the heads need it. Default: by the content. */
  readonly height?: number;
  /** Whether all panels have one x axis. */
  readonly shareX?: boolean;
  /** Whether all panels have one y axis. */
  readonly shareY?: boolean;
  /** What at least is free about the plot of a panel alone. */
  readonly room?: Margin;
  /** What the caller changed in the layout. */
  readonly layout?: Readonly<Record<string, unknown>>;
}

/** Panels with words. */
export interface Drawing extends Sheet {
  /** What is drawn, in sentences. */
  readonly description: string;
  /** The figure as plain text, without its title. */
  readonly text: string;
}

/** A page in plotly's form. */
export interface Page {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

/** A rectangle in pixels, from the upper left. */
interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** What stands above a plot, with its lines broken. */
interface Head {
  readonly title: readonly string[];
  readonly facts: readonly string[];
  /** The legend's width and that of an entry at most, and its rows. */
  readonly legend: {
    readonly width: number;
    readonly entry: number;
    readonly rows: number;
  };
  readonly orientation: "h" | "v";
  /** From the upper edge to the facts, and to the plot. */
  readonly factsTop: number;
  readonly top: number;
}

/** A panel with its head and the plot's place. */
interface Cell {
  readonly panel: Panel;
  readonly head: Head;
  readonly margin: Omit<Margin, "t">;
  readonly plot: Box;
  /** From the upper edge of the head to the plot. */
  readonly top: number;
}

/** The hover box, visible on any page. */
const hover = {
  bgcolor: "#2b2b2b",
  bordercolor: "#767676",
  font: { family, color: "#ffffff" },
  namelength: -1,
} as const;

/** In pixels, from top to bottom. */
const above = 12;
const factStep = 1.3 * letters.subtitle;
const rowHeight = 19;
const rowsPadding = 10;
/** A title's letters and its lines: alone, and as one of several. */
const alone = { letters: letters.title, step: 22 } as const;
const among = { letters: 14, step: 19 } as const;
/** What a legend at the right takes of the plot's width at most. */
const mostBeside = 0.45;
/** The symbol of a legend's entry and its free space. */
export const besideName = 45;
/** What plotly.js's buttons, one under the other, cover at the right. */
const buttons = 34;
/** A plot that is lower than this shows nothing. */
const lowest = 60;
/** Labels of marks closer than this would touch. */
const roomForLabels = 100;
/** The least distance between labels of a log axis. */
const tickRoom = { x: 60, y: 22 } as const;
/** Several panels: the widest page, the space at its left, between its rows. */
const several = { width: 980, cell: 480, left: 12, between: 24, top: 30 };

/**
 * Returns panels in plotly's form.
 *
 * @param sheet The panels.
 */
export function page(sheet: Sheet): Page {
  const single = sheet.panels.length === 1;
  const { cells, paper, size, head } = single ? aloneOn(sheet) : gridOf(sheet);
  const parts: Part[] = [];
  let axes = 0;
  for (const [index, cell] of cells.entries()) {
    parts.push(partOf(cell, { index, axes, paper, single, sheet }));
    axes += axisCount(cell.panel);
  }
  const shapes = parts.flatMap((part) => part.shapes);
  const layout: Layout = {
    ...size,
    margin: {
      l: paper.x,
      r: Math.round(size.width - paper.x - paper.width),
      t: paper.y,
      b: Math.round(size.height - paper.y - paper.height),
    },
    font: { family, size: letters.text, color: ink },
    paper_bgcolor: none,
    plot_bgcolor: none,
    // Otherwise plotly.js turns a transparent background into a dark block.
    modebar: {
      orientation: "v",
      bgcolor: none,
      color: baseline,
      activecolor: ink,
    },
    title: head.length === 0 ? undefined : {
      text: head.map(asTyped).join("<br>"),
      font: { size: alone.letters },
      x: 0,
      xref: "paper",
      xanchor: "left",
      // The first line's baseline, whatever the number of lines.
      y: 1 - (above + 0.75 * alone.letters) / size.height,
      yref: "container",
      yanchor: "bottom",
    },
    showlegend: cells.some(({ head }) => head.legend.rows > 0),
    hoverlabel: hover,
    hovermode: "closest",
    ...Object.assign({}, ...parts.map((part) => part.layout)),
    annotations: parts.flatMap((part) => part.annotations),
    shapes: shapes.length > 0 || cells.some(({ panel }) => panel.marks)
      ? shapes
      : undefined,
  };
  return {
    data: parts.flatMap((part) => part.traces),
    layout: merged(layout, sheet.layout ?? {}) as unknown as Layout,
  };
}

/**
 * Returns a value with another's members put into it, to all depths; arrays are
 * taken as they are.
 *
 * @param value The value.
 * @param changes What replaces its members.
 */
export function merged(value: unknown, changes: unknown): object {
  const result: Record<string, unknown> = { ...value as object };
  for (const [key, change] of Object.entries(changes as object)) {
    const nested = typeof change === "object" && change !== null &&
      !Array.isArray(change) && !ArrayBuffer.isView(change);
    if (change !== undefined) {
      result[key] = nested ? merged(result[key] ?? {}, change) : change;
    }
  }
  return result;
}

/**
 * Returns the axis of a trace, by its name in the layout.
 *
 * @param trace The trace.
 * @param letter Which of both.
 */
export function axisOf(trace: Partial<Trace>, letter: "x" | "y"): string {
  return (trace[`${letter}axis`] ?? letter).replace(/^[xy]/, `${letter}axis`);
}

/**
 * Returns the traces that the legend lists.
 *
 * @param traces All traces.
 */
export function listed<
  T extends Pick<Trace, "type" | "name" | "showlegend" | "visible">,
>(traces: readonly T[]): T[] {
  return traces.filter(({ type, name, showlegend, visible }) =>
    name !== undefined && showlegend !== false && visible !== false &&
    type !== "heatmap"
  );
}

/** The plot fills what its margins leave. */
function aloneOn(sheet: Sheet) {
  const [panel] = sheet.panels;
  const { room = { l: 0, r: 0, t: 0, b: 0 } } = sheet;
  const width = sheet.width ?? panel.width ?? usual.width;
  const spare = sheet.width === undefined ? panel.spare ?? 0 : 0;
  const wide = {
    ...panel.margin,
    l: Math.max(panel.margin.l, room.l),
    r: Math.max(panel.margin.r + spare, room.r),
  };
  const head = headOf(panel, width - wide.l - buttons, alone, wide, width);
  const margin = marginOf(panel, head, wide);
  const top = Math.max(head.top, room.t);
  const bottom = Math.max(margin.b, room.b);
  const height = Math.max(
    sheet.height ?? panel.height ?? top + panel.plotHeight + bottom,
    top + lowest + bottom,
  );
  const plot = {
    x: margin.l,
    y: top,
    width: width - margin.l - margin.r,
    height: height - top - bottom,
  };
  return {
    cells: [{ panel, head, margin, plot, top }],
    paper: plot,
    size: { width, height },
    head: head.title,
  };
}

/** Cells of one width, whose heads and plots begin at one height in a row. */
function gridOf(sheet: Sheet) {
  const { panels, columns = 2, title = "" } = sheet;
  const { left, between } = several;
  const across = Math.min(columns, panels.length);
  const width = sheet.width ??
    Math.min(Math.max(several.width, 360 * across), several.cell * across + 20);
  const cellWidth = (width - left) / across;
  const titles = title === ""
    ? []
    : wrapText(title, width - left - buttons, alone.letters, 2);
  const { t: least, b: below } = sheet.room ?? { t: 0, b: 0 };
  const top = Math.max(
    least,
    title === "" ? several.top : above + alone.step * titles.length + 8,
  );
  const heads = panels.map((panel) => {
    const { margin } = panel;
    const room = cellWidth - margin.l - buttons;
    const head = headOf(panel, room, among, margin, cellWidth);
    const around = marginOf(panel, head, margin);
    const plotWidth = cellWidth - around.l - around.r;
    const shrunk = panel.spare === undefined
      ? 1
      : Math.min(1, plotWidth / naturalWidth(panel));
    return { panel, head, margin: around, height: panel.plotHeight * shrunk };
  });
  const rows = Array.from(
    { length: Math.ceil(heads.length / across) },
    (_, row) => {
      const own = heads.slice(row * across, (row + 1) * across);
      const most = (of: (cell: typeof own[number]) => number) =>
        Math.max(...own.map(of));
      const bottom = most(({ margin }) => margin.b);
      const top = most(({ head }) => head.top);
      return { own, top, bottom, plot: most(({ height }) => height) };
    },
  );
  const plots = rows.reduce((sum, { plot }) => sum + plot, 0);
  const fixed = top + between * (rows.length - 1) +
    rows.reduce((sum, { top, bottom }) => sum + top + bottom, 0);
  const wanted = (sheet.height ?? fixed + plots + below) - fixed - below;
  const share = Math.max(lowest * rows.length, wanted) / plots;
  const cells: Cell[] = [];
  let y = top;
  for (const row of rows) {
    for (const [column, { panel, head, margin, height }] of row.own.entries()) {
      const isScaled = panel.spare !== undefined;
      const plot = {
        x: left + column * cellWidth + margin.l,
        y: y + row.top,
        width: cellWidth - margin.l - margin.r,
        height: (isScaled ? height : row.plot) * share,
      };
      cells.push({ panel, head, margin, plot, top: row.top });
    }
    y += row.top + row.plot * share + row.bottom + between;
  }
  const height = Math.ceil(y - between);
  const paper = { x: left, y: top, width: width - left, height: height - top };
  const size = { width, height: height + below };
  return { cells, paper, size, head: titles };
}

/** The width of a plot on a page of its own. */
function naturalWidth({ width = usual.width, margin, spare = 0 }: Panel) {
  return width - margin.l - margin.r - spare;
}

/** Breaks a panel's lines, and decides how its legend's entries stand. */
function headOf(
  panel: Panel,
  room: number,
  style: { readonly letters: number; readonly step: number },
  margin: Omit<Margin, "t">,
  width: number,
): Head {
  const isAlone = style === alone;
  const title = panel.title === "" ? [] : wrapText(
    panel.title,
    room,
    style.letters,
    2,
  );
  const facts = panel.facts.flatMap((fact) =>
    wrapText(fact, room, letters.subtitle, 3)
  );
  const { legend: place = "top" } = panel;
  const plotWidth = width - margin.l - margin.r;
  const entry = place === "right" ? mostBeside * plotWidth : plotWidth;
  const widths = place === "none"
    ? []
    : listed(panel.traces).map((trace) =>
      Math.min(besideName + widthOf(trace.name!, letters.text), entry)
    );
  const sum = widths.reduce((a, b) => a + b, 0);
  const beside = place !== "right" && sum <= plotWidth;
  const rows = widths.length === 0 ? 0 : beside ? 1 : widths.length;
  const factsTop = (isAlone ? above : 0) + style.step * title.length + 2;
  const below = panel.below ?? (hasMarks(panel, plotWidth) ? 24 : 10);
  const legend = place !== "top" || rows === 0
    ? 0
    : rowsPadding + rowHeight * rows;
  return {
    title,
    facts,
    legend: { width: beside ? sum : Math.max(0, ...widths), entry, rows },
    orientation: beside ? "h" : "v",
    factsTop,
    top: Math.round(factsTop + factStep * facts.length + 2 + legend + below),
  };
}

/** A legend at a side takes part of the margin there. */
function marginOf(
  { legend = "top" }: Panel,
  head: Head,
  margin: Omit<Margin, "t">,
): Omit<Margin, "t"> {
  const { rows, width } = head.legend;
  if (rows === 0) return margin;
  if (legend === "bottom") {
    return { ...margin, b: margin.b + rowsPadding + rowHeight * rows };
  }
  return legend === "right" ? { ...margin, r: margin.r + width } : margin;
}

/** What a cell adds to the page. */
interface Part {
  readonly traces: readonly Trace[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly annotations: readonly Annotation[];
  readonly shapes: readonly LayoutShape[];
}

/** The page around a cell. */
interface Around {
  /** Which cell it is. */
  readonly index: number;
  /** How many axes stand before it. */
  readonly axes: number;
  readonly paper: Box;
  /** Whether it is the only one. */
  readonly single: boolean;
  readonly sheet: Sheet;
}

/** What other kinds of plots are called in traces and in the layout. */
const subplots: readonly (readonly [RegExp, string, string])[] = [
  [/3d|surface|cone|streamtube|volume/, "scene", "scene"],
  [/polar/, "subplot", "polar"],
  [/ternary/, "subplot", "ternary"],
  [/smith/, "subplot", "smith"],
  [/^(scatter|choropleth|density)map/, "subplot", "map"],
  [/geo|choropleth/, "geo", "geo"],
];
const withDomain =
  /pie|sunburst|treemap|icicle|funnelarea|table|sankey|parcoords|parcats|indicator/;

function partOf(cell: Cell, around: Around): Part {
  const { panel, plot } = cell;
  const { index, axes, paper, single } = around;
  const x = (share: number) =>
    inPage((plot.x + share * plot.width - paper.x) / paper.width);
  const y = (share: number) =>
    inPage(1 - (plot.y + (1 - share) * plot.height - paper.y) / paper.height);
  const domain = (letter: "x" | "y", [from, to]: Range = [0, 1]) =>
    letter === "x" ? [x(from), x(to)] : [y(from), y(to)];
  const layout: Record<string, unknown> = {};
  for (const [name, axis] of Object.entries(axesOf(panel, plot, around))) {
    const letter = name[0] as "x" | "y";
    layout[`${letter}axis${renamed(name.replace("axis", ""), axes).slice(1)}`] =
      single ? axis : {
        ...mapped(axis, axes),
        domain: domain(letter, axis.domain),
        anchor: renamed(
          axis.anchor ?? `${other(letter)}${name.slice(5)}`,
          axes,
        ),
        automargin: undefined,
      };
  }
  const legend = index === 0 ? "legend" : `legend${index + 1}`;
  const hasLegend = cell.head.legend.rows > 0;
  if (hasLegend) layout[legend] = legendOf(cell, x, y, paper);
  const traces = panel.traces.map((trace) => ({
    ...withShortName(trace, cell.head.legend.entry),
    ...single ? {} : placedTrace(trace, { axes, index, layout, domain }),
    ...index > 0 && hasLegend ? { legend } : {},
    ...index > 0 && trace.legendgroup !== undefined
      ? { legendgroup: `${index + 1}: ${trace.legendgroup}` }
      : {},
    ...single || hasLegend ? {} : { showlegend: false },
  } as Trace));
  const place = <T extends Annotation | LayoutShape>(item: T): T =>
    single ? item : placed(item, axes, x, y);
  const marks = marksOf(panel, plot.width);
  return {
    traces,
    layout: { ...panel.layout, ...layout },
    shapes: [...marks.shapes, ...panel.shapes ?? []].map(place),
    annotations: [
      ...headTexts(cell, single).map(place),
      ...[...marks.annotations, ...panel.annotations ?? []].map(place),
    ],
  };
}

/** A share without the noise that would take it beyond an end. */
function inPage(share: number): number {
  return Number(share.toFixed(9));
}

/** The axes for a plot of this size: those of numbers on a log scale with ticks. */
function axesOf(panel: Panel, plot: Size, { index, sheet }: Around): Axes {
  const fit = panel.fit?.(plot) ?? {};
  const share = { x: sheet.shareX, y: sheet.shareY };
  return Object.fromEntries(
    Object.entries(panel.axes).map(([name, given]) => {
      const letter = name[0] as "x" | "y";
      const axis: Axis = { ...given, ...fit[name] };
      const [from, to] = axis.domain ?? [0, 1];
      const pixels = (to - from) * (letter === "x" ? plot.width : plot.height);
      const shared = share[letter] && index > 0 && name.length === 5
        ? { matches: `=${letter}` }
        : {};
      return [name, { ...withLogTicks(axis, letter, pixels), ...shared }];
    }),
  );
}

/** Ticks of a log axis with a range are those that the still picture has. */
function withLogTicks(axis: Axis, letter: "x" | "y", pixels: number): Axis {
  if (axis.type !== "log" || !axis.range || axis.tickvals) return axis;
  const most = Math.min(
    8,
    Math.max(2, Math.floor(pixels / tickRoom[letter])),
  );
  const tickvals = logTicks(axis.range, most);
  return {
    ...axis,
    tickmode: "array",
    tickvals,
    ticktext: tickvals.map((value) => formatNumber(value)),
  };
}

/** Evenly chosen powers of 10; if they are few, also multiples of each. */
function logTicks(range: Range, most: number): number[] {
  const [low, high] = [Math.min(...range), Math.max(...range)];
  const stride = Math.max(1, Math.ceil((high - low) / most));
  const factors = 9 * (high - low) < most
    ? [1, 2, 3, 4, 5, 6, 7, 8, 9]
    : 3 * (high - low) < most
    ? [1, 2, 5]
    : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= high; power++) {
    if (power % stride !== 0) continue;
    for (const factor of factors) {
      const tick = Number(`${factor}e${power}`);
      if (Math.log10(tick) >= low && Math.log10(tick) <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** Lines and labels of a panel's marks; none if the labels would touch. */
function marksOf(
  panel: Panel,
  width: number,
): Pick<Part, "shapes" | "annotations"> {
  if (!hasMarks(panel, width)) return { shapes: [], annotations: [] };
  const isLog = panel.axes.xaxis.type === "log";
  return {
    shapes: panel.marks!.map(({ x }) => ({
      type: "line",
      xref: "x",
      yref: "paper",
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      line: { color: panel.markColor ?? expected, width: 1, dash: "dot" },
      layer: "below",
    })),
    annotations: panel.marks!.map(({ x, text }) => ({
      ...label,
      text: asTyped(text),
      // On a log axis plotly.js places text by exponents, but shapes by values.
      x: isLog ? Math.log10(x) : x,
      y: 1,
      xref: "x",
      yref: "paper",
      xanchor: "center",
      yanchor: "bottom",
      font: { size: letters.label },
    })),
  };
}

/** Text without a border and an arrow. */
const label = { showarrow: false, borderpad: 0, borderwidth: 0 } as const;

function hasMarks({ marks = [], axes }: Panel, width: number): boolean {
  const { type, range } = axes.xaxis ?? {};
  const places = marks.map(({ x }) => type === "log" ? Math.log10(x) : x);
  if (places.length === 0 || !range || !places.every(Number.isFinite)) {
    return false;
  }
  const pixels = width / Math.abs(range[1] - range[0]);
  return places.length < 2 || (places[1] - places[0]) * pixels >= roomForLabels;
}

function legendOf(
  { panel, head, margin, plot }: Cell,
  x: (share: number) => number,
  y: (share: number) => number,
  paper: Box,
): Layout["legend"] {
  const { legend: place = "top", below } = panel;
  const gap = (below ?? (hasMarks(panel, plot.width) ? 24 : 10)) - 4;
  const rows = rowsPadding + rowHeight * head.legend.rows;
  const common = {
    orientation: head.orientation,
    bgcolor: none,
    xanchor: "left",
    ...panel.traces.some(({ legendgroup }) => legendgroup !== undefined)
      ? { tracegroupgap: 0 }
      : {},
  } as const;
  if (place === "right") {
    const right = margin.r - head.legend.width - 12;
    const at = x(1) + Math.max(8, right) / paper.width;
    return { ...common, x: at, y: y(1), yanchor: "top" };
  }
  return place === "bottom"
    ? {
      ...common,
      x: x(0),
      y: y(0) - (margin.b - rows) / paper.height,
      yanchor: "top",
    }
    : { ...common, x: x(0), y: y(1) + gap / paper.height, yanchor: "bottom" };
}

/** The facts, and the title of one of several panels. */
function headTexts({ head, top }: Cell, single: boolean): Annotation[] {
  const at = {
    ...label,
    x: 0,
    y: 1,
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "top",
    align: "left",
  } as const;
  const texts: Annotation[] = [];
  if (!single && head.title.length > 0) {
    texts.push({
      ...at,
      text: head.title.map(asTyped).join("<br>"),
      yshift: top,
      font: { size: among.letters },
    });
  }
  if (head.facts.length > 0 || single) {
    texts.push({
      ...at,
      text: head.facts.map(asTyped).join("<br>"),
      yshift: top - head.factsTop,
      font: { size: letters.subtitle },
    });
  }
  return texts;
}

/** A name that is wider than the plot is cut. */
function withShortName(trace: Trace, width: number): Trace {
  if (listed([trace]).length === 0) return trace;
  const room = width - besideName;
  return widthOf(trace.name!, letters.text) <= room ? trace : {
    ...trace,
    name: asTyped(wrapText(plainText(trace.name!), room, letters.text, 1)[0]),
  };
}

/** Moves a trace to the axes of its cell, or to the cell's place. */
function placedTrace(
  trace: Trace,
  { axes, index, layout, domain }: {
    readonly axes: number;
    readonly index: number;
    readonly layout: Record<string, unknown>;
    readonly domain: (letter: "x" | "y", range?: Range) => number[];
  },
): object {
  const given = trace as unknown as Record<string, unknown>;
  const both = { x: domain("x"), y: domain("y") };
  if (withDomain.test(trace.type)) return { domain: both };
  const subplot = subplots.find(([types]) => types.test(trace.type));
  if (subplot !== undefined) {
    const [, key, name] = subplot;
    const own = String(given[key] ?? name);
    const placed = index === 0 ? own : `${own}${index}0`;
    layout[placed] = merged(layout[own] ?? {}, { domain: both });
    return { [key]: placed };
  }
  const { colorbar = {}, showscale } = given;
  const scale = trace.type !== "heatmap" || showscale === false ? {} : {
    colorbar: merged({
      x: both.x[1] + 0.005,
      y: (both.y[0] + both.y[1]) / 2,
      len: both.y[1] - both.y[0],
    }, colorbar),
  };
  return {
    xaxis: renamed(trace.xaxis ?? "x", axes),
    yaxis: renamed(trace.yaxis ?? "y", axes),
    ...scale,
  };
}

/** Moves text, a line or a rectangle with its panel. */
function placed<T extends Annotation | LayoutShape>(
  item: T,
  axes: number,
  x: (share: number) => number,
  y: (share: number) => number,
): T {
  const moved: Record<string, unknown> = { ...item };
  for (const [letter, move] of [["x", x], ["y", y]] as const) {
    const ref = String(moved[`${letter}ref`] ?? letter);
    moved[`${letter}ref`] = renamed(ref, axes);
    if (ref !== "paper") continue;
    for (const key of [letter, `${letter}0`, `${letter}1`]) {
      if (typeof moved[key] === "number") moved[key] = move(moved[key]);
    }
  }
  return moved as T;
}

/** The members of an axis that name others. */
function mapped(axis: Axis, axes: number): Axis {
  const names = ["matches", "scaleanchor", "overlaying"]
    .filter((key) => key in axis)
    .map((key) => [key, renamed(axis[key as "matches"]!, axes)]);
  return { ...axis, ...Object.fromEntries(names) };
}

/**
 * Returns the name of an axis that so many others stand before.
 *
 * @param id The name, as traces have it; `=x` stays the first.
 * @param axes How many.
 */
export function renamed(id: string, axes: number): string {
  if (id.startsWith("=")) return id.slice(1);
  return id.replace(/^([xy])(\d*)(?=$| domain)/, (_, letter, number) => {
    const place = Number(number || 1) + axes;
    return place === 1 ? letter : `${letter}${place}`;
  });
}

/**
 * Returns the highest number of a panel's axes.
 *
 * @param panel The panel.
 */
export function axisCount({ axes }: Panel): number {
  return Object.keys(axes)
    .reduce((most, name) => Math.max(most, Number(name.slice(5) || 1)), 0);
}

function other(letter: "x" | "y"): "x" | "y" {
  return letter === "x" ? "y" : "x";
}
