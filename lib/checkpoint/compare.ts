/**
 * Compares two sources of weights, to the bit.
 *
 * @module
 */

import { bytesIn, type Dtype, dtypes } from "../core/dtype.ts";
import { checkCallbacks, checkSignal, withDefaults } from "../core/options.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import { type Checkpoint, namesOf, type Source } from "../core/source.ts";
import { type Difference, DifferenceMeter } from "../numerics/difference.ts";
import { withCheckpoint } from "./source.ts";

/**
 * The outline of a tensor in one of two sources.
 *
 * @internal
 */
export interface Outline {
  /** Its element type; of an unread one, as the file names it. */
  readonly dtype: string;
  /** Its shape. */
  readonly shape: Shape;
  /** Why it is not read. Absent: it is. */
  readonly reason?: string;
}

/**
 * A name, and the tensors that two sources have under it.
 *
 * @internal
 */
export interface TensorComparison {
  /** The tensor's name. */
  readonly name: string;
  /**
   * Whether it is in both, with one dtype, one shape and the same bits. False
   * where it is not read, so nobody knows.
   */
  readonly equal: boolean;
  /** The tensor in the first; null if it is missing there. */
  readonly a: Outline | null;
  /** The tensor in the second. */
  readonly b: Outline | null;
  /**
   * How far apart they are; null if dtypes, shapes or names differ, or one is not
   * read.
   */
  readonly difference: Difference | null;
}

/** The result of `compare`: plain data. */
export interface Comparison {
  /** Whether all tensors are equal to the bit. */
  readonly equal: boolean;
  /**
   * The tensors: those of the first in its order, then those that only the
   * second has.
   */
  readonly tensors: readonly TensorComparison[];
}

/** Options of {@linkcode compare}. */
export interface CompareOptions {
  /**
   * Called after each compared part with its size in bytes and the tensor's
   * name. Default: none.
   */
  readonly onProgress?: (bytes: number, name: string) => void;
  /**
   * Aborts: the promise then rejects with the signal's reason, and files that
   * were opened are closed. Default: nothing aborts.
   */
  readonly signal?: AbortSignal;
}

/** Bytes of a tensor that are read at a time. */
const partBytes = 2 ** 22;

const action = "compare";

/**
 * Returns the differences between two sources of weights: files, models or
 * tensors by name, in any pairing. Tensors are matched by name; a model is
 * compared by its state, buffers included. Metadata is ignored.
 *
 * Tensors that cannot be read are never equal.
 *
 * Tensors are read in parts of 4 MB, so memory does not grow with them.
 *
 * @param a The first.
 * @param b The second.
 * @param options The progress callback, and what may abort.
 * @throws {TypeError} If one of them is no source, or an option is unknown or
 * of the wrong kind.
 * @throws {SyntaxError} If the bytes of a file do not parse.
 * @throws The signal's reason, if it aborted.
 *
 * @example
 * ```ts
 * import { Generator, nn } from "@fanin/fanin";
 * import { compare } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const a = new nn.Linear(3, 2, { generator: new Generator(0) });
 * const b = new nn.Linear(3, 2, { generator: new Generator(0) });
 * assertEquals((await compare(a, b)).equal, true);
 *
 * b.bias!.data[1] = 5;
 * const { tensors } = await compare(a, b);
 * assertEquals(tensors.map(({ name, difference }) => [name, difference?.differing]), [
 *   ["weight", 0],
 *   ["bias", 1],
 * ]);
 * ```
 */
export async function compare(
  a: Source,
  b: Source,
  options: CompareOptions = {},
): Promise<Comparison> {
  const { onProgress, signal } = withDefaults(action, options, {
    onProgress: (() => {}) as Required<CompareOptions>["onProgress"],
    signal: undefined as AbortSignal | undefined,
  });
  checkCallbacks(action, { onProgress });
  checkSignal(action, signal);
  const tensors = await withCheckpoint(
    action,
    a,
    (left) =>
      withCheckpoint(
        action,
        b,
        (right) => compareTensors(left, right, onProgress),
        signal,
      ),
    signal,
  );
  return { equal: tensors.every(({ equal }) => equal), tensors };
}

/**
 * Returns how many bytes of values two checkpoints have in common.
 *
 * @param a The first.
 * @param b The second.
 */
export function commonBytes(a: Checkpoint, b: Checkpoint): number {
  return Object.entries(a.tensors)
    .filter(([name]) => isAlike(outlineIn(a, name), outlineIn(b, name)))
    .reduce((sum, [, { dtype, shape }]) => {
      // Values take more bytes in memory than in a file that rounds them.
      return sum + bytesIn(dtype, elementCount(shape));
    }, 0);
}

async function compareTensors(
  a: Checkpoint,
  b: Checkpoint,
  onPart: (bytes: number, name: string) => void,
): Promise<TensorComparison[]> {
  const rows: TensorComparison[] = [];
  const names = new Set(
    [a.tensors, a.unread, b.tensors, b.unread].flatMap((all) =>
      namesOf(all ?? {})
    ),
  );
  for (const name of names) {
    const [left, right] = [outlineIn(a, name), outlineIn(b, name)];
    const difference = isAlike(left, right)
      ? await differenceOf(a, b, name, onPart)
      : null;
    const equal = difference?.differing === 0;
    rows.push({ name, equal, a: left, b: right, difference });
  }
  return rows;
}

function outlineIn(
  { tensors, unread = {} }: Checkpoint,
  name: string,
): Outline | null {
  if (Object.hasOwn(unread, name)) {
    const { dtype, shape, reason } = unread[name];
    return { dtype, shape, reason };
  }
  if (!Object.hasOwn(tensors, name)) return null;
  const { dtype, shape } = tensors[name];
  return { dtype, shape };
}

function isAlike(a: Outline | null, b: Outline | null): boolean {
  return a !== null && b !== null &&
    a.reason === undefined && b.reason === undefined && a.dtype === b.dtype &&
    formatShape(a.shape) === formatShape(b.shape);
}

async function differenceOf(
  a: Checkpoint,
  b: Checkpoint,
  name: string,
  onPart: (bytes: number, name: string) => void,
): Promise<Difference> {
  const { dtype, shape } = a.tensors[name];
  const { bits } = dtypes[dtype];
  const count = elementCount(shape);
  // A multiple of 8, so that elements of 4 or 6 bits fill whole bytes.
  const most = Math.floor(partBytes / bits) * 8;
  const meter = new DifferenceMeter(dtype);
  const readAt = (start: number) => {
    const range = { start, end: Math.min(start + most, count) };
    const parts = Promise.all([a.read(name, range), b.read(name, range)]);
    // If comparing fails first, nothing awaits these reads.
    parts.catch(() => {});
    return parts;
  };
  let next = readAt(0);
  for (let start = 0; start < count; start += most) {
    const [left, right] = await next;
    // Read the next part while comparing this one.
    if (start + most < count) next = readAt(start + most);
    meter.add<Dtype>(left.data, right.data, left.numel());
    onPart(left.data.byteLength, name);
  }
  return meter.result();
}
