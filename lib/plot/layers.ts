/**
 * All parameters of a model on one axis.
 *
 * @module
 */

import { over } from "../checkpoint/source.ts";
import { dtypes } from "../core/dtype.ts";
import { formatCount, formatNumber, plural, rounder } from "../core/format.ts";
import { cannot, checkCount, describe } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { Named, Over, Source } from "../core/source.ts";
import { type Tensor, valuesOf } from "../core/tensor.ts";
import {
  checkRange,
  type Histogram,
  histogram,
} from "../numerics/histogram.ts";
import { type Moments, moments, type Values } from "../numerics/moments.ts";
import { type FigureOptions, figureOptions } from "./change.ts";
import { type Figure, figureOf } from "./figure.ts";
import type { Panel } from "./page.ts";
import { titleOfSource } from "./sample.ts";
import {
  asciiMinus,
  asTyped,
  blockHistogram,
  shortenNames,
  textWidth,
} from "./text.ts";
import { readTheory, stdFact, type Theory } from "./theory.ts";
import {
  expected,
  grid,
  letters,
  measured,
  none,
  outline,
  padded,
  size,
  translucent,
  valueAxis,
} from "./theme.ts";
import type { Annotation, ScatterTrace } from "./types.ts";

/** One tensor, counted. */
interface Ridge {
  /** Its name: plain text. */
  readonly name: string;
  /** The tensor. */
  readonly tensor: Tensor;
  /** Its moments. */
  readonly found: Moments;
  /** The expectation from its initializer. */
  readonly theory: Theory | null;
  /** Its bins; null if all values are equal, or none is finite. */
  readonly counted: Histogram | null;
}

/** The parameters of one page. */
interface Chosen {
  /** Their names. */
  readonly shown: readonly string[];
  /** The place of the first among all of them. */
  readonly first: number;
  /** How many there are on all pages. */
  readonly all: number;
  /** How many the source has. */
  readonly names: number;
}

/** Options of {@linkcode layers}. */
export interface LayersOptions extends FigureOptions {
  /**
   * Which parameters, by name: a part of it, a pattern with `*` for any letters,
   * or a regular expression. Default: all.
   */
  readonly filter?: string | RegExp;
  /** How many parts a name may have, as `fc.weight` has 2. Default: any. */
  readonly depth?: number;
  /** Which 240 of more parameters, from 1. Default: 1. */
  readonly page?: number;
  /** Both ends of the shared axis. Default: all ridges. */
  readonly range?: readonly [number, number];
}

/** Values beyond this many std are not drawn: the ridge is invisible there. */
const reach = 5;
const fewestBins = 6;
const mostBins = 32;
/** The height of a ridge, in rows. */
const peak = 0.86;

const action = "plot layers";
/** The most ridges that 4000 pixels hold with readable names. */
const most = 240;
const rowPixels = { least: 15, most: 40, all: 560 } as const;
const longestName = 300;
const narrowestPlot = 400;
const margin = { r: 20, b: 52 };
const defaults = {
  range: undefined as readonly [number, number] | undefined,
  filter: undefined as string | RegExp | undefined,
  depth: undefined as number | undefined,
  page: undefined as number | undefined,
};

/**
 * Returns a figure of all parameters of a model: one ridge per parameter,
 * stacked on one axis, with the expected and the measured std marked.
 *
 * A ridge is the tensor's histogram over its own range, scaled to its highest
 * bin, without values beyond 5 std from the mean. The axis spans all ridges but
 * not the constants, such as the ones of a norm: those beyond its ends are
 * named there. Traces: the ridges from top to bottom, then the expected mean ±
 * std if any is known, then the measured one.
 *
 * @param source A layer or a model, tensors by the names to show, a checkpoint
 * or its path. Of more than 240 tensors it shows a page.
 * @param options Which parameters, the axis and the looks.
 * @returns The figure; a promise of it where a checkpoint is read.
 * @throws {TypeError} If it is no source, or an option is unknown or of the
 * wrong kind.
 * @throws {RangeError} If no parameter is left, or an option is out of its
 * interval.
 *
 * @example
 * ```ts
 * import { nn, plot } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new nn.Sequential(new nn.Linear(64, 32), new nn.Linear(32, 8));
 * const figure = plot.layers(model);
 * const names = figure.data.map(({ name }) => name);
 * assertEquals(names.slice(0, 2), ["0.weight", "0.bias"]);
 * assertEquals(names.slice(-2), ["expected mean ± std", "measured mean ± std"]);
 * ```
 */
export function layers<S extends Source>(
  source: S,
  options: LayersOptions = {},
): Over<S, Figure> {
  const given = figureOptions(action, options, defaults);
  checkRange(action, given.range);
  for (const name of ["depth", "page"] as const) {
    if (given[name] !== undefined) checkCount(action, name, given[name], 1);
  }
  if (
    !["string", "undefined"].includes(typeof given.filter) &&
    !(given.filter instanceof RegExp)
  ) {
    throw new TypeError(
      cannot(
        action,
        "filter must be a string or a RegExp",
        describe(given.filter),
      ),
    );
  }
  let chosen: Chosen;
  return over(
    action,
    source,
    (tensors) => draw(tensors, titleOfSource(source), chosen, given),
    (names) => (chosen = choose(names, given)).shown,
  );
}

function draw(
  tensors: readonly Named[],
  owner: string,
  chosen: Chosen,
  given: LayersOptions,
): Figure {
  const ridges = tensors.map(([name, tensor]) =>
    ridgeOf(name === "" ? "values" : name, tensor)
  );
  const count = plural(ridges.length, "parameter");
  const { first, all, names } = chosen;
  const part = all === ridges.length
    ? count
    : `parameters ${first + 1} to ${first + ridges.length} of ${all}`;
  const elements = ridges.reduce((sum, { tensor }) => sum + tensor.numel(), 0);
  const counted = `${plural(elements, "value")} in ${count}`;
  const facts = [
    `${counted} · each ridge as high as its highest bin`,
    ...choiceFact(given, names, all),
  ];
  const range = given.range ?? padded(sharedExtent(ridges));
  const lines = ridges.map((ridge) => `${ridge.name}: ${momentFact(ridge)}`);
  return figureOf(
    {
      panels: [panelOf(ridges, range, {
        title: owner === "" ? part : `${owner} · ${part}`,
        facts,
      })],
      description: `Histograms under each other on one axis. ${
        facts.concat(lines).join(". ")
      }.`,
      text: [...picture(ridges), counted].join("\n"),
    },
    given,
    action,
  );
}

/** Names what of a model is shown, and how to see the rest. */
function choiceFact(
  { filter, depth, page = 1 }: LayersOptions,
  names: number,
  all: number,
): string[] {
  const pages = Math.ceil(all / most);
  const facts = [
    ...filter === undefined ? [] : [`filter ${filter}`],
    ...depth === undefined ? [] : [`depth at most ${depth}`],
    ...names === all ? [] : [`${all} of ${plural(names, "parameter")}`],
    ...pages === 1 ? [] : [`page ${page} of ${pages}, as by { page: ${page} }`],
  ];
  return facts.length === 0 ? [] : [facts.join(" · ")];
}

/** Chooses names before any tensor is read. */
function choose(names: readonly string[], given: LayersOptions): Chosen {
  const { filter = "*", depth = Infinity, page = 1 } = given;
  const suits = typeof filter === "string"
    ? matcher(filter)
    : (name: string) =>
      // One with the flag g would go on where it stopped.
      new RegExp(filter.source, filter.flags.replace(/[gy]/g, "")).test(name);
  const fitting = names.filter((name) =>
    name.split(/[./]/).length <= depth && suits(name)
  );
  const first = (page - 1) * most;
  if (fitting.length === 0) {
    const isAll = names.length === 0;
    throw new RangeError(
      cannot(
        action,
        isAll
          ? "there must be a parameter"
          : "filter and depth must leave a parameter",
        isAll ? 0 : `0 of ${names.length}`,
      ),
    );
  }
  if (first >= fitting.length) {
    const pages = Math.ceil(fitting.length / most);
    throw new RangeError(cannot(action, `page must be in [1, ${pages}]`, page));
  }
  return {
    shown: fitting.slice(first, first + most),
    first,
    all: fitting.length,
    names: names.length,
  };
}

/** Stars stand for any letters; without one, a part of the name is enough. */
function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.includes("*") ? pattern.split("*") : ["", pattern, ""];
  return (name) => {
    const last = parts.at(-1)!;
    let at = parts[0].length;
    if (!name.startsWith(parts[0])) return false;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return name.length - last.length >= at && name.endsWith(last);
  };
}

/**
 * Returns a tensor counted in bins over its own range, by Rice's rule, `2·∛n`,
 * at least 6 and at most 32 of them. Reads it twice: for its range, and for its
 * bins.
 */
function ridgeOf(name: string, tensor: Tensor): Ridge {
  const values = isRead(tensor) ? valuesOf(tensor) : [];
  const found = moments(values);
  const theory = readTheory(action, tensor, undefined);
  return { name, tensor, found, theory, counted: countsOf(values, found) };
}

function isRead({ dtype }: Tensor): boolean {
  return dtypes[dtype].kind !== "opaque";
}

function countsOf(values: Values, found: Moments): Histogram | null {
  const { count, mean, sampleStd, min, max } = found;
  const low = Math.max(min, mean - reach * sampleStd);
  const high = Math.min(max, mean + reach * sampleStd);
  const bins = Math.min(
    mostBins,
    Math.max(fewestBins, Math.ceil(2 * Math.cbrt(count))),
  );
  const edges = Array.from(
    { length: bins + 1 },
    (_, index) => low + (high - low) * index / bins,
  );
  const rising = edges.every((edge, index) =>
    index === 0 || edge > edges[index - 1]
  );
  return rising ? histogram(values, edges) : null;
}

/**
 * Returns the shared axis: all that the ridges show. Constants are left out
 * unless there is nothing else, so a norm's ones do not squeeze the rest.
 */
function sharedExtent(ridges: readonly Ridge[]): [number, number] {
  const drawn = ridges.flatMap(({ counted }) =>
    counted === null ? [] : [counted.edges[0], counted.edges.at(-1)!]
  );
  const places = drawn.length > 0
    ? drawn
    : ridges.map(({ found }) => found.mean).filter(Number.isFinite);
  const low = places.reduce((a, b) => Math.min(a, b), Infinity);
  const high = places.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low < high) return [low, high];
  return low === high ? [low - 1, high + 1] : [-1, 1];
}

/**
 * Returns mean and std of a tensor, with the expected std next to the measured
 * one.
 */
function momentFact({ found, theory, tensor }: Ridge): string {
  if (!isRead(tensor)) return "not read";
  if (found.count === 0) return "no finite value";
  if (found.min === found.max) return `all ${formatNumber(found.mean)}`;
  const mean = `mean ${formatNumber(found.mean, 3)}`;
  return `${mean} · ${stdFact(found, theory)}`;
}

/**
 * Returns the traces: the ridges from top to bottom, except those of constants,
 * then the expected and the measured mean ± std of all.
 */
function ridgeTraces(ridges: readonly Ridge[]): ScatterTrace[] {
  const areas = ridges.flatMap((ridge, row) =>
    ridge.counted === null ? [] : [areaTrace(ridge, ridge.counted, row)]
  );
  const known = ridges.some(({ theory }) => theory !== null);
  return [
    ...areas,
    ...known ? [expectedTrace(ridges)] : [],
    measuredTrace(ridges),
  ];
}

function areaTrace(
  ridge: Ridge,
  { edges, counts }: Histogram,
  row: number,
): ScatterTrace {
  const foot = footOf(row);
  const highest = counts.reduce((a, b) => Math.max(a, b));
  const [first, last] = [edges[0], edges.at(-1)!];
  // A tenth of the height of a separate histogram.
  const place = rounder(10 * (last - first));
  const middles = counts.map((_, bin) => (edges[bin] + edges[bin + 1]) / 2);
  const heights = counts.map((count) =>
    Number((foot + peak * count / highest).toFixed(2))
  );
  return {
    type: "scatter",
    mode: "lines",
    name: asTyped(ridge.name),
    showlegend: false,
    x: [first, ...middles, last].map(place),
    y: [foot, ...heights, foot],
    line: { color: outline, width: 1 },
    fill: "toself",
    fillcolor: translucent(measured, 0.55),
    text: [ridge.name, shapeFact(ridge), momentFact(ridge)].map(asTyped)
      .join("<br>"),
    hoverinfo: "text",
  };
}

/** Returns the place of a ridge's foot on the vertical axis. */
function footOf(row: number): number {
  return -row;
}

function shapeFact({ tensor }: Ridge): string {
  return `${formatShape(tensor.shape)} · n = ${formatCount(tensor.numel())}`;
}

/** Vertical lines over the height of a ridge, one on each side of the mean. */
function expectedTrace(ridges: readonly Ridge[]): ScatterTrace {
  const lines = ridges.flatMap(({ theory }, row) =>
    theory === null ? [] : sides(theory.expectation).flatMap((x) => [
      { x, y: footOf(row) },
      { x, y: footOf(row) + peak },
      { x: null, y: null },
    ])
  );
  return {
    type: "scatter",
    mode: "lines",
    name: "expected mean ± std",
    x: lines.map(({ x }) => x),
    y: lines.map(({ y }) => y),
    line: { color: expected, width: 2 },
    hoverinfo: "skip",
  };
}

/** A constant has a single place. */
function sides({ mean, std }: { mean: number; std: number }): number[] {
  const both = std > 0 ? [mean - std, mean + std] : [mean];
  return both.map((x) => Number(x.toPrecision(6)));
}

function measuredTrace(ridges: readonly Ridge[]): ScatterTrace {
  const dots = ridges.flatMap(({ name, found }, row) =>
    found.count === 0 ? [] : sides({ mean: found.mean, std: found.sampleStd })
      .map((x) => ({ x, y: footOf(row), name: asTyped(name) }))
  );
  return {
    type: "scatter",
    mode: "markers",
    name: "measured mean ± std",
    x: dots.map(({ x }) => x),
    y: dots.map(({ y }) => y),
    customdata: dots.map(({ name }) => name),
    marker: { color: outline, size: 5 },
    hovertemplate: "%{customdata}<br>measured %{x:.4~g}<extra></extra>",
  };
}

function panelOf(
  ridges: readonly Ridge[],
  range: readonly [number, number],
  head: Pick<Panel, "title" | "facts">,
): Panel {
  const rows = ridges.length;
  const names = shortenNames(
    ridges.map(({ name }) => name),
    longestName,
    letters.label,
  );
  const widest = Math.max(
    ...names.map((name) => textWidth(name, letters.label)),
  );
  const left = Math.ceil(widest) + 14;
  const pitch = Math.max(
    rowPixels.least,
    Math.min(rowPixels.most, Math.floor(rowPixels.all / rows)),
  );
  return {
    ...head,
    traces: ridgeTraces(ridges),
    axes: {
      xaxis: { ...valueAxis("value", range), showgrid: true, gridcolor: grid },
      yaxis: {
        type: "linear",
        range: [footOf(rows - 1) - 0.4, 1.1],
        tickmode: "array",
        tickvals: names.map((_, row) => footOf(row) + 0.3),
        ticktext: names.map(asTyped),
        tickfont: { size: letters.label },
        ticks: "outside",
        ticklen: 5,
        tickcolor: none,
        showgrid: false,
        zeroline: false,
      },
    },
    annotations: notes(ridges, range),
    colors: [[measured, outline], [expected]],
    width: Math.max(size.width, left + narrowestPlot + margin.r),
    margin: { ...margin, l: left },
    plotHeight: Math.round(pitch * (rows + 0.5)),
  };
}

/** Ridges off the axis are named at the nearer end. */
function notes(
  ridges: readonly Ridge[],
  [low, high]: readonly [number, number],
): Annotation[] {
  return ridges.flatMap(({ found, counted }, row) => {
    const { mean, min, max, count } = found;
    const what = counted === null ? "all" : "mean";
    const note = (text: string, x: number, xanchor: "left" | "right") => [{
      text: asTyped(text),
      x,
      xanchor,
      y: footOf(row) + 0.3,
      yanchor: "middle" as const,
      xref: "x",
      yref: "y",
      showarrow: false as const,
      font: { size: letters.label },
    }];
    if (count === 0) return note("no finite value", low, "left");
    if (max < low) return note(`← ${what} ${formatNumber(mean)}`, low, "left");
    return min > high
      ? note(`${what} ${formatNumber(mean)} →`, high, "right")
      : [];
  });
}

/** A line for each: its name, its histogram over its own range, its std. */
function picture(ridges: readonly Ridge[]): string[] {
  const blocks = 16;
  const longest = Math.max(...ridges.map(({ name }) => name.length));
  return ridges.map((ridge) => {
    const bars = ridge.counted === null
      ? ""
      : blockHistogram(ridge.counted.counts, blocks);
    return asciiMinus(
      `${ridge.name.padEnd(longest)}  ${bars.padEnd(blocks)}  ${
        momentFact(ridge)
      }`,
    );
  });
}
