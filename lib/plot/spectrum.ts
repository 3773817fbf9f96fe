/**
 * The singular values of a weight, compared with those of random matrices.
 *
 * @module
 */

import { cannot } from "../core/options.ts";
import { formatNumber, plural, rounder } from "../core/format.ts";
import { elementCount, formatShape } from "../core/shape.ts";
import type { Over, Source } from "../core/source.ts";
import type { Tensor } from "../core/tensor.ts";
import { chooseBins } from "../numerics/histogram.ts";
import type { Matrix } from "../numerics/matrix.ts";
import { moments, type Values } from "../numerics/moments.ts";
import { singularValues } from "../numerics/singular_values.ts";
import { marchenkoPastur } from "../numerics/special.ts";
import { type Distribution, expectationOf } from "../random/distribution.ts";
import { figureOptions } from "./change.ts";
import { type Figure, figureOf } from "./figure.ts";
import {
  type Binned,
  binned,
  histogramDefaults,
  histogramDrawing,
  type HistogramOptions,
} from "./histogram.ts";
import { type Sample, sampled } from "./sample.ts";
import { type Density, onLogAxis, readTheory, unscaled } from "./theory.ts";

/** Options of {@linkcode spectrum}. */
export type SpectrumOptions = HistogramOptions;

/** The expectation, and the edges to name next to the extremes. */
interface Line {
  readonly density: Density;
  readonly low: number;
  readonly high: number;
}

const action = "plot a spectrum";
const segments = 120;
/**
 * Singular values this close count as equal: float32 rounds an orthogonal
 * matrix.
 */
const alike = 1e-4;

/**
 * Returns a figure of a weight's singular values: a histogram, and over it the
 * density of Marchenko and Pastur with its edges.
 *
 * The weight is read as a matrix of `shape[0]` rows, all further axes its
 * columns. The line is the limit for independent elements with a mean of 0 and
 * the initializer's std, whatever their distribution; a mean other than 0 adds
 * one large value, which the line leaves out. For `init.orthogonal` it is a
 * line at |gain|, where all singular values are. Traces: the bars, then the
 * line if there is one.
 *
 * 512 × 512 takes less than a second, 512 × 4608 two; the time grows with
 * rows · columns · the smaller of both.
 *
 * @param source The weight, of rank at least 2: a tensor, numbers, a layer, a
 * checkpoint or its path.
 * @param options Which parameter, which std, which bins.
 * @returns The figure; a promise of it where a checkpoint is read.
 * @throws {TypeError} If an option or the source is of the wrong kind.
 * @throws {RangeError} If the rank is below 2, an element is not finite, there
 * is no such parameter, or an option is out of its interval.
 * @see Saxe, McClelland and Ganguli (2014), on why all should be 1; Pennington,
 * Schoenholz and Ganguli (2017), Resurrecting the sigmoid
 *
 * @example
 * ```ts
 * import { plot, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = plot.spectrum(tensor([[3, 0, 0], [0, -1, 0]]), { bins: 2 });
 * const [bars] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals(bars.x, [1.5, 2.5]);
 * assertEquals(bars.y, [0.5, 0.5]);
 * ```
 */
export function spectrum<S extends Source>(
  source: S,
  options: SpectrumOptions = {},
): Over<S, Figure> {
  const given = figureOptions(action, options, histogramDefaults);
  return sampled(
    action,
    source,
    given.parameter,
    (sample) => draw(sample, given),
  );
}

function draw(sample: Sample, given: SpectrumOptions): Figure {
  const matrix = matrixOf(sample);
  const line = lineOf(sample.tensor, matrix, given.theory);
  // Bad bins throw before anything is computed.
  chooseBins([[0, 1]], { bins: given.bins, range: given.range });
  const values = singularValues(matrix);
  const bins = binsOf(values, given);
  const drawing = histogramDrawing({
    title: `${sample.title} · singular values`,
    facts: [sizeFact(sample, matrix), valueFacts(values, matrix, line)],
    of: " of singular values",
    axis: "singular value",
    binned: bins,
    density: onLogAxis(line?.density ?? null, bins),
    plot: "spectrum",
  });
  return figureOf(drawing, given, action);
}

function matrixOf({ tensor: { shape }, values, found }: Sample): Matrix {
  if (shape.length < 2) {
    throw new RangeError(
      cannot(
        action,
        "the rank must be at least 2",
        `${shape.length} in shape ${formatShape(shape)}`,
      ),
    );
  }
  if (found.nonFinite > 0) {
    throw new RangeError(
      cannot(
        `${action} of shape ${formatShape(shape)}`,
        "all elements must be finite",
        `${found.nonFinite} not finite`,
      ),
    );
  }
  const [rows, ...rest] = shape;
  return { data: Float64Array.from(values), rows, columns: elementCount(rest) };
}

function lineOf(
  tensor: Tensor,
  { rows, columns }: Matrix,
  option: Distribution | null | undefined,
): Line | null {
  const theory = readTheory(action, tensor, option);
  if (theory === null) return null;
  const distribution = unscaled(theory.distribution);
  if (distribution.kind === "orthogonal") {
    return orthogonalLine(Math.abs(distribution.gain));
  }
  // The law holds for independent elements, which have a cdf.
  const { std, cdf } = expectationOf(distribution, tensor.shape);
  return cdf === null ? null : pasturLine(rows, columns, std);
}

function orthogonalLine(gain: number): Line {
  const label = `orthogonal: all at ${formatNumber(gain)}`;
  const density = { label, x: [gain, gain], y: [], marks: [] };
  return { density, low: gain, high: gain };
}

/** Points lie closest at the edges, where the density is steep. */
function pasturLine(rows: number, columns: number, std: number): Line {
  const { low, high, density } = marchenkoPastur(rows, columns, std);
  const points = Array.from({ length: segments + 1 }, (_, index) => {
    const share = (1 - Math.cos(Math.PI * index / segments)) / 2;
    return low + share * (high - low);
  });
  // Rounding must not push an end out of the edges.
  const levels = points.map((x) => density(Math.min(Math.max(x, low), high)));
  const place = rounder(high - low);
  const level = rounder(Math.max(...levels));
  return {
    density: {
      label: `Marchenko–Pastur, std ${formatNumber(std)}`,
      x: [points[0], ...points].map(place),
      y: [0, ...levels].map(level),
      marks: [low, high].map((x) => ({ x, text: formatNumber(x) })),
    },
    low,
    high,
  };
}

/** Bins over the values, or around them if all are equal. */
function binsOf(values: Values, given: SpectrumOptions): Binned {
  const [first, last] = [values[0], values[values.length - 1]];
  const isOne = first > 0 && first - last <= alike * first;
  const sample = [{ values, found: moments(values) }];
  if (!isOne || given.range !== undefined) return binned(action, sample, given);
  const range = [0.9 * first, 1.1 * first] as const;
  const about = { ...given, bins: given.bins ?? 21, range };
  return { ...binned(action, sample, about), rule: "about a single value" };
}

function sizeFact({ tensor }: Sample, { rows, columns }: Matrix): string {
  const count = Math.min(rows, columns);
  const shape = formatShape(tensor.shape);
  return [
    tensor.shape.length === 2 ? shape : `${shape} as ${rows} × ${columns}`,
    tensor.dtype,
    plural(count, "singular value"),
  ].join(" · ");
}

function valueFacts(
  values: Values,
  { rows, columns }: Matrix,
  line: Line | null,
): string {
  const first = values[0];
  // Rounding errors of a 0.
  const noise = Number.EPSILON * Math.max(rows, columns) * first;
  const last = values[values.length - 1];
  const smallest = last <= noise ? 0 : last;
  const beside = (edge: number | undefined) =>
    edge === undefined ? "" : ` (expected ${formatNumber(edge)})`;
  return [
    `largest ${formatNumber(first)}${beside(line?.high)}`,
    `smallest ${formatNumber(smallest)}${beside(line?.low)}`,
    `ratio ${formatNumber(first / smallest)}`,
  ].join(" · ");
}
