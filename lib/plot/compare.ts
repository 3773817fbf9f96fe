/**
 * Several weights on one axis, each with the density it was drawn from.
 *
 * @module
 */

import { formatCount } from "../core/format.ts";
import { cannot, describe, isPlain, quoted } from "../core/options.ts";
import { checkAlone, type Checkpoint, type Source } from "../core/source.ts";
import { Tensor } from "../core/tensor.ts";
import { chooseBins, histogram } from "../numerics/histogram.ts";
import { Figure } from "./figure.ts";
import { type Outline, outlineTraces } from "./histogram.ts";
import {
  densityAxis,
  densityMargin,
  type FigureOptions,
  figureOptions,
  headroom,
  padded,
  pageLayout,
  palette,
  size,
  valueAxis,
} from "./page.ts";
import { asciiMinus, blockHistogram, endsLine } from "./text.ts";
import { type Sample, sampled } from "./sample.ts";
import { densityOf, readTheory, stdFact } from "./theory.ts";

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
  const { bins, range, theory, width = size.width } = given;
  const whole = samples.every(({ sample }) => sample.whole);
  const values = samples.map(({ sample }) => sample.values);
  const found = samples.map(({ sample }) => sample.found);
  const { edges, rule } = chooseBins(values, { bins, range, whole, found });
  const outlines = samples.map(({ name, sample }) =>
    outlineOf(name, sample, edges, theory)
  );
  const title = given.title ??
    (outlines.length === 1
      ? "1 weight"
      : `${outlines.length} weights compared`);
  const binned = `${edges.length - 1} shared bins (${rule})`;
  const dashed = outlines.some(({ density }) => density !== null)
    ? " · dashed: expected density"
    : "";
  const top = headroom(outlines.flatMap(({ counted, density }) => [
    ...counted.densities,
    ...density?.y ?? [],
  ]));
  const margin = densityMargin(top);
  const page = pageLayout({
    title,
    facts: [binned + dashed],
    legendRows: outlines.length,
    width,
    height: given.height,
    plotHeight,
    margin,
  });
  const room = width - margin.l - margin.r;
  const lines = outlines.map(({ name, fact }) => `${name}: ${fact}`);
  return new Figure({
    title,
    data: outlineTraces(outlines, room),
    layout: {
      ...page,
      legend: { ...page.legend, tracegroupgap: 0 },
      hovermode: "closest",
      xaxis: valueAxis(
        "value",
        padded([
          ...edges,
          ...outlines.flatMap(({ density }) => density?.x ?? []),
        ]),
      ),
      yaxis: densityAxis(top),
    },
    description: `Histograms on one axis, ${binned}. ${lines.join(". ")}.`,
    text: picture(title, outlines, binned),
  });
}

function outlineOf(
  name: string,
  { tensor, values, found }: Sample,
  edges: readonly number[],
  theory: boolean,
): Outline {
  const known = theory ? readTheory(action, tensor, undefined) : null;
  const counted = histogram(values, edges);
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
  return { name, counted, density, fact: notes.join(", ") };
}

function picture(
  title: string,
  outlines: readonly Outline[],
  binned: string,
): string {
  const lines = outlines.flatMap(({ name, fact, counted }) => [
    `${name}: ${asciiMinus(fact)}`,
    blockHistogram(counted.counts),
  ]);
  const { edges } = outlines[0].counted;
  const ends = endsLine(edges[0], edges.at(-1)!, lines[1].length);
  return [title, ...lines.map((line) => line.trimEnd()), ends, binned].join(
    "\n",
  );
}
