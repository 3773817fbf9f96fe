/**
 * The common parts of histogram figures: bins on an even or a log axis, and
 * bars under the expected density.
 *
 * @module
 */

import { digitsFor, plural, rounder } from "../core/format.ts";
import { cannot } from "../core/options.ts";
import {
  chooseBins,
  type Histogram,
  histogram,
} from "../numerics/histogram.ts";
import { type Moments, moments, type Values } from "../numerics/moments.ts";
import type { Distribution } from "../random/distribution.ts";
import type { FigureOptions } from "./change.ts";
import type { Drawing } from "./page.ts";
import type { Sample } from "./sample.ts";
import { histogramPicture } from "./text.ts";
import {
  type Density,
  densityOf,
  densityTrace,
  momentFacts,
  onLogAxis,
  readTheory,
  tensorFacts,
} from "./theory.ts";
import {
  densityMargin,
  expected,
  headroom,
  measured,
  outline,
  padded,
  size,
  translucent,
  uprightAxis,
  valueAxis,
} from "./theme.ts";
import type { Axis, BarTrace, Points } from "./types.ts";

/** Options of figures of histograms. */
interface BinOptions extends FigureOptions {
  /** The number of bins, in [1, 10000]. Default: by Freedman and Diaconis. */
  readonly bins?: number;
  /** The lowest and the highest edge. Default: all finite values. */
  readonly range?: readonly [number, number];
}

/** Options of figures of one histogram. */
export interface HistogramOptions extends BinOptions {
  /** Which of several tensors. Default: `weight`. */
  readonly parameter?: string;
  /**
   * What the weight's elements are expected to be drawn from; null for nothing.
   * Default: the initializer's distribution.
   */
  readonly theory?: Distribution | null;
}

/** Values to count. */
interface Countable {
  readonly values: Values;
  readonly found: Moments;
  readonly whole?: boolean;
}

/** Histograms over shared bins, evenly wide on their axis. */
export interface Binned {
  /** One for each sample. On a log axis edges are exponents. */
  readonly counted: readonly Histogram[];
  /** How the bins were chosen. */
  readonly rule: string;
  /** Whether they are those of |x| on a log axis. */
  readonly isLog: boolean;
  /** What a reader must know of it: plain text, or none. */
  readonly facts: readonly string[];
}

/** What a figure of one histogram is made of. */
interface Content {
  /** Plain text. */
  readonly title: string;
  /** Plain text, a line each. */
  readonly facts: readonly string[];
  /** What it is a histogram of, in words for screen readers. */
  readonly of: string;
  /** What the horizontal axis measures. */
  readonly axis: string;
  /** The histogram. */
  readonly binned: Binned;
  /** What is expected; null for nothing. */
  readonly density: Density | null;
  /** The name of the `plot` function. */
  readonly plot: string;
}

/** The options' defaults. */
export const histogramDefaults = {
  parameter: undefined as string | undefined,
  theory: undefined as Distribution | null | undefined,
  bins: undefined as number | undefined,
  range: undefined as readonly [number, number] | undefined,
};

/** Narrower ranges, as a share of their distance from 0, are one place. */
const narrowest = 1e-9;
/** Densities of a narrower range are not finite, or nearly so. */
const smallest = 1e-290;

/**
 * Counts values in shared bins. On a log axis they are those of |x|, evenly wide
 * in its logarithm; zeros have no place there.
 *
 * @param action What is being done, for the error message.
 * @param samples The values.
 * @param options The bins, and the type of the x axis.
 * @throws {RangeError} If an option does not suit the values.
 */
export function binned(
  action: string,
  samples: readonly Countable[],
  { bins, range, xaxis, layout }: BinOptions,
): Binned {
  const type = xaxis?.type ?? (layout?.xaxis as Axis | undefined)?.type;
  if (type === "log") return logBinned(action, samples, bins, range);
  const { edges, rule } = chooseBins(samples.map(({ values }) => values), {
    bins,
    range,
    whole: samples.every(({ whole }) => whole === true),
    found: samples.map(({ found }) => found),
  });
  const [low, high] = [edges[0], edges.at(-1)!];
  const largest = Math.max(-low, high);
  const close = high - low < Math.max(smallest, narrowest * largest);
  const half = largest > smallest ? largest / 20 : 0.5;
  const used = close ? [low - half, high + half] : edges;
  return {
    counted: samples.map(({ values }) => histogram(values, used)),
    rule: close && rule !== "a single value" ? "too close to tell apart" : rule,
    isLog: false,
    facts: [],
  };
}

function logBinned(
  action: string,
  samples: readonly Countable[],
  bins: number | undefined,
  range: BinOptions["range"],
): Binned {
  if (range !== undefined && !(range[0] > 0)) {
    throw new RangeError(
      cannot(action, "range must be above 0 on a log x axis", range[0]),
    );
  }
  const logs = samples.map(({ values }) =>
    Float64Array.from(
      values,
      (value) => value === 0 ? NaN : Math.log10(Math.abs(value)),
    )
  );
  const found = logs.map((values) => moments(values));
  if (found.every(({ count }) => count === 0)) {
    throw new RangeError(
      cannot(action, "a log x axis must have a value that is not 0"),
    );
  }
  const { edges, rule } = chooseBins(logs, {
    bins,
    range: range && [Math.log10(range[0]), Math.log10(range[1])],
    found,
  });
  const zeros = samples.reduce(
    (sum, { found }) => sum + Math.round(found.zeroShare * found.count),
    0,
  );
  const isSigned = samples.some(({ found }) => found.min < 0);
  const left = zeros > 0 ? [`${plural(zeros, "zero")} left out`] : [];
  return {
    counted: logs.map((values) => histogram(values, edges)),
    rule,
    isLog: true,
    facts: [
      [isSigned ? "|x| on a log axis" : "log axis", ...left].join(" · "),
    ],
  };
}

/**
 * Returns the edges of bins as they stand on the axis.
 *
 * @param counted The histogram.
 * @param isLog Whether they are exponents.
 */
export function edgesOf(
  { edges }: Histogram,
  isLog: boolean,
): readonly number[] {
  return isLog ? edges.map((edge) => 10 ** edge) : edges;
}

/**
 * Returns the outline of a histogram: up at the first edge, along the bins, down
 * at the last edge.
 *
 * @param counted The histogram.
 * @param isLog Whether its edges are exponents. Default: no.
 */
export function steps(counted: Histogram, isLog = false): Points {
  const { counts, densities } = counted;
  const edges = edgesOf(counted, isLog);
  const place = isLog ? toFewDigits : rounder(edges.at(-1)! - edges[0]);
  const level = rounder(Math.max(...densities));
  return {
    x: [edges[0], ...edges].map(place),
    y: [0, ...densities.map(level), 0],
    customdata: [0, ...counts, 0],
  };
}

/**
 * Returns the axes of densities over bins: the range of both has room.
 *
 * @param binned The histograms.
 * @param densities What is expected; null for nothing.
 * @param title What the values are.
 */
export function densityAxes(
  { counted, isLog }: Binned,
  densities: readonly (Density | null)[],
  title: string,
): { readonly xaxis: Axis; readonly yaxis: Axis; readonly top: number } {
  const edges = edgesOf(counted[0], isLog);
  const [first, last] = [edges[0], edges.at(-1)!];
  // A single bin needs free space around it.
  const beside = edges.length === 2 && !isLog ? last - first : 0;
  const lines = densities.flatMap((density) => density?.x ?? [])
    .filter((x) => !isLog || x > 0);
  const top = headroom([
    ...counted.flatMap(({ densities }) => densities),
    ...densities.flatMap((density) => density?.y ?? []),
  ]);
  const ends = [first - beside, last + beside, ...lines];
  const range = isLog
    ? padded(ends.map(Math.log10)).map((end) => 10 ** end) as [number, number]
    : padded(ends);
  return {
    xaxis: valueAxis(
      isLog ? `|${title}|` : title,
      range,
      isLog ? "log" : "linear",
    ),
    yaxis: uprightAxis(isLog ? "density per decade" : "density", [0, top]),
    top,
  };
}

/**
 * Returns the drawing of given values.
 *
 * @param action What is being done, for the error message.
 * @param sample The values.
 * @param given The options, with those that all figures share checked.
 */
export function drawWeights(
  action: string,
  sample: Sample,
  given: HistogramOptions,
): Drawing {
  const { tensor, found } = sample;
  const theory = readTheory(action, tensor, given.theory);
  const bins = binned(action, [sample], given);
  const density = theory && densityOf(theory.distribution, theory.name);
  return histogramDrawing({
    title: sample.title,
    facts: [
      tensorFacts(tensor, found, bins.counted[0].outside),
      momentFacts(found, theory),
    ],
    of: "",
    axis: "value",
    binned: bins,
    density: onLogAxis(density, bins),
    plot: "weights",
  });
}

/**
 * Returns a drawing of bars, and over them the line of what is expected.
 *
 * @param content What is drawn.
 */
export function histogramDrawing(content: Content): Drawing {
  const { title, binned, density, axis, plot } = content;
  const { counted: [counted], rule, isLog } = binned;
  const bars = plural(counted.counts.length, "bin");
  const { top, ...axes } = densityAxes(binned, [density], axis);
  const facts = [...content.facts, ...binned.facts];
  const over = density ? `, and over it ${density.label}` : "";
  const picture = { ...counted, edges: edgesOf(counted, isLog) };
  return {
    panels: [{
      title,
      facts,
      traces: [
        barTrace(counted, isLog, `${bars} (${rule})`),
        ...density ? [densityTrace(density, top)] : [],
      ],
      axes,
      marks: density?.marks,
      layout: { bargap: 0 },
      colors: [[measured, outline], ...density ? [[expected]] : []],
      margin: densityMargin(top),
      height: size.height,
      plotHeight: 250,
      binned: `plot.${plot}`,
    }],
    description: `Histogram${content.of} in ${bars}${over}. ${
      facts.join(". ")
    }.`,
    text: histogramPicture(picture, facts),
  };
}

/**
 * Returns bars whose heights are densities; hovering shows the bin's ends, its
 * count and its density.
 */
function barTrace(counted: Histogram, isLog: boolean, name: string): BarTrace {
  const { counts, densities } = counted;
  const edges = edgesOf(counted, isLog);
  const place = isLog ? toFewDigits : rounder(edges.at(-1)! - edges[0]);
  const level = rounder(Math.max(...densities));
  const digits = isLog ? 4 : digitsFor(edges[0], edges.at(-1)!);
  return {
    type: "bar",
    name,
    x: counts.map((_, bin) =>
      (isLog ? Number : place)((edges[bin] + edges[bin + 1]) / 2)
    ),
    y: densities.map(level),
    width: isLog
      ? counts.map((_, bin) => edges[bin + 1] - edges[bin])
      : edges[1] - edges[0],
    customdata: counts.map((count, bin) => [
      place(edges[bin]),
      place(edges[bin + 1]),
      count,
    ]),
    hovertemplate:
      `%{customdata[0]:.${digits}~g} to %{customdata[1]:.${digits}~g}<br>count %{customdata[2]:,}<br>density %{y:.4~g}<extra></extra>`,
    marker: {
      color: translucent(measured, 0.6),
      line: { color: outline, width: 1 },
    },
  };
}

function toFewDigits(value: number): number {
  return Number(value.toPrecision(6));
}
