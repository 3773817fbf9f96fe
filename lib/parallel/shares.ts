/**
 * The fills of a group, cut into shares that take the same time.
 *
 * @module
 */

import type { Shape } from "../core/shape.ts";
import type { DataOf, FloatDtype } from "../core/dtype.ts";
import { storageOf } from "../core/recording.ts";
import type { Fill } from "../random/generator.ts";
import { wordsOf } from "../random/torch/draw.ts";
import type { GroupFill } from "./groups.ts";
import { cutBelow, type Part } from "./part.ts";

/** What one thread fills: parts in order. */
export interface Share {
  /** Words of the group before its first part. */
  readonly offset: number;
  /** Words of the group up to the end of its last part. */
  readonly end: number;
  /** The parts. */
  readonly parts: Part[];
  /** Where they lie, one for each. */
  readonly targets: DataOf<FloatDtype>[];
  /** The shapes of their tensors. */
  readonly shapes: Shape[];
}

/** Times for an element in float32, in nanoseconds; the ratios are what counts. */
const uniformTime = 0.7;
const normalTime = 2.2;
const doubleTime = 12;
/** The calling thread's time to copy 4 bytes that another one made. */
const copyTime = 0.3;
/** Its time for the first touch of 4 bytes, which the system hands out. */
const touchTime = 1;
/** The time in which another thread jumps to its place. */
const jumpTime = 4e5;

/**
 * Returns the time that one thread needs for a fill, in nanoseconds: an
 * estimate.
 *
 * @param fill The fill.
 */
export function timeOf({ distribution, tensor }: Fill): number {
  const { dtype } = tensor;
  const each = dtype === "float64"
    ? doubleTime
    : distribution.kind === "normal"
    ? normalTime
    : uniformTime;
  return each * storageOf(tensor).length;
}

/**
 * Cuts fills into shares. The first is for the calling thread. It is smaller
 * where that has to copy what the others made.
 *
 * @param fills The fills of a group.
 * @param threads The number of shares, at least 1. A share may be without parts.
 * @param isShared Whether other threads write to the tensors themselves.
 */
export function sharesOf(
  fills: readonly GroupFill[],
  threads: number,
  isShared: boolean,
): Share[] {
  const kept = fills.filter(({ isLost }) => !isLost);
  const sum = (time: (fill: Fill) => number) =>
    kept.reduce((total, { fill }) => total + time(fill), 0);
  const own = ownPart(threads - 1, sum(timeOf), sum(quartersOf), isShared);
  const ends = Array.from(
    { length: threads - 1 },
    (_, i) => sum(timeOf) * (own + (1 - own) * i / (threads - 1)),
  );
  const cutter = new Cutter();
  let time = 0;
  for (const { fill, words, isLost } of fills) {
    if (!isLost) {
      const whole = timeOf(fill);
      const { length } = storageOf(fill.tensor);
      while (whole > 0 && ends.length > 0 && ends[0] <= time + whole) {
        const place = Math.round((ends.shift()! - time) / whole * length);
        cutter.take(fill, cutBelow(length, Math.max(0, place)));
        cutter.next();
      }
      cutter.take(fill, length);
      time += whole;
    }
    cutter.pass(words);
  }
  ends.forEach(() => cutter.next());
  return cutter.shares;
}

/** Returns how many times 4 bytes a fill makes. */
function quartersOf({ tensor }: Fill): number {
  return storageOf(tensor).byteLength / 4;
}

/**
 * Returns the part of the work after which the calling thread is ready when the
 * others are.
 *
 * @param others How many they are.
 * @param fill The time of all fills in one thread.
 * @param quarters How many times 4 bytes they make.
 * @param isShared Whether the others write to the tensors themselves.
 */
function ownPart(
  others: number,
  fill: number,
  quarters: number,
  isShared: boolean,
): number {
  const touch = touchTime * quarters;
  const jump = Math.min(jumpTime, fill / 4);
  if (isShared) {
    // own * all = (1 - own) * all / others + jump
    const all = fill + touch;
    return all === 0 ? 0 : (all / others + jump) / (all / others + all);
  }
  // touch + own * fill + (1 - own) * copy = (1 - own) * fill / others + jump
  const each = fill / others - copyTime * quarters;
  return Math.max(0, (each - touch + jump) / (fill + each)) || 0;
}

/** Makes shares, one after the other. */
class Cutter {
  readonly shares: (Share & { offset: number; end: number })[] = [];
  /** Words before the fill that is cut. */
  #words = 0;
  /** Elements of the fill that were taken. */
  #taken = 0;

  /** Begins with the first share. */
  constructor() {
    this.next();
  }

  /** Takes the elements up to a place for the share. */
  take({ distribution, tensor }: Fill, end: number): void {
    const { dtype } = tensor;
    const storage = storageOf(tensor);
    const start = this.#taken;
    if (end <= start) return;
    const words = (count: number) => wordsOf(distribution, dtype, count)!;
    const share = this.shares.at(-1)!;
    const from = this.#words + words(start);
    if (share.parts.length === 0) share.offset = share.end = from;
    const before = from - share.end;
    share.parts.push({ distribution, dtype, count: end - start, before });
    share.targets.push(storage.subarray(start, end) as DataOf<FloatDtype>);
    share.shapes.push(tensor.shape);
    this.#taken = end;
    share.end = this.#words + words(end);
  }

  /** Ends a fill that draws so many words. */
  pass(words: number): void {
    this.#words += words;
    this.#taken = 0;
  }

  /** Begins another share. */
  next(): void {
    const offset = this.#words;
    this.shares.push({
      offset,
      end: offset,
      parts: [],
      targets: [],
      shapes: [],
    });
  }
}
