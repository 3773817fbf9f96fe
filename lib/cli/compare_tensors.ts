/**
 * The tensors of two checkpoints, held against each other part by part.
 *
 * @module
 */

import { type DataOf, type Dtype, dtypes } from "../core/dtype.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import type { Checkpoint, TensorInfo } from "../formats/checkpoint.ts";
import { type Difference, DifferenceMeter } from "../statistics/difference.ts";

/** What a checkpoint says of a tensor. */
export interface Outline {
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes, outermost first. */
  readonly shape: Shape;
}

/** A name, and what two checkpoints have by it. */
export interface Compared {
  /** The tensor's name. */
  readonly name: string;
  /** Whether it is in both, with one dtype, one shape and the same bits. */
  readonly equal: boolean;
  /** What it is in the first; null where it is not there. */
  readonly a: Outline | null;
  /** What it is in the second. */
  readonly b: Outline | null;
  /** How far they are apart; null where dtypes, shapes or names differ. */
  readonly difference: Difference | null;
}

/** Bytes of a tensor that are read at a time. */
const partBytes = 2 ** 22;

/**
 * Returns what is in two checkpoints by each name: those of the first in its
 * order, then those of the second alone.
 *
 * @param a The first.
 * @param b The second.
 * @param onPart Called for each part with the bytes that were compared.
 */
export async function compareTensors(
  a: Checkpoint,
  b: Checkpoint,
  onPart: (bytes: number, name: string) => void,
): Promise<Compared[]> {
  const rows: Compared[] = [];
  const names = new Set([...Object.keys(a.tensors), ...Object.keys(b.tensors)]);
  for (const name of names) {
    const [left, right] = [outlineIn(a, name), outlineIn(b, name)];
    const difference = isAlike(left, right)
      ? await differenceOf(a, b, name, (bytes) => onPart(bytes, name))
      : null;
    const equal = difference?.differing === 0;
    rows.push({ name, equal, a: left, b: right, difference });
  }
  return rows;
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
    .reduce((sum, [, info]) => sum + sizeOf(info), 0);
}

function outlineIn({ tensors }: Checkpoint, name: string): Outline | null {
  if (!Object.hasOwn(tensors, name)) return null;
  const { dtype, shape } = tensors[name];
  return { dtype, shape };
}

function isAlike(a: Outline | null, b: Outline | null): boolean {
  return a !== null && b !== null && a.dtype === b.dtype &&
    formatShape(a.shape) === formatShape(b.shape);
}

/** The bytes of the values, which may be more than those in a file. */
function sizeOf({ dtype, shape }: Pick<TensorInfo, "dtype" | "shape">): number {
  return elementCount(shape) * dtypes[dtype].bits / 8;
}

async function differenceOf(
  a: Checkpoint,
  b: Checkpoint,
  name: string,
  onPart: (bytes: number) => void,
): Promise<Difference> {
  const { dtype, shape } = a.tensors[name];
  const { bits } = dtypes[dtype];
  const count = elementCount(shape);
  // A multiple of 8, so that elements of 4 or 6 bits fill whole bytes.
  const most = Math.floor(partBytes / bits) * 8;
  const meter = new DifferenceMeter(dtype);
  const readAt = (start: number) => {
    const range = { start, end: Math.min(start + most, count) };
    return Promise.all([a.read(name, range), b.read(name, range)]);
  };
  let next = readAt(0);
  for (let start = 0; start < count; start += most) {
    const [left, right] = await next;
    // The next part is on its way while this one is compared.
    if (start + most < count) next = readAt(start + most);
    meter.add<Dtype>(left.data as DataOf<Dtype>, right.data as DataOf<Dtype>);
    onPart(left.data.byteLength);
  }
  return meter.result();
}
