/**
 * Several weights on one axis, each with the density it was drawn from.
 *
 * @module
 */

import { digitsFor, formatCount, plural } from "../core/format.ts";
import { cannot, describe, isPlain, quoted } from "../core/options.ts";
import { checkAlone, type Checkpoint, type Source } from "../core/source.ts";
import { Tensor } from "../core/tensor.ts";
import type { Histogram } from "../numerics/histogram.ts";
import { type FigureOptions, figureOptions } from "./change.ts";
import { type Figure, figureOf } from "./figure.ts";
import {
  type Binned,
  binned,
  densityAxes,
  edgesOf,
  steps,
} from "./histogram.ts";
import { besideName } from "./page.ts";
import { type Sample, sampled } from "./sample.ts";
import {
  asciiMinus,
  asTyped,
  blockHistogram,
  endsLine,
  textWidth,
  wrapText,
} from "./text.ts";
import {
  type Density,
  densityOf,
  onLogAxis,
  readTheory,
  stdFact,
} from "./theory.ts";
import {
  densityMargin,
  letters,
  mostAreas,
  palette,
  size,
  translucent,
} from "./theme.ts";
import type { ScatterTrace } from "./types.ts";

/** Options of {@linkcode compare}. */
export interface CompareOptions extends FigureOptions {
  /** The name of the tensor, if a source has several. Default: `weight`. */
  readonly parameter?: string;
  /**
   * Whether to draw the expected densities, where they are known. Default:
   * true.
   */
  readonly theory?: boolean;
  /** The number of bins, in [1, 10000]. Default: by Freedman and Diaconis. */
  readonly bins?: number;
  /**
   * The lowest and the highest edge. Default: all finite values of all sources.
   */
  readonly range?: readonly [number, number];
}

/** One of several histograms. */
interface Outline {
  /** Its name: plain text. */
  readonly name: string;
  /** Its text in the legend: plain text. */
  readonly fact: string;
  /** Counts over the bins of all. */
  readonly counted: Histogram;
  /** The expectation, if known. */
  readonly density: Density | null;
}

/** A source's values under its name. */
interface NamedSample {
  /** The name: plain text. */
  readonly name: string;
  /** The values. */
  readonly sample: Sample;
}

const action = "compare weights";
const plotHeight = 260;
/** Twice the palette: solid, then dotted. */
const most = 2 * palette.length;
const defaults = {
  parameter: undefined as string | undefined,
  theory: true,
  bins: undefined as number | undefined,
  range: undefined as readonly [number, number] | undefined,
};

/**
 * Returns a figure of several tensors' distributions on one axis: outlines of
 * densities over shared bins, expected densities dashed in the same color.
 *
 * Traces, for each name in order: the outline, then the expected density where
 * the initializer is known and is not a constant.
 *
 * @param sources 1 to 14 sources, keyed by the names to show: tensors, numbers,
 * layers, checkpoints or their paths.
 * @param options Which parameter and which bins.
 * @returns The figure; a promise of it if a checkpoint is read.
 * @throws {TypeError} If an option or a source is of the wrong kind.
 * @throws {RangeError} If there are too few or too many, one has no finite
 * value, or an option is out of its interval.
 *
 * @example
 * ```ts
 * import { plot, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = plot.compare(
 *   { narrow: tensor([-1, 0, 1]), wide: tensor([-2, 0, 2]) },
 *   { bins: 2 },
 * );
 * const [narrow, wide] = JSON.parse(JSON.stringify(figure)).data;
 * assertEquals(narrow.x, [-2, -2, 0, 2]);
 * assertEquals(narrow.x, wide.x);
 * ```
 */
export function compare<S extends Source>(
  sources: Readonly<Record<string, S>> | ReadonlyMap<string, S>,
  options: CompareOptions = {},
): [Extract<S, Checkpoint | URL | string>] extends [never] ? Figure
  : Promise<Figure> {
  const given = figureOptions(action, options, defaults);
  checkBoolean(given.theory);
  const samples = samplesOf(sources, given.parameter);
  const isRead = samples.some((sample) => sample instanceof Promise);
  // What the type says: a promise where any source is read.
  return (isRead
    ? Promise.all(samples).then((read) => draw(read, given))
    : draw(samples as NamedSample[], given)) as ReturnType<typeof compare<S>>;
}

function checkBoolean(theory: unknown): void {
  if (typeof theory !== "boolean") {
    throw new TypeError(
      cannot(action, "theory must be true or false", describe(theory)),
    );
  }
}

/** Each source at once if it is in memory, else after it was read. */
function samplesOf<S extends Source>(
  sources: Readonly<Record<string, S>> | ReadonlyMap<string, S>,
  parameter: string | undefined,
): (NamedSample | Promise<NamedSample>)[] {
  const entries = sources instanceof Map
    ? [...sources]
    : isPlain(sources)
    ? Object.entries(sources)
    : undefined;
  if (entries === undefined) {
    throw new TypeError(
      cannot(
        action,
        "they must be an object or a Map of weights by name",
        describe(sources),
      ),
    );
  }
  if (entries.length < 1 || entries.length > most) {
    throw new RangeError(
      cannot(action, `there must be 1 to ${most} of them`, entries.length),
    );
  }
  const wrong = entries.find(([name]) => typeof name !== "string");
  if (wrong !== undefined) {
    throw new TypeError(
      cannot(action, "each name must be a string", describe(wrong[0])),
    );
  }
  if (!entries.some(([, source]) => hasNames(source))) {
    checkAlone(action, parameter);
  }
  return entries.map(([name, source]) => {
    const sample = sampled<Source, NamedSample>(
      `${action}, ${quoted(name)}`,
      source,
      hasNames(source) ? parameter : undefined,
      (sample) => ({ name, sample }),
    );
    // Its error surfaces when all of them are awaited.
    if (sample instanceof Promise) sample.catch(() => {});
    return sample;
  });
}

/** Asks only sources with several tensors for a parameter. */
function hasNames(source: Source): boolean {
  return !(source instanceof Tensor || Array.isArray(source) ||
    ArrayBuffer.isView(source) || typeof source === "number");
}

function draw(
  samples: readonly NamedSample[],
  given: CompareOptions & { readonly theory: boolean },
): Figure {
  const bins = binned(action, samples.map(({ sample }) => sample), given);
  const outlines = samples.map((named, index) =>
    outlineOf(named, bins, index, given.theory)
  );
  const dashed = outlines.some(({ density }) => density !== null)
    ? " · dashed: expected density"
    : "";
  const { counted: [{ edges, counts }], isLog } = bins;
  const shared = `${plural(counts.length, "shared bin")} (${bins.rule})`;
  const densities = outlines.map(({ density }) => density);
  const { top, ...axes } = densityAxes(bins, densities, "value");
  const margin = densityMargin(top);
  const room = (given.width ?? size.width) - margin.l - margin.r;
  const ends = isLog ? edges.map((edge) => 10 ** edge) : edges;
  const lines = outlines.map(({ name, fact }) => `${name}: ${fact}`);
  return figureOf(
    {
      panels: [{
        title: outlines.length === 1
          ? "1 weight"
          : `${outlines.length} weights compared`,
        facts: [shared + dashed, ...bins.facts],
        traces: outlineTraces(outlines, room, isLog),
        axes,
        colors: outlines.map((_, index) => [palette[index % palette.length]]),
        margin,
        plotHeight,
        binned: "plot.compare",
      }],
      description: `Histograms on one axis, ${shared}. ${lines.join(". ")}.`,
      text: picture(outlines, ends, [shared, ...bins.facts]),
    },
    given,
    action,
  );
}

function outlineOf(
  { name, sample: { tensor, found } }: NamedSample,
  bins: Binned,
  index: number,
  theory: boolean,
): Outline {
  const known = theory ? readTheory(action, tensor, undefined) : null;
  const counted = bins.counted[index];
  // A constant has no density to draw.
  const density = known === null || known.expectation.std === 0
    ? null
    : densityOf(known.distribution, known.name);
  const notes = [stdFact(found, known)];
  if (counted.outside > 0) {
    notes.push(`${formatCount(counted.outside)} outside`);
  }
  if (found.nonFinite > 0) {
    notes.push(`${formatCount(found.nonFinite)} not finite`);
  }
  const fact = notes.join(", ");
  return { name, counted, density: onLogAxis(density, bins), fact };
}

/**
 * Returns the traces: for each outline its line, and the expected density
 * dashed in the same color, which the legend switches with it.
 */
function outlineTraces(
  outlines: readonly Outline[],
  room: number,
  isLog: boolean,
): ScatterTrace[] {
  const filled = outlines.length <= mostAreas;
  return outlines.flatMap(({ name, fact, counted, density }, index) => {
    const ends = edgesOf(counted, isLog);
    const digits = isLog ? 4 : digitsFor(ends[0], ends.at(-1)!);
    const color = palette[index % palette.length];
    const left = room - besideName - textWidth(`: ${fact}`, letters.text);
    const [label] = wrapText(name, left, letters.text, 1).map(asTyped);
    const group = { mode: "lines", legendgroup: String(index) } as const;
    const outline: ScatterTrace = {
      type: "scatter",
      ...group,
      name: `${label}: ${asTyped(fact)}`,
      ...steps(counted, isLog),
      line: {
        color,
        width: 2,
        shape: "hv",
        dash: index < palette.length ? "solid" : "dot",
      },
      fill: filled ? "tozeroy" : "none",
      fillcolor: filled ? translucent(color, 0.15) : undefined,
      hovertemplate:
        `${label}<br>bin from %{x:.${digits}~g}<br>count %{customdata:,}<br>density %{y:.4~g}<extra></extra>`,
    };
    if (density === null) return [outline];
    return [outline, {
      type: "scatter",
      ...group,
      name: `${label}, expected`,
      showlegend: false,
      x: density.x,
      y: density.y,
      line: { color, width: 1.5, dash: "4px,3px" },
      hoverinfo: "skip",
    }];
  });
}

function picture(
  outlines: readonly Outline[],
  edges: readonly number[],
  facts: readonly string[],
): string {
  const lines = outlines.flatMap(({ name, fact, counted }) => [
    `${name}: ${asciiMinus(fact)}`,
    blockHistogram(counted.counts),
  ]);
  const ends = endsLine(edges[0], edges.at(-1)!, lines[1].length);
  return [...lines.map((line) => line.trimEnd()), ends, ...facts].join("\n");
}
