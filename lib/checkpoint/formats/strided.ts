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

/** Elements that follow one another, of those that are sought. */
interface Piece {
  /** The place of the first. */
  readonly place: number;
  /** Its index in row-major order. */
  readonly index: number;
  /** How many there are. */
  readonly length: number;
}

/** How many elements are sought at a time. */
const partLength = 2 ** 18;

/** The most bytes that are read at once for elements that lie apart. */
const mostBytes = 2 ** 26;

/** The most bytes between elements that are read together. */
const mostBetween = 2 ** 16;

/** So few bytes are copied faster one by one. */
const fewBytes = 32;

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
  return runOf(strided) === elementCount(strided.shape);
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
  range: { readonly start: number; readonly end: number },
  source: ByteSource,
): Promise<Uint8Array> {
  const { start, end } = range;
  const run = runOf(strided);
  if (start === end) return new Uint8Array(0);
  if (run === elementCount(strided.shape)) {
    const offset = (strided.offset + start) * unit;
    return await readExactly(action, source, offset, (end - start) * unit);
  }
  const bytes = new Uint8Array((end - start) * unit);
  for (let from = start; from < end; from += partLength) {
    const pieces = piecesOf(
      strided,
      run,
      from,
      Math.min(end, from + partLength),
    );
    for (const group of groupsOf(pieces, unit)) {
      const [low, high] = extentOf(group);
      const span = await readExactly(
        action,
        source,
        low * unit,
        (high - low) * unit,
      );
      for (const { place, index, length } of group) {
        const at = (place - low) * unit;
        copy(span, at, length * unit, bytes, (index - start) * unit);
      }
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

/** Returns how many elements follow one another, along the last axes. */
function runOf({ shape, strides }: Strided): number {
  let run = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== run) break;
    run *= shape[axis];
  }
  return run;
}

/** Divides a range where elements that follow one another end. */
function piecesOf(
  strided: Strided,
  run: number,
  from: number,
  to: number,
): Piece[] {
  const pieces: Piece[] = [];
  for (let index = from; index < to;) {
    const length = Math.min(run - index % run, to - index);
    pieces.push({ place: placeOf(strided, index), index, length });
    index += length;
  }
  return pieces;
}

function placeOf({ offset, shape, strides }: Strided, index: number): number {
  let place = offset;
  let rest = index;
  for (let axis = shape.length - 1; rest > 0; axis--) {
    place += rest % shape[axis] * strides[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return place;
}

/** Divides pieces into groups, each of which is read at once. */
function groupsOf(pieces: Piece[], unit: number): Piece[][] {
  const [low, high] = extentOf(pieces);
  if ((high - low) * unit <= mostBytes) return [pieces];
  pieces.sort((a, b) => a.place - b.place);
  const groups: Piece[][] = [];
  let [start, end] = [0, -Infinity];
  for (const piece of pieces) {
    const { place, length } = piece;
    const isNear = (place - end) * unit <= mostBetween &&
      (place + length - start) * unit <= mostBytes;
    if (isNear) groups.at(-1)!.push(piece);
    else {
      groups.push([piece]);
      start = place;
    }
    end = Math.max(isNear ? end : 0, place + length);
  }
  return groups;
}

function extentOf(pieces: readonly Piece[]): [low: number, high: number] {
  let [low, high] = [Infinity, 0];
  for (const { place, length } of pieces) {
    low = Math.min(low, place);
    high = Math.max(high, place + length);
  }
  return [low, high];
}

function copy(
  from: Uint8Array,
  start: number,
  length: number,
  to: Uint8Array,
  at: number,
): void {
  if (length > fewBytes) {
    to.set(from.subarray(start, start + length), at);
  } else {
    for (let i = 0; i < length; i++) to[at + i] = from[start + i];
  }
}
