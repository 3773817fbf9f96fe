/**
 * Gathers data about a tensor in one read, part by part: moments, a histogram,
 * rows and columns, a sample of the values and a number of the bytes.
 *
 * @module
 */

import { dtypes } from "../../core/dtype.ts";
import { elementCount } from "../../core/shape.ts";
import type { Layout, TensorInfo } from "../../core/source.ts";
import { type Tensor, valuesOf } from "../../core/tensor.ts";
import { histogram } from "../../numerics/histogram.ts";
import {
  addMoments,
  type Moments,
  moments,
  noMoments,
  scaleFor,
  scales,
  type Values,
} from "../../numerics/moments.ts";
import { blockLength } from "../../random/torch/normal.ts";
import { bytesOf } from "../formats/bytes.ts";
import type { BinCounts } from "./result.ts";
import { DeadRows, Structure } from "./structure.ts";

/** The bins of a grid: as many as compiled code has room for. */
const binCount = 1024;

/** Multiples of 2^−20 of the largest value are exact in float32, as edges. */
const finest = 20;

/**
 * At most this many bins are shown, and more than half as many if there are
 * enough.
 */
const shown = 64;

/** No weight is larger, but memory that was never written may read so. */
const largestWeight = 1e30;

/** The ends of float32, bfloat16 and float64, as masks have them. */
const masks: readonly number[] = [
  (2 - 2 ** -23) * 2 ** 127,
  (2 - 2 ** -7) * 2 ** 127,
  Number.MAX_VALUE,
];

/** The number of blocks kept of a large tensor: 65,536 values. */
const mostBlocks = 4096;

/** The data gathered while reading a tensor. */
export class Gathered {
  /** The checkpoint's facts about it. */
  readonly info: TensorInfo;
  /** What the axes of weights stand for; undefined if that is not known. */
  readonly layout: Layout | undefined;
  /** A hash of its bytes. */
  readonly fingerprint: Fingerprint = new Fingerprint();
  /** Counts of its values. */
  readonly grid: Grid;
  /** Rows and columns; undefined for whole numbers and below rank 2. */
  readonly dead: DeadRows | undefined;
  /** Values that were kept; undefined for whole numbers. */
  readonly sample: Sample | undefined;
  /** Identities; undefined for whole numbers and below rank 2. */
  readonly structure: Structure | undefined;
  /** How many finite values are beyond 1e30, but no masks, and the farthest. */
  huge = { count: 0, farthest: 0 };
  /** The moments at each scale. */
  readonly #totals = scales.map(() => noMoments());
  #read = 0;

  /**
   * @param info The checkpoint's facts about the tensor.
   * @param layout What the axes of weights stand for; undefined if that is not
   * known.
   */
  constructor(info: TensorInfo, layout?: Layout) {
    this.info = info;
    this.layout = layout;
    const isFloat = dtypes[info.dtype].kind === "float";
    const count = elementCount(info.shape);
    const isMatrix = isFloat && info.shape.length >= 2 && count > 0;
    this.grid = new Grid(!isFloat);
    this.sample = isFloat ? new Sample(count) : undefined;
    // Where the outputs are the last axis, they are the columns.
    const [rows, columns] = layout === "hwio"
      ? [elementCount(info.shape.slice(0, -1)), info.shape.at(-1)!]
      : [info.shape[0], elementCount(info.shape.slice(1))];
    this.dead = isMatrix ? new DeadRows([rows, columns]) : undefined;
    this.structure = isMatrix ? new Structure(info.shape) : undefined;
  }

  /**
   * Takes the next part of the tensor.
   *
   * @param part Its elements, as a vector.
   */
  add(part: Tensor): void {
    this.fingerprint.add(bytesOf(part));
    if (dtypes[this.info.dtype].kind === "opaque") return;
    const values = valuesOf(part);
    const found = moments(values);
    scales.forEach((scale, index) =>
      addMoments(this.#totals[index], flat(found, scale))
    );
    this.grid.add(values, found);
    if (found.max > largestWeight || found.min < -largestWeight) {
      this.#countHuge(values);
    }
    this.sample?.add(values, this.#read);
    this.dead?.add(values);
    this.structure?.add(values, this.#read);
    this.#read += values.length;
  }

  #countHuge(values: Values): void {
    let { count, farthest } = this.huge;
    for (let index = 0; index < values.length; index++) {
      const size = Math.abs(values[index]);
      if (size > largestWeight && size < Infinity && !masks.includes(size)) {
        count++;
        if (size > Math.abs(farthest)) farthest = values[index];
      }
    }
    this.huge = { count, farthest };
  }

  /** Returns the moments of all values so far. */
  found(): Moments {
    const [count, zeros, , , min, max] = this.#totals[0];
    const scale = scaleFor(min, max);
    const [, , mean, squares] = this.#totals[scales.indexOf(scale)];
    return {
      count,
      nonFinite: this.#read - count,
      mean: count === 0 ? NaN : mean / scale,
      sampleStd: count < 2 ? NaN : Math.sqrt(squares / (count - 1)) / scale,
      min: count === 0 ? NaN : min,
      max: count === 0 ? NaN : max,
      zeroShare: zeros / count,
    };
  }
}

/**
 * Counts of values in bins that grow with their range, whatever that turns out to
 * be.
 *
 * Bins begin at multiples of their width, which is a power of two. If values
 * lie outside, the width doubles and pairs of bins merge. No count is ever
 * split, so the counts are exact.
 */
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
    if (count === 0) return;
    this.#cover(min, max);
    const width = 2 ** this.#exponent;
    const ends = [this.#first, this.#first + binCount];
    // For few values the edges would take longer than counting; and some may be
    // beyond the largest number.
    if (
      values.length < binCount ||
      !ends.every((end) => Number.isFinite(end * width))
    ) {
      for (let i = 0; i < values.length; i++) {
        if (!Number.isFinite(values[i])) continue;
        this.#counts[binOf(values[i], this.#exponent) - this.#first]++;
      }
      return;
    }
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
    const factor = 2 ** (this.#exponent - exponent);
    let [below, above] = [0, 0];
    for (let index = 0; index < binCount; index++) {
      const inBin = this.#counts[index];
      if (inBin === 0) continue;
      const bin = Math.floor((this.#first + index) * factor) - start;
      if (bin < 0) below += inBin;
      else if (bin >= counts.length) above += inBin;
      else counts[bin] += inBin;
    }
    const width = 2 ** exponent;
    return {
      start: startOf(start, width),
      width,
      counts,
      below,
      above,
    };
  }

  /**
   * Returns how many values surely lie beyond a distance from a place: those in
   * bins that lie entirely there.
   *
   * @param center The place.
   * @param distance The distance.
   */
  countBeyond(center: number, distance: number): number {
    const width = 2 ** this.#exponent;
    let count = 0;
    for (let index = 0; index < binCount; index++) {
      const left = (this.#first + index) * width;
      const beyond = left > center + distance ||
        left + width <= center - distance;
      if (beyond) count += this.#counts[index];
    }
    return count;
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
    // If all values are 0, any width will do.
    const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
    let exponent = Math.max(
      this.#finest,
      used === null ? -Infinity : this.#exponent,
      Math.ceil(Math.log2(size)) - finest,
      Math.ceil(Math.log2(high / (binCount / 2) - low / (binCount / 2))),
    );
    while (binOf(high, exponent) - binOf(low, exponent) >= binCount) exponent++;
    const middle = (binOf(low, exponent) + binOf(high, exponent)) / 2;
    this.#move(exponent, Math.round(middle) - binCount / 2);
  }

  /** The range of the bins that have a value; null if none has. */
  #used(): [number, number] | null {
    if (Number.isNaN(this.#exponent)) return null;
    let [from, to] = [0, binCount - 1];
    while (this.#counts[from] === 0) from++;
    while (this.#counts[to] === 0) to--;
    const width = 2 ** this.#exponent;
    return [startOf(this.#first + from, width), (this.#first + to) * width];
  }

  #move(exponent: number, first: number): void {
    const isEmpty = Number.isNaN(this.#exponent);
    const counts = isEmpty ? this.#counts : new Float64Array(binCount);
    const factor = 2 ** (this.#exponent - exponent);
    if (!isEmpty) {
      this.#counts.forEach((inBin, index) => {
        if (inBin === 0) return;
        counts[Math.floor((this.#first + index) * factor) - first] += inBin;
      });
    }
    this.#counts = counts;
    this.#exponent = exponent;
    this.#first = first;
  }
}

/** What is kept of one tensor. */
export class Sample {
  /** The values that are kept. */
  readonly values: Float64Array;
  /** Where blocks that were drawn together begin in them. */
  readonly blocks: readonly number[];
  /** Where in the tensor they come from: stretches, in order. */
  readonly #starts: readonly number[];
  readonly #length: number;
  #next = 0;

  /**
   * @param count How many elements the tensor has.
   */
  constructor(count: number) {
    const starts = blocksOf(count);
    const isWhole = count <= mostBlocks * blockLength;
    this.#starts = isWhole ? [0] : starts;
    this.#length = isWhole ? count : blockLength;
    this.values = new Float64Array(this.#starts.length * this.#length);
    this.blocks = isWhole ? starts : starts.map((_, nth) => nth * blockLength);
  }

  /**
   * Keeps a sample of the next values.
   *
   * @param values The values.
   * @param offset Which element of the tensor the first is.
   */
  add(values: Values, offset: number): void {
    const end = offset + values.length;
    for (let nth = this.#next; nth < this.#starts.length; nth++) {
      const start = this.#starts[nth];
      if (start >= end) break;
      const last = Math.min(start + this.#length, end);
      for (let index = Math.max(start, offset); index < last; index++) {
        this.values[nth * this.#length + index - start] =
          values[index - offset];
      }
      if (start + this.#length <= end) this.#next = nth + 1;
    }
  }
}

/** Mixes bytes into 64 bits, part by part. */
class Fingerprint {
  #a = 0x9e3779b9 | 0;
  #b = 0x85ebca6b | 0;

  /**
   * Takes the next bytes.
   *
   * @param bytes The bytes; a multiple of 4 but for the last ones.
   */
  add(bytes: Uint8Array): void {
    const whole = bytes.length - bytes.length % 4;
    const words = bytes.byteOffset % 4 === 0
      ? new Int32Array(bytes.buffer, bytes.byteOffset, whole / 4)
      : new Int32Array(bytes.slice(0, whole).buffer);
    let [a, b] = [this.#a, this.#b];
    // Each word enters both halves, which turn and multiply differently.
    for (let index = 0; index < words.length; index++) {
      const word = words[index];
      a = Math.imul(a ^ word, 0x5bd1e995);
      b = Math.imul((b << 13 | b >>> 19) + word | 0, 0x1b873593);
      a ^= a >>> 15;
    }
    for (let index = whole; index < bytes.length; index++) {
      a = Math.imul(a ^ bytes[index], 0x01000193);
      b = Math.imul(b + bytes[index] | 0, 0x01000193);
    }
    this.#a = a;
    this.#b = b;
  }

  /** Returns the hash as text. */
  toString(): string {
    return `${(this.#a >>> 0).toString(16)}-${(this.#b >>> 0).toString(16)}`;
  }
}

/** The moments of values times a scale, in the form in which blocks keep them. */
function flat(found: Moments, scale: number): Float64Array {
  const { count, zeroShare, mean, sampleStd, min, max } = found;
  if (count === 0) return noMoments();
  const squares = count < 2 ? 0 : (sampleStd * scale) ** 2 * (count - 1);
  return Float64Array.of(
    count,
    Math.round(zeroShare * count),
    mean * scale,
    squares,
    min,
    max,
  );
}

/** The bin of a value, in multiples of the width from 0. */
function binOf(value: number, exponent: number): number {
  const bin = Math.floor(value / 2 ** exponent);
  // The quotient may be too small for a number.
  return bin === 0 && value < 0 ? -1 : bin;
}

/** Where a bin begins that has a value; it may reach below float64's range. */
function startOf(bin: number, width: number): number {
  return Math.max(-Number.MAX_VALUE, bin * width);
}

/** Where the blocks that were not redrawn begin. */
function blocksOf(count: number): number[] {
  const whole = Math.floor(count / blockLength);
  if (whole === 0) return [];
  // The last block is redrawn and overlaps the one before it.
  const isWhole = count % blockLength === 0;
  const clean = isWhole ? whole : whole - 1;
  const kept = Math.min(clean, mostBlocks);
  const starts = Array.from(
    { length: kept },
    (_, nth) => Math.floor(nth * clean / kept) * blockLength,
  );
  return isWhole ? starts : [...starts, count - blockLength];
}
