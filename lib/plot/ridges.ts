/**
 * Many distributions under each other on one axis, each as a ridge.
 *
 * @module
 */

import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { valuesOf } from "../core/values.ts";
import { type Theory, theoryOf } from "../init/theory.ts";
import { type Histogram, histogram } from "../statistics/histogram.ts";
import { type Moments, moments, type Values } from "../statistics/moments.ts";
import { stdFact } from "./facts.ts";
import { formatCount, formatNumber, rounder } from "./format.ts";
import { asTyped } from "./markup.ts";
import { expected, measured, outline, translucent } from "./theme.ts";
import type { ScatterTrace } from "./traces.ts";

/** One tensor, counted. */
export interface Ridge {
  /** Its name: plain text. */
  readonly name: string;
  /** The tensor. */
  readonly tensor: Tensor;
  /** Its moments. */
  readonly found: Moments;
  /** What its initialiser says. */
  readonly theory: Theory | undefined;
  /** Its bins; null where all values are one, or none is finite. */
  readonly counted: Histogram | null;
}

/** Values beyond so many std are not drawn: the ridge is 0 there to the eye. */
const reach = 5;
const fewestBins = 6;
const mostBins = 32;
/** The height of a ridge, in rows. */
const peak = 0.86;

/**
 * Returns a tensor counted in bins over its own range, by Rice's rule, `2·∛n`,
 * at least 6 and at most 32 of them. It is read twice: for its range, and for
 * its bins.
 *
 * @param name Its name.
 * @param tensor The tensor.
 */
export function ridgeOf(name: string, tensor: Tensor): Ridge {
  const values = valuesOf(tensor);
  const found = moments(values);
  const theory = theoryOf(tensor);
  return { name, tensor, found, theory, counted: countsOf(values, found) };
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
 * Returns the shared axis: all that the ridges show. Constants are left out, so
 * that a norm's ones do not squeeze the rest, unless there is nothing else.
 *
 * @param ridges The tensors.
 */
export function sharedExtent(ridges: readonly Ridge[]): [number, number] {
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
 * Returns the place of a ridge's foot on the vertical axis.
 *
 * @param row The row, from 0 at the top.
 */
export function footOf(row: number): number {
  return -row;
}

/**
 * Returns the traces: the ridges from top to bottom, those of constants left
 * out, then the expected and the measured mean ± std of all.
 *
 * @param ridges The tensors.
 */
export function ridgeTraces(ridges: readonly Ridge[]): ScatterTrace[] {
  const areas = ridges.flatMap((ridge, row) =>
    ridge.counted === null ? [] : [areaTrace(ridge, ridge.counted, row)]
  );
  const known = ridges.some(({ theory }) => theory !== undefined);
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
  // A tenth of what a histogram of its own would be given.
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

function shapeFact({ tensor }: Ridge): string {
  return `${formatShape(tensor.shape)} · n = ${formatCount(tensor.numel())}`;
}

/**
 * Returns mean and std of a tensor, the expected std beside the measured.
 *
 * @param ridge The tensor.
 */
export function momentFact({ found, theory }: Ridge): string {
  if (found.count === 0) return "no finite value";
  if (found.min === found.max) return `all ${formatNumber(found.mean)}`;
  const mean = `mean ${formatNumber(found.mean, 3)}`;
  return `${mean} · ${stdFact(found, theory ?? null)}`;
}

/** Upright lines over the height of a ridge, one to each side of the mean. */
function expectedTrace(ridges: readonly Ridge[]): ScatterTrace {
  const lines = ridges.flatMap(({ theory }, row) =>
    theory === undefined ? [] : sides(theory).flatMap((x) => [
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

/** A constant has one place. */
function sides({ mean, std }: { mean: number; std: number }): number[] {
  const both = std > 0 ? [mean - std, mean + std] : [mean];
  return both.map((x) => Number(x.toPrecision(6)));
}
