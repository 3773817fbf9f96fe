/**
 * Divides the work among threads: steps into groups that one generator draws,
 * and a group's fills into shares that take equal time.
 *
 * @module
 */

import type { DataOf, FloatDtype } from "../core/dtype.ts";
import { type Step, storageOf, type Stored } from "../core/recording.ts";
import type { Shape } from "../core/shape.ts";
import type { Normal, Uniform } from "../random/distribution.ts";
import { Fill } from "../random/generator.ts";
import { wordsOf } from "../random/torch/draw.ts";
import { Generator } from "../random/torch/generator.ts";
import { cutBelow, type Part, type Piece } from "./pieces.ts";

/** The share of one thread: parts in order. */
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

/** One fill of a group. */
interface GroupFill {
  /** The fill. */
  readonly fill: Fill;
  /** The words that it draws. */
  readonly words: number;
  /** Whether a later fill of the group writes over all of it. */
  isLost: boolean;
}

/** Consecutive steps of the list. */
export interface Group {
  /** All of them. */
  readonly steps: Step[];
  /** Fills from one generator, which can be cut anywhere. */
  readonly fills: GroupFill[];
  /** That generator; undefined where there are no fills. */
  readonly generator: Generator | undefined;
  /** Steps that run after the fills, in order. */
  readonly after: Step[];
}

/**
 * Times for an element in float32, in nanoseconds; only their ratios matter.
 */
const uniformTime = 0.7;
const normalTime = 2.2;
const doubleTime = 12;
/** The calling thread's time to copy 4 bytes that another one made. */
const copyTime = 0.3;
/** Its time for the first access to 4 bytes of fresh memory. */
const touchTime = 1;
/** The time that another thread takes to jump to its place. */
const jumpTime = 4e5;

/**
 * Returns the steps in groups, in order.
 *
 * A group holds fills from one generator with known numbers of words. Steps
 * that draw nothing may come in between; they run after all fills, provided
 * that no later fill writes what they touch. Any other step is a group of its
 * own.
 *
 * @param steps The steps.
 */
export function groupsOf(steps: readonly Step[]): Group[] {
  const groups: Group[] = [];
  let open: OpenGroup | undefined;
  for (const step of steps) {
    if (open === undefined || !open.takes(step)) {
      open = new OpenGroup();
      groups.push(open);
    }
    open.add(step);
  }
  return groups;
}

/**
 * Cuts fills into shares. The first is for the calling thread. It is smaller if
 * that thread has to copy what the others made.
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
 * Returns the words from the end of the piece before to the end of a piece.
 *
 * @param piece The piece.
 * @param part Its part.
 */
export function wordsUpTo(
  { start, count }: Piece,
  { distribution, dtype, before }: Part,
): number {
  return (start === 0 ? before : 0) + wordsOf(distribution, dtype, count)!;
}

/** A group that still takes steps. */
class OpenGroup implements Group {
  readonly steps: Step[] = [];
  readonly fills: GroupFill[] = [];
  readonly after: Step[] = [];
  generator: Generator | undefined;
  /** The last fill of each storage. */
  readonly #filled = new Map<ArrayBufferLike, GroupFill>();
  /** Storage that the steps after the fills touch. */
  readonly #touched = new Set<ArrayBufferLike>();

  /** Whether a step can be in the group with those before. */
  takes(step: Step): boolean {
    if (this.after.some(({ draws }) => draws)) return false;
    if (!step.draws) return true;
    if (!(step instanceof Fill) || divisible(step) === undefined) return false;
    if (this.fills.length > 0 && this.generator !== step.generator) {
      return false;
    }
    const buffer = bufferOf(step.tensor);
    const last = this.#filled.get(buffer);
    return !this.#touched.has(buffer) &&
      (last === undefined || isSameStorage(last.fill.tensor, step.tensor));
  }

  /** Adds a step, the first or one that the group takes. */
  add(step: Step): void {
    this.steps.push(step);
    const words = step instanceof Fill ? divisible(step) : undefined;
    if (step instanceof Fill && words !== undefined) {
      this.generator = step.generator as Generator;
      const buffer = bufferOf(step.tensor);
      const last = this.#filled.get(buffer);
      if (last !== undefined) last.isLost = true;
      const added = { fill: step, words, isLost: false };
      this.#filled.set(buffer, added);
      this.fills.push(added);
      return;
    }
    this.after.push(step);
    for (const tensor of step.tensors) this.#touched.add(bufferOf(tensor));
  }
}

function bufferOf(tensor: Stored): ArrayBufferLike {
  return storageOf(tensor).buffer;
}

function isSameStorage(one: Stored, other: Stored): boolean {
  const [a, b] = [storageOf(one), storageOf(other)];
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset &&
    a.byteLength === b.byteLength;
}

/**
 * Returns the words of a fill that can be split anywhere; undefined for others.
 */
function divisible(
  { tensor, distribution, generator }: Fill,
): number | undefined {
  const { kind } = distribution;
  if (kind !== "uniform" && kind !== "normal") return undefined;
  // A subclass may fill differently.
  const isTorchs = generator !== undefined &&
    Object.getPrototypeOf(generator) === Generator.prototype;
  return isTorchs
    ? wordsOf(distribution, tensor.dtype, storageOf(tensor).length)
    : undefined;
}

/** Returns how many times 4 bytes a fill makes. */
function quartersOf({ tensor }: Fill): number {
  return storageOf(tensor).byteLength / 4;
}

/**
 * Returns the calling thread's part of the work, with which it ends when the
 * others do.
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

/** Makes shares in order. */
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

  /** Adds the elements up to a place to the share. */
  take({ distribution, tensor }: Fill, end: number): void {
    const { dtype } = tensor;
    const storage = storageOf(tensor);
    const start = this.#taken;
    if (end <= start) return;
    const drawn = distribution as Uniform | Normal;
    const words = (count: number) => wordsOf(drawn, dtype, count)!;
    const share = this.shares.at(-1)!;
    const from = this.#words + words(start);
    if (share.parts.length === 0) share.offset = share.end = from;
    const before = from - share.end;
    share.parts.push({
      distribution: drawn,
      dtype,
      count: end - start,
      before,
    });
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
