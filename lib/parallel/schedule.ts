/**
 * Divides the work among threads: steps into groups that one generator draws, a
 * group's fills into shares that take equal time, and shares into pieces that
 * fit a buffer.
 *
 * @module
 */

import { type DataOf, dtypes, type FloatDtype } from "../core/dtype.ts";
import { type Step, storageOf, type Stored } from "../core/recording.ts";
import type { Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import type { Distribution } from "../random/distribution.ts";
import {
  type AnyGenerator,
  Fill,
  type SeekableGenerator,
} from "../random/generator.ts";
import { Generator } from "../random/torch/generator.ts";

/** A range of a tensor's elements. */
export interface Part {
  /** What is drawn. */
  readonly distribution: Distribution;
  /** The tensor's dtype. */
  readonly dtype: FloatDtype;
  /** How many elements; a multiple of 16 unless the tensor ends with them. */
  readonly count: number;
  /** Words to skip before it. */
  readonly before: number;
}

/** Elements of a part that lie in one buffer. */
export interface Piece {
  /** The part's place in the list. */
  readonly part: number;
  /** The first element, counted in the part. */
  readonly start: number;
  /** How many. */
  readonly count: number;
  /** Where they lie in the buffer, in bytes. */
  readonly offset: number;
}

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
  readonly generator: SeekableGenerator | undefined;
  /** Steps that run after the fills, in order. */
  readonly after: Step[];
}

/**
 * The generators that a worker can make from a state, since it has their code.
 */
const held: readonly unknown[] = [Generator.prototype];

/** Normals are made of 16 uniforms, and the last 16 may be made anew. */
const unit = 16;

/**
 * Times for an element in float32, in nanoseconds; only their ratios matter.
 */
const uniformTime = 0.7;
const normalTime = 2.2;
const doubleTime = 12;
/** The calling thread's time to copy 4 bytes that another one made. */
const copyTime = 0.3;
/** Its time for the first access to 4 new bytes of the system. */
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
 * Divides parts into pieces that each fit a buffer.
 *
 * @param parts The parts, in order.
 * @param capacity The size of a buffer in bytes, room for 32 elements at least.
 */
export function* packed(
  parts: readonly Part[],
  capacity: number,
): IterableIterator<Piece[]> {
  let pieces: Piece[] = [];
  let offset = 0;
  for (const [part, { count, dtype }] of parts.entries()) {
    const bytes = dtypes[dtype].bits / 8;
    for (let start = 0; start < count;) {
      const room = Math.floor((capacity - offset) / bytes);
      const taken = cutBelow(count - start, room);
      if (taken === 0) {
        yield pieces;
        pieces = [];
        offset = 0;
        continue;
      }
      pieces.push({ part, start, count: taken, offset });
      // Typed arrays of any dtype can start there.
      offset = Math.ceil((offset + taken * bytes) / 8) * 8;
      start += taken;
    }
  }
  if (pieces.length > 0) yield pieces;
}

/**
 * Returns how many of the remaining elements to take, given the room: all, or a
 * multiple of 16 that leaves 16 or more.
 *
 * @param left The elements that are left.
 * @param room The largest answer.
 */
export function cutBelow(left: number, room: number): number {
  if (left <= room) return left;
  const most = Math.min(room, left - unit);
  return Math.max(0, most - most % unit);
}

/**
 * Fills a piece.
 *
 * @param piece The piece; all before it were filled.
 * @param part Its part.
 * @param target Where the elements lie: so many as the piece has.
 * @param source Where the words come from.
 */
export function fillPiece(
  piece: Piece,
  { distribution, dtype, before }: Part,
  target: DataOf<FloatDtype>,
  source: SeekableGenerator,
): void {
  if (piece.start === 0) source.advance(before);
  source.fill(new Tensor(target, [piece.count], dtype), distribution);
}

/**
 * Returns the elements of a piece where its part lies.
 *
 * @param targets Where the parts lie.
 * @param piece The piece.
 */
export function placeOf(
  targets: readonly DataOf<FloatDtype>[],
  { part, start, count }: Piece,
): DataOf<FloatDtype> {
  return targets[part].subarray(start, start + count) as DataOf<FloatDtype>;
}

/**
 * Returns the elements of a piece in its buffer.
 *
 * @param buffer The buffer.
 * @param piece The piece.
 * @param part Its part.
 */
export function viewOf(
  buffer: ArrayBufferLike,
  { offset, count }: Piece,
  { dtype }: Part,
): DataOf<FloatDtype> {
  const { view } = dtypes[dtype];
  return view(buffer, offset, count) as DataOf<FloatDtype>;
}

/** A group that still takes steps. */
class OpenGroup implements Group {
  readonly steps: Step[] = [];
  readonly fills: GroupFill[] = [];
  readonly after: Step[] = [];
  generator: SeekableGenerator | undefined;
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
      this.generator = seekable(step.generator);
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
  return seekable(generator)
    ?.wordsOf(distribution, tensor.dtype, storageOf(tensor).length);
}

/** Returns a generator that a worker can make, too. */
function seekable(
  generator: AnyGenerator | undefined,
): SeekableGenerator | undefined {
  // A subclass of one of these may fill differently.
  return generator !== undefined &&
      held.includes(Object.getPrototypeOf(generator))
    ? generator as SeekableGenerator
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
  take({ distribution, tensor, generator }: Fill, end: number): void {
    const { dtype } = tensor;
    const storage = storageOf(tensor);
    const start = this.#taken;
    if (end <= start) return;
    const words = (count: number) =>
      seekable(generator)!.wordsOf(distribution, dtype, count)!;
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
