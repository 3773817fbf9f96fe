/**
 * All parameters of a model on one axis.
 *
 * @module
 */

import { over } from "../checkpoint/source.ts";
import { dtypes } from "../core/dtype.ts";
import { formatCount, formatNumber, plural, rounder } from "../core/format.ts";
import { cannot } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { Named, Over, Source } from "../core/source.ts";
import { type Tensor, valuesOf } from "../core/tensor.ts";
import {
  checkRange,
  type Histogram,
  histogram,
} from "../numerics/histogram.ts";
import { type Moments, moments, type Values } from "../numerics/moments.ts";
import { Figure } from "./figure.ts";
import {
  expected,
  type FigureOptions,
  figureOptions,
  grid,
  letters,
  measured,
  none,
  outline,
  padded,
  pageLayout,
  size,
  translucent,
  valueAxis,
} from "./page.ts";
import {
  asciiMinus,
  asTyped,
  blockHistogram,
  shortenNames,
  textWidth,
} from "./text.ts";
import { titleOfSource } from "./sample.ts";
import { readTheory, stdFact, type Theory } from "./theory.ts";
import type { Annotation, Layout, ScatterTrace } from "./types.ts";

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

/** Options of {@linkcode layers}. */
export interface LayersOptions extends FigureOptions {
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
const defaults = { range: undefined as readonly [number, number] | undefined };

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
 * or its path: 1 to 240 tensors. For a part of a larger model, pass
 * `Object.fromEntries(model.namedParameters().filter(…))`.
 * @param options The axis.
 * @returns The figure; a promise of it where a checkpoint is read.
 * @throws {TypeError} If it is no source, or an option is unknown or of the
 * wrong kind.
 * @throws {RangeError} If there are too few or too many parameters, or an option
 * is out of its interval.
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
  return over(
    action,
    source,
    (tensors) => draw(tensors, titleOfSource(source), given),
    checkCount,
  );
}

function draw(
  tensors: readonly Named[],
  owner: string,
  given: LayersOptions,
): Figure {
  const ridges = tensors.map(([name, tensor]) =>
    ridgeOf(name === "" ? "values" : name, tensor)
  );
  const count = plural(ridges.length, "parameter");
  const title = given.title ?? (owner === "" ? count : `${owner} · ${count}`);
  const elements = ridges.reduce((sum, { tensor }) => sum + tensor.numel(), 0);
  const facts = [
    `${
      plural(elements, "value")
    } in ${count} · each ridge as high as its highest bin`,
  ];
  const range = given.range ?? padded(sharedExtent(ridges));
  const lines = ridges.map((ridge) => `${ridge.name}: ${momentFact(ridge)}`);
  return new Figure({
    title,
    data: ridgeTraces(ridges),
    layout: layoutOf(ridges, range, { ...given, title }, facts),
    description: `Histograms under each other on one axis. ${
      facts.concat(lines).join(". ")
    }.`,
    text: [title, ...picture(ridges), facts[0].split(" · ")[0]].join("\n"),
  });
}

/**
 * Returns a tensor counted in bins over its own range, by Rice's rule, `2·∛n`,
 * at least 6 and at most 32 of them. Reads it twice: for its range, and for its
 * bins.
 *
 * @param name Its name.
 * @param tensor The tensor.
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
 *
 * @param ridges The tensors.
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
 *
 * @param ridge The tensor.
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
 *
 * @param ridges The tensors.
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

/**
 * Returns the place of a ridge's foot on the vertical axis.
 *
 * @param row The row, from 0 at the top.
 */
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

function layoutOf(
  ridges: readonly Ridge[],
  range: readonly [number, number],
  { title, width, height }: FigureOptions,
  facts: readonly string[],
): Layout {
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
  const known = ridges.some(({ theory }) => theory !== null);
  const page = pageLayout({
    title: title!,
    facts,
    legendRows: known ? 2 : 1,
    width: width ?? Math.max(size.width, left + narrowestPlot + margin.r),
    height,
    plotHeight: Math.round(pitch * (rows + 0.5)),
    margin: { ...margin, l: left },
  });
  return {
    ...page,
    legend: { ...page.legend, orientation: "v" },
    hovermode: "closest",
    annotations: [...page.annotations!, ...notes(ridges, range)],
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

/** Throws for too many before it reads any. */
function checkCount(names: readonly string[]): readonly string[] {
  if (names.length >= 1 && names.length <= most) return names;
  throw new RangeError(
    cannot(action, `there must be 1 to ${most} parameters`, names.length),
  );
}
