/**
 * Histograms: chooses bins by a stated rule, and counts the values in each.
 *
 * @module
 */

import { cannot, describe } from "../core/options.ts";
import { countBlocks, readerOf } from "./kernels/statistics.ts";
import { type Moments, moments, type Values } from "./moments.ts";

/** The edges of bins, and how they came about. */
export interface Bins {
  /** Rising edges: bin i is [edges[i], edges[i + 1]), the last one closed. */
  readonly edges: readonly number[];
  /** The rule in words: `Freedman–Diaconis, at most 100`. */
  readonly rule: string;
}

/** Options of {@linkcode chooseBins}. */
interface BinOptions {
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

/**
 * The result of {@linkcode histogram}.
 *
 * @internal
 */
export interface Histogram {
  /** The edges it was given. */
  readonly edges: readonly number[];
  /** How many values lie in each bin. */
  readonly counts: readonly number[];
  /** Each bin's share of the finite values, divided by the bin's width. */
  readonly densities: readonly number[];
  /** How many values are finite, inside the edges or not. */
  readonly count: number;
  /** How many finite values lie below the first or above the last edge. */
  readonly outside: number;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
}

/** The result of {@linkcode middleHalf}. */
interface MiddleHalf {
  /** The upper quartile less the lower; NaN where no value is in range. */
  readonly width: number;
  /** How many values are in range. */
  readonly count: number;
}

/** Few bins still show a shape; more than a hundred show noise. */
const fewestBins = 10;
const mostBins = 100;

const rule = "Freedman–Diaconis";
const cappedBins = { count: mostBins, rule: `${rule}, at most ${mostBins}` };

/** The most bins that a caller may ask for. */
const mostAskedBins = 10_000;

/** The number of equal cells in the range; one cell is the accuracy. */
const cellCount = 65_536;

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
 * import { chooseBins } from "./histogram.ts";
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
      cannot("bin values", "their range must be finite", `[${low}, ${high}]`),
    );
  }
  // Larger whole numbers have no halves between them.
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

/**
 * Returns how many values lie in each bin, and the density there:
 * `density = count / (n · width)` with n all finite values, so that bars over
 * the whole range have an area of 1.
 *
 * @param values The numbers; NaN and infinities are left out and counted.
 * @param edges Rising edges; bin i is [edges[i], edges[i + 1]), the last one
 * closed. Fast where the bins are of one width.
 * @throws {RangeError} If the edges do not rise.
 *
 * @example
 * ```ts
 * import { histogram } from "./histogram.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { counts, densities, outside } = histogram([0, 1, 1.5, 4, 5], [0, 1, 2, 4]);
 * assertEquals(counts, [1, 2, 1]);
 * assertEquals(densities, [0.2, 0.4, 0.1]);
 * assertEquals(outside, 1);
 * ```
 */
export function histogram(
  values: Values,
  edges: readonly number[],
): Histogram {
  if (edges.some((edge, index) => index > 0 && !(edge > edges[index - 1]))) {
    throw new RangeError(
      cannot("count values", "the edges must rise", `[${edges.join(", ")}]`),
    );
  }
  const tally = countValues(values, edges);
  const [outside, nonFinite] = tally.subarray(-2);
  const count = values.length - nonFinite;
  const counts = Array.from(tally.subarray(0, -2));
  const densities = counts.map((inBin, bin) =>
    inBin / (count * (edges[bin + 1] - edges[bin]))
  );
  return { edges, counts, densities, count, outside, nonFinite };
}

/**
 * Checks the range of a histogram.
 *
 * @param action What is being done, for the error message.
 * @param range The range; undefined where it is left to the values.
 * @throws {RangeError} If it is not two finite numbers, the lower first.
 */
export function checkRange(action: string, range: unknown): void {
  if (range === undefined) return;
  const [low, high, ...more] = Array.isArray(range) ? range : [];
  const finite = [low, high, high - low].every(Number.isFinite);
  if (!finite || low >= high || more.length > 0) {
    throw new RangeError(
      cannot(
        action,
        "range must be two finite numbers, the lower first",
        describe(range),
      ),
    );
  }
}

/**
 * Returns the interquartile range of the values in [low, high], each quartile
 * to 1/65,536 of `high − low`, and their number.
 *
 * One pass counts the values in 65,536 equal cells; the quartiles are read
 * from the counts, at the rank (n − 1)·q and between two ranks in proportion,
 * as NumPy's default does. A cell's values are taken as evenly spread.
 *
 * @param values The numbers; those outside the interval are left out.
 * @param low The lower end of the range.
 * @param high The upper end, above `low`.
 *
 * @example
 * ```ts
 * import { middleHalf } from "./histogram.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const values = Float64Array.from({ length: 101 }, (_, index) => index);
 * assertAlmostEquals(middleHalf(values, 0, 100).width, 50, 0.01);
 * ```
 */
export function middleHalf(
  values: Values,
  low: number,
  high: number,
): MiddleHalf {
  const cells = countCells(values, low, high);
  const count = cells.reduce((sum, inCell) => sum + inCell, 0);
  const quantile = (share: number) => {
    const rank = (count - 1) * share;
    const below = Math.floor(rank);
    const lower = valueAtRank(cells, below);
    const upper = valueAtRank(cells, Math.ceil(rank));
    return lower + (rank - below) * (upper - lower);
  };
  const width = (quantile(0.75) - quantile(0.25)) / cellCount * (high - low);
  return { width, count };
}

function checkBins({ bins, range }: BinOptions): void {
  if (
    bins !== undefined &&
    !(Number.isInteger(bins) && bins >= 1 && bins <= mostAskedBins)
  ) {
    throw new RangeError(
      cannot(
        "bin values",
        `bins must be an integer in [1, ${mostAskedBins}]`,
        bins,
      ),
    );
  }
  checkRange("bin values", range);
}

/** The smallest and the largest finite value; null where there is none. */
function extent(found: readonly Moments[]): [number, number] | null {
  const finite = found.filter(({ count }) => count > 0);
  const low = finite.reduce((least, { min }) => Math.min(least, min), Infinity);
  const high = finite.reduce((most, { max }) => Math.max(most, max), -Infinity);
  return low <= high ? [low, high] : null;
}

/** Returns how many bins; for large samples the moments of the range suffice. */
function freedmanDiaconis(
  samples: readonly Values[],
  [low, high]: readonly [number, number],
  found: readonly Moments[],
): { count: number; rule: string } {
  // The quartiles are at most the range apart: with so many values the width is
  // less than its hundredth wherever they lie.
  if (found.some(({ count }) => 2 / Math.cbrt(count) < 1 / mostBins)) {
    return cappedBins;
  }
  const widths = samples
    .map((values) => middleHalf(values, low, high))
    .filter(({ count }) => count > 0)
    .map(({ width, count }) => 2 * width / Math.cbrt(count));
  // An interquartile range of 0 asks for the most, no value for the fewest.
  const wanted = Math.ceil((high - low) / Math.min(...widths));
  if (wanted < fewestBins) {
    return { count: fewestBins, rule: `${rule}, at least ${fewestBins}` };
  }
  return wanted <= mostBins ? { count: wanted, rule } : cappedBins;
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

function wholeBins(low: number, high: number, bins: number = mostBins): Bins {
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

/** Counts values by cell, without making an object. */
function countCells(values: Values, low: number, high: number): Uint32Array {
  const cells = new Uint32Array(cellCount + 1);
  const span = high - low;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    // `| 0` cuts the fraction off in half the time of Math.floor.
    if (value >= low && value <= high) {
      cells[(value - low) / span * cellCount | 0]++;
    }
  }
  // The upper end lies in the last cell.
  cells[cellCount - 1] += cells[cellCount];
  return cells.subarray(0, cellCount);
}

/** The value with so many values below it, in cells from the lower end. */
function valueAtRank(cells: Uint32Array, rank: number): number {
  let before = 0;
  let cell = 0;
  while (cell < cells.length - 1 && before + cells[cell] <= rank) {
    before += cells[cell++];
  }
  return cell + (rank - before + 0.5) / cells[cell];
}

/** Counts by bin, then of what is outside and of what is not finite. */
function countValues(values: Values, edges: readonly number[]): Float64Array {
  const bins = Math.max(0, edges.length - 1);
  const tally = new Float64Array(bins + 2);
  const reader = readerOf(values);
  const counted = reader === undefined ? 0 : countBlocks(reader, edges, tally);
  const low = edges[0];
  const high = edges[bins];
  for (let index = counted; index < values.length; index++) {
    const value = values[index];
    if (value - value !== 0) {
      tally[bins + 1]++;
    } else if (!(value >= low && value <= high)) {
      tally[bins]++;
    } else {
      // A guess by division, then to the right side of the edges as they are.
      let bin = Math.min(
        bins - 1,
        Math.floor((value - low) / (high - low) * bins),
      );
      while (value < edges[bin]) bin--;
      while (bin < bins - 1 && value >= edges[bin + 1]) bin++;
      tally[bin]++;
    }
  }
  return tally;
}
