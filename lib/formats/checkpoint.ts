/**
 * A checkpoint that is open: what its tensors are, and each of them on demand.
 *
 * @module
 */

import { type Dtype, dtypes } from "../core/dtype.ts";
import { checkCount, withDefaults } from "../core/options.ts";
import { elementCount, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { quoted } from "./fault.ts";
import type { Quantization } from "../core/quantization.ts";

/** What a checkpoint says of a tensor before its values are read. */
export interface TensorInfo {
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes, outermost first. */
  readonly shape: Shape;
  /** How many bytes the file holds for it. */
  readonly bytes: number;
  /** How the file rounds its values; left out where it does not. */
  readonly quantization?: Quantization;
}

/** Which elements of a tensor are read, in row-major order. */
export interface ElementRange {
  /** The first element. Default: 0. */
  readonly start?: number;
  /** One beyond the last. Default: the number of elements. */
  readonly end?: number;
}

/** Tensors by name, read one at a time. */
export interface Checkpoint {
  /** What the file says beside its tensors. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What each tensor is, by name, in the file's order. */
  readonly tensors: Readonly<Record<string, TensorInfo>>;
  /**
   * Returns a tensor; with a range, those of its elements as a vector. Then it
   * reads these bytes alone, so that a tensor larger than memory goes in parts.
   *
   * @param name The tensor's name.
   * @param range Which elements. Default: all, in the tensor's shape.
   * @throws {RangeError} If there is no such tensor, or no such elements.
   * @throws {SyntaxError} If the bytes do not parse, or are not all there.
   */
  read(name: string, range?: ElementRange): Promise<Tensor>;
}

/**
 * Returns what is known of a tensor.
 *
 * @param action What is being done, for the error's sentence.
 * @param tensors What is known, by name.
 * @param name The tensor's name.
 * @throws {RangeError} If there is no such tensor.
 */
export function infoOf<T>(
  action: string,
  tensors: Readonly<Record<string, T>>,
  name: string,
): T {
  if (!Object.hasOwn(tensors, name)) {
    throw new RangeError(
      `Cannot ${action} as the name must be one of its ${
        Object.keys(tensors).length
      } tensors: current value is ${quoted(String(name))}`,
    );
  }
  return tensors[name];
}

/** A part of a tensor's storage, and the shape in which it is given. */
export interface Part {
  /** The first byte, from the tensor's first on. */
  readonly offset: number;
  /** How many bytes. */
  readonly length: number;
  /** The shape of the tensor that is made of them. */
  readonly shape: Shape;
}

/**
 * Returns which bytes of a tensor a range is.
 *
 * @param action What is being done, for the error's sentence.
 * @param info The tensor.
 * @param range The range; undefined for the whole.
 * @throws {RangeError} If the tensor has no such elements, or they fill no
 * whole bytes.
 */
export function partOf(
  action: string,
  { dtype, shape }: Pick<TensorInfo, "dtype" | "shape">,
  range: ElementRange | undefined,
): Part {
  const count = elementCount(shape);
  const { bits } = dtypes[dtype];
  if (range === undefined) {
    return { offset: 0, length: count * bits / 8, shape };
  }
  const { start, end } = withDefaults(action, range, { start: 0, end: count });
  checkCount(action, "start", start, 0);
  checkCount(action, "end", end, start);
  const [offset, length] = [start * bits / 8, (end - start) * bits / 8];
  if (end > count || !Number.isInteger(offset) || !Number.isInteger(length)) {
    throw new RangeError(
      `Cannot ${action} as its elements must be among ${count} and fill whole bytes: current value is ${start} to ${end}`,
    );
  }
  return { offset, length, shape: [end - start] };
}
