/**
 * Where the bins of a histogram begin and end: a stated rule, bounded.
 *
 * @module
 */

import { type Moments, moments, type Values } from "./moments.ts";
import { middleHalf } from "./quartiles.ts";

/** The edges of bins, and how they came about. */
export interface Bins {
  /** Rising edges: bin i is [edges[i], edges[i + 1]), the last one closed. */
  readonly edges: readonly number[];
  /** The rule in words: `Freedman–Diaconis, at most 100`. */
  readonly rule: string;
}

/** Options of {@linkcode chooseBins}. */
export interface BinOptions {
  /** The number of bins, in [1, 10000]. Default: by Freedman and Diaconis. */
  readonly bins?: number;
  /** The lowest and the highest edge. Default: all finite values. */
  readonly range?: readonly [number, number];
  /**
   * Whether the values are whole numbers: then edges lie halfway between them
   * and bins are whole numbers wide. Default: false.
   */
  readonly whole?: boolean;
  /** The samples' moments. Default: found here, in a pass over each. */
  readonly found?: readonly Moments[];
}

/** Few bins still show a shape; more than a hundred show noise. */
const fewest = 10;
const most = 100;

const rule = "Freedman–Diaconis";
const mostBins = { count: most, rule: `${rule}, at most ${most}` };

/** What a caller may ask for. */
const mostAsked = 10_000;

/**
 * Returns bins over all finite values of one or several samples.
 *
 * `width = 2·IQR / ∛n`, the smallest such width of the samples, then as many
 * equal bins as cover the range, at least 10 and at most 100. A range that is
 * one value gets one bin about it, a twentieth of the value to each side (0.5
 * about 0).
 *
 * @param samples The numbers; NaN and infinities are left out.
 * @param options The number of bins or the range, where the rule is not to
 * choose.
 * @throws {RangeError} If an option is not as stated, or the values lie
 * further apart than float64 reaches.
 * @see D. Freedman, P. Diaconis (1981), On the histogram as a density
 * estimator: L2 theory
 *
 * @example
 * ```ts
 * import { chooseBins } from "./bins.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(chooseBins([[0, 1, 4]], { bins: 4 }).edges, [0, 1, 2, 3, 4]);
 * assertEquals(chooseBins([[7, 7, 7]]).rule, "a single value");
 * ```
 */
export function chooseBins(
  samples: readonly Values[],
  options: BinOptions = {},
): Bins {
  checkBins(options);
  const { found = options.range ? [] : samples.map(moments) } = options;
  const range = options.range === undefined ? extent(found) : options.range;
  if (range === null) return { edges: [], rule: "no finite value" };
  const [low, high] = range;
  if (!Number.isFinite(high - low)) {
    throw new RangeError(
      `Cannot bin values as their range must be finite: current value is [${low}, ${high}]`,
    );
  }
  if (options.whole && Math.max(-low, high) < 2 ** 52) {
    return wholeBins(low, high, options.bins);
  }
  if (low === high) {
    const twentieth = Math.abs(low) / 20;
    const half = low - twentieth < low ? twentieth : 0.5;
    return { edges: [low - half, low + half], rule: "a single value" };
  }
  const { count, rule } = options.bins === undefined
    ? freedmanDiaconis(samples, range, options.range ? [] : found)
    : { count: options.bins, rule: "as asked" };
  return { edges: equalEdges(low, high, count), rule };
}

function checkBins({ bins, range }: BinOptions): void {
  if (
    bins !== undefined &&
    !(Number.isInteger(bins) && bins >= 1 && bins <= mostAsked)
  ) {
    throw new RangeError(
      `Cannot bin values as bins must be an integer in [1, ${mostAsked}]: current value is ${bins}`,
    );
  }
  if (
    range !== undefined &&
    !(range.length === 2 && range.every(Number.isFinite) && range[0] < range[1])
  ) {
    throw new RangeError(
      `Cannot bin values as range must be two finite numbers, the lower first: current value is [${
        range.join(", ")
      }]`,
    );
  }
}

/** The smallest and the largest finite value; null where there is none. */
function extent(found: readonly Moments[]): [number, number] | null {
  const finite = found.filter(({ count }) => count > 0);
  const low = finite.reduce((least, { min }) => Math.min(least, min), Infinity);
  const high = finite.reduce((most, { max }) => Math.max(most, max), -Infinity);
  return low <= high ? [low, high] : null;
}

/** How many bins; the moments tell it of large samples whose range it is. */
function freedmanDiaconis(
  samples: readonly Values[],
  [low, high]: readonly [number, number],
  found: readonly Moments[],
): { count: number; rule: string } {
  // The quartiles are at most the range apart: with so many values the width is
  // less than its hundredth wherever they lie.
  if (found.some(({ count }) => 2 / Math.cbrt(count) < 1 / most)) {
    return mostBins;
  }
  const widths = samples
    .map((values) => middleHalf(values, low, high))
    .filter(({ count }) => count > 0)
    .map(({ width, count }) => 2 * width / Math.cbrt(count));
  // An interquartile range of 0 asks for the most, no value for the fewest.
  const wanted = Math.ceil((high - low) / Math.min(...widths));
  if (wanted < fewest) {
    return { count: fewest, rule: `${rule}, at least ${fewest}` };
  }
  return wanted <= most ? { count: wanted, rule } : mostBins;
}

/** Equal bins, exact at both ends and symmetric about the middle. */
function equalEdges(low: number, high: number, count: number): number[] {
  const edges = Array.from(
    { length: count + 1 },
    (_, index) => low * ((count - index) / count) + high * (index / count),
  );
  // Where float64 has too few numbers in between, one bin holds them all.
  const rising = edges.every((edge, index) =>
    index === 0 || edge > edges[index - 1]
  );
  return rising ? edges : [low, high];
}

function wholeBins(low: number, high: number, bins: number = most): Bins {
  const first = Math.floor(low);
  const numbers = Math.ceil(high) - first + 1;
  const width = Math.ceil(numbers / bins);
  const count = Math.ceil(numbers / width);
  return {
    edges: Array.from(
      { length: count + 1 },
      (_, index) => first - 0.5 + index * width,
    ),
    rule: width === 1
      ? "one for each whole number"
      : `one for ${width} whole numbers`,
  };
}
