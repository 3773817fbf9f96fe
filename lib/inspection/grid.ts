/**
 * A histogram in one read, whatever the range of the values turns out to be.
 *
 * Bins begin at multiples of their width, which is a power of two. Where values
 * lie outside, the width doubles, and each two bins become one: no count is ever
 * split, so the counts are exact.
 *
 * @module
 */

import { histogram } from "../statistics/histogram.ts";
import type { Moments, Values } from "../statistics/moments.ts";
import type { BinCounts } from "./result.ts";

/** What compiled code has room for. */
const binCount = 1024;

/** Multiples of 2^−20 of the largest value are exact in float32, as edges. */
const finest = 20;

/** So many bins at most are shown, and more than half as many where there are. */
const shown = 64;

/** Counts of values in bins that grow with their range. */
export class Grid {
  /** The base-2 logarithm of the width; NaN before the first value. */
  #exponent = NaN;
  /** Which multiple of the width the first bin begins at. */
  #first = 0;
  #counts = new Float64Array(binCount);
  readonly #finest: number;

  /**
   * @param whole Whether values are whole numbers: a bin is then at least 1 wide.
   */
  constructor(whole: boolean) {
    this.#finest = whole ? 0 : -1020;
  }

  /**
   * Counts values.
   *
   * @param values The numbers; NaN and infinities are left out.
   * @param found Their moments.
   */
  add(values: Values, { count, min, max }: Moments): void {
    if (count === 0 || !Number.isFinite(max - min)) return;
    this.#cover(min, max);
    const width = 2 ** this.#exponent;
    const edges = Array.from(
      { length: binCount + 1 },
      (_, index) => (this.#first + index) * width,
    );
    histogram(values, edges).counts.forEach((inBin, bin) =>
      this.#counts[bin] += inBin
    );
  }

  /**
   * Returns the counts between two values, in at most 64 bins.
   *
   * @param low The lower end.
   * @param high The upper end, not below the lower.
   */
  between(low: number, high: number): BinCounts | null {
    if (Number.isNaN(this.#exponent)) return null;
    let exponent = this.#exponent;
    while (binOf(high, exponent) - binOf(low, exponent) >= shown) exponent++;
    const start = binOf(low, exponent);
    const counts = new Array<number>(binOf(high, exponent) - start + 1).fill(0);
    let [below, above] = [0, 0];
    this.#counts.forEach((inBin, index) => {
      const bin = Math.floor(
        (this.#first + index) * 2 ** (this.#exponent - exponent),
      ) - start;
      if (bin < 0) below += inBin;
      else if (bin >= counts.length) above += inBin;
      else counts[bin] += inBin;
    });
    const width = 2 ** exponent;
    return { start: start * width, width, counts, below, above };
  }

  /**
   * Returns how many values are surely beyond a distance from a place: those in
   * the bins that lie there as a whole.
   *
   * @param centre The place.
   * @param distance The distance.
   */
  countBeyond(centre: number, distance: number): number {
    const width = 2 ** this.#exponent;
    return this.#counts.reduce((sum, inBin, index) => {
      const left = (this.#first + index) * width;
      const beyond = left > centre + distance ||
        left + width <= centre - distance;
      return beyond ? sum + inBin : sum;
    }, 0);
  }

  /** Widens or moves the bins until they hold a range and all that was counted. */
  #cover(min: number, max: number): void {
    const used = this.#used();
    const low = used === null ? min : Math.min(min, used[0]);
    const high = used === null ? max : Math.max(max, used[1]);
    const last = this.#first + binCount - 1;
    if (
      binOf(low, this.#exponent) >= this.#first &&
      binOf(high, this.#exponent) <= last
    ) return;
    // Where all values are 0, any size will do.
    const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
    let exponent = Math.max(
      this.#finest,
      used === null ? -Infinity : this.#exponent,
      Math.ceil(Math.log2(size)) - finest,
      Math.ceil(Math.log2((high - low) / (binCount / 2))),
    );
    while (binOf(high, exponent) - binOf(low, exponent) >= binCount) exponent++;
    const middle = (binOf(low, exponent) + binOf(high, exponent)) / 2;
    this.#move(exponent, Math.round(middle) - binCount / 2);
  }

  /** The range of the bins that have a value; null where none has. */
  #used(): [number, number] | null {
    const from = this.#counts.findIndex((inBin) => inBin > 0);
    if (from === -1) return null;
    const to = this.#counts.findLastIndex((inBin) => inBin > 0);
    const width = 2 ** this.#exponent;
    return [(this.#first + from) * width, (this.#first + to) * width];
  }

  #move(exponent: number, first: number): void {
    const counts = new Float64Array(binCount);
    const factor = 2 ** (this.#exponent - exponent);
    this.#counts.forEach((inBin, index) => {
      if (inBin === 0) return;
      counts[Math.floor((this.#first + index) * factor) - first] += inBin;
    });
    this.#counts = counts;
    this.#exponent = exponent;
    this.#first = first;
  }
}

/** The bin of a value, in multiples of the width from 0. */
function binOf(value: number, exponent: number): number {
  return Math.floor(value / 2 ** exponent);
}
