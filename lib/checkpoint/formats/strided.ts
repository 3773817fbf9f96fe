/**
 * Tensors whose elements do not follow one another: columns, transposes, every
 * second row. They are read in row-major order, by range.
 *
 * @module
 */

import { elementCount, type Shape } from "../../core/shape.ts";
import { type ByteSource, fault, readExactly } from "./bytes.ts";

/** Where the elements of a tensor are, counted in elements. */
export interface Strided {
  /** The place of the first. */
  readonly offset: number;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** How far neighbors along each axis are from each other. */
  readonly strides: readonly number[];
}

/** Which elements, in row-major order. */
interface Range {
  /** The first. */
  readonly start: number;
  /** One beyond the last. */
  readonly end: number;
}

/** Takes elements that follow one another: where, which, and how many. */
type Take = (place: number, index: number, length: number) => void;

/** Elements that are read at once. */
interface Group {
  /** The first place. */
  readonly low: number;
  /** One beyond the last. */
  readonly high: number;
  /** Calls a function with the elements. */
  each(take: Take): void;
}

/** How many elements are sought at a time. */
const partLength = 2 ** 18;

/** The most bytes that are read at once for elements that lie apart. */
const mostBytes = 2 ** 26;

/** The most bytes between elements that are read together. */
const mostBetween = 2 ** 16;

/**
 * Checks that a tensor lies in its storage.
 *
 * @param action What is being done, for the error message.
 * @param what What to call the tensor.
 * @param strided The tensor: whole numbers of at least 0.
 * @param unit Bytes of an element.
 * @param bytes Bytes of the storage.
 * @throws {SyntaxError} If it does not, or has 2^53 bytes or more.
 */
export function checkInside(
  action: string,
  what: string,
  strided: Strided,
  unit: number,
  bytes: number,
): void {
  const { shape, strides } = strided;
  if (shape.length !== strides.length) {
    throw fault(
      action,
      `${what} must have as many strides as axes, ${shape.length}`,
      strides.length,
    );
  }
  const count = elementCount(shape);
  const end = endOf(strided);
  if (
    !Number.isSafeInteger(count * unit) || !Number.isSafeInteger(end * unit)
  ) {
    throw fault(action, `${what} must have fewer than 2^53 bytes`, shape);
  }
  if (count > 0 && end * unit > bytes) {
    throw fault(
      action,
      `${what} must end in the ${bytes} bytes of its storage`,
      end * unit,
    );
  }
}

/**
 * Returns whether the elements of a tensor follow one another in row-major
 * order.
 *
 * @param strided The tensor.
 */
export function isContiguous(strided: Strided): boolean {
  return runOf(strided).run === elementCount(strided.shape);
}

/**
 * Returns the strides of a tensor whose first index runs fastest.
 *
 * @param shape Its shape.
 */
export function firstFastest(shape: Shape): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(0, axis)));
}

/**
 * Returns the bytes of a tensor in memory, in row-major order.
 *
 * @param bytes The bytes of the storage.
 * @param strided The tensor, of which {@linkcode checkInside} holds.
 * @param unit Bytes of an element.
 */
export function rowMajor(
  bytes: Uint8Array,
  strided: Strided,
  unit: number,
): Uint8Array {
  const count = elementCount(strided.shape);
  const ordered = new Uint8Array(count * unit);
  eachPiece(strided, { start: 0, end: count }, copier(bytes, ordered, unit));
  return ordered;
}

/**
 * Returns the bytes of a range of a tensor's elements, in row-major order.
 *
 * @param action What is being done, for the error message.
 * @param strided The tensor, of which {@linkcode checkInside} holds.
 * @param unit Bytes of an element.
 * @param range The first element, and one beyond the last.
 * @param source The bytes of the storage. If the tensor is not contiguous, its
 * `read` need not copy.
 * @throws {SyntaxError} If the source gives fewer bytes.
 */
export async function readStrided(
  action: string,
  strided: Strided,
  unit: number,
  range: Range,
  source: ByteSource,
): Promise<Uint8Array> {
  const { start, end } = range;
  const { run } = runOf(strided);
  if (start === end) return new Uint8Array(0);
  if (run === elementCount(strided.shape)) {
    const offset = (strided.offset + start) * unit;
    return await readExactly(action, source, offset, (end - start) * unit);
  }
  const bytes = new Uint8Array((end - start) * unit);
  for (let from = start; from < end; from += partLength) {
    const part = { start: from, end: Math.min(end, from + partLength) };
    for (const { low, high, each } of groupsOf(strided, part, unit)) {
      const span = await readExactly(
        action,
        source,
        low * unit,
        (high - low) * unit,
      );
      const copy = copier(span, bytes, unit);
      each((place, index, length) => copy(place - low, index - start, length));
    }
  }
  return bytes;
}

/** Returns one beyond the last place of a tensor's elements. */
function endOf({ offset, shape, strides }: Strided): number {
  return shape.reduce(
    (sum, size, axis) => sum + (size - 1) * strides[axis],
    offset,
  ) + 1;
}

/**
 * Returns how many elements follow one another, along the last axes, and how
 * many axes come before these.
 */
function runOf(
  { shape, strides }: Strided,
): { readonly run: number; readonly before: number } {
  let run = 1;
  let before = shape.length;
  while (before > 0) {
    const axis = before - 1;
    if (shape[axis] !== 1 && strides[axis] !== run) break;
    run *= shape[axis];
    before = axis;
  }
  return { run, before };
}

/** Calls a function with the parts of a range that follow one another. */
function eachPiece(strided: Strided, { start, end }: Range, take: Take): void {
  const { offset, shape, strides } = strided;
  const { run, before } = runOf(strided);
  const indices = new Array<number>(before).fill(0);
  let place = offset;
  let rest = Math.floor(start / run);
  for (let axis = before - 1; axis >= 0; axis--) {
    indices[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
    place += indices[axis] * strides[axis];
  }
  for (let index = start; index < end;) {
    const within = index % run;
    const length = Math.min(run - within, end - index);
    take(place + within, index, length);
    index += length;
    // The next along the last axis before the run, or the axis before that.
    for (let axis = before - 1; axis >= 0; axis--) {
      place += strides[axis];
      if (++indices[axis] < shape[axis]) break;
      place -= shape[axis] * strides[axis];
      indices[axis] = 0;
    }
  }
}

/** Divides a range into groups, each of which is read at once. */
function groupsOf(strided: Strided, range: Range, unit: number): Group[] {
  let [low, high] = [Infinity, 0];
  eachPiece(strided, range, (place, _, length) => {
    low = Math.min(low, place);
    high = Math.max(high, place + length);
  });
  if ((high - low) * unit <= mostBytes) {
    return [{ low, high, each: (take) => eachPiece(strided, range, take) }];
  }
  const pieces: [place: number, index: number, length: number][] = [];
  eachPiece(strided, range, (...piece) => pieces.push(piece));
  pieces.sort(([a], [b]) => a - b);
  return nearPieces(pieces, unit);
}

/** Groups pieces, which are in the order of their places. */
function nearPieces(
  pieces: readonly Parameters<Take>[],
  unit: number,
): Group[] {
  const groups: Group[] = [];
  for (let first = 0; first < pieces.length;) {
    const [low] = pieces[first];
    let [last, high] = [first, low];
    for (; last < pieces.length; last++) {
      const [place, , length] = pieces[last];
      const isNear = (place - high) * unit <= mostBetween &&
        (place + length - low) * unit <= mostBytes;
      if (last > first && !isNear) break;
      high = Math.max(high, place + length);
    }
    const group = pieces.slice(first, last);
    groups.push({
      low,
      high,
      each: (take) => group.forEach((piece) => take(...piece)),
    });
    first = last;
  }
  return groups;
}

/** Returns a function that copies elements from one place to another. */
function copier(from: Uint8Array, to: Uint8Array, unit: number): Take {
  const Words = unit % 4 === 0
    ? Uint32Array
    : unit % 2 === 0
    ? Uint16Array
    : Uint8Array;
  const { BYTES_PER_ELEMENT: size } = Words;
  const aligned = from.byteOffset % size === 0 ? from : new Uint8Array(from);
  const [source, target] = [aligned, to].map(({ buffer, byteOffset, length }) =>
    new Words(buffer as ArrayBuffer, byteOffset, length / size)
  );
  const words = unit / size;
  return (place, index, length) => {
    const [start, at] = [place * words, index * words];
    for (let i = 0; i < length * words; i++) target[at + i] = source[start + i];
  };
}
