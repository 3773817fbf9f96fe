/**
 * What can be inspected, as a checkpoint that is read in parts.
 *
 * @module
 */

import { bytesOf, tensorOf } from "../checkpoint/formats/bytes.ts";
import { type Dtype, dtypes } from "./dtype.ts";
import {
  cannot,
  checkCount,
  describe,
  quoted,
  withDefaults,
} from "./options.ts";
import { elementCount, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

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
      cannot(
        action,
        `the name must be one of its ${Object.keys(tensors).length} tensors`,
        quoted(String(name)),
      ),
    );
  }
  return tensors[name];
}

/** A part of a tensor's storage, and the shape in which it is given. */
interface Part {
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
      cannot(
        action,
        `its elements must be among ${count} and fill whole bytes`,
        `${start} to ${end}`,
      ),
    );
  }
  return { offset, length, shape: [end - start] };
}

/** How a file rounds the values of a tensor. */
export interface Quantization {
  /** What the file stores. */
  readonly dtype: "uint8" | "uint16" | "float16";
  /** The distance of levels; 1 for float16. */
  readonly scale: number;
  /** The value of level 0; 0 for float16. */
  readonly min: number;
}

const quantized = new WeakMap<Tensor, Quantization>();

/**
 * Returns how the file rounded a tensor's values; undefined where it did not.
 *
 * A tensor that was read from uint8 has at most 256 different values: a
 * histogram shows combs, and a test of its distribution sees steps. Views and
 * copies do not know of it.
 *
 * @param tensor The tensor.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { quantizationOf } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quantizationOf(tensor([1, 2])), undefined);
 * ```
 */
export function quantizationOf(tensor: Tensor): Quantization | undefined {
  return quantized.get(tensor);
}

/**
 * Marks a tensor as read from rounded values.
 *
 * @param tensor The tensor.
 * @param quantization How they are rounded.
 */
export function setQuantization(
  tensor: Tensor,
  quantization: Quantization,
): void {
  quantized.set(tensor, quantization);
}

/** A model: its parameters and buffers by name. */
export interface StateOwner {
  /** Returns its tensors by name. */
  stateDict(): Readonly<Record<string, Tensor>>;
}

/** What can be inspected. */
export type Inspectable =
  | Checkpoint
  | StateOwner
  | Readonly<Record<string, Tensor>>;

const action = "inspect";

/** Elements of a part: 4 MB of float32. */
const partLength = 2 ** 20;

/**
 * Returns a checkpoint of what can be inspected.
 *
 * @param source A checkpoint, a model, or tensors by name.
 * @throws {TypeError} If it is none of these.
 */
export function checkpointOf(source: Inspectable): Checkpoint {
  if (isCheckpoint(source)) return source;
  const record = isOwner(source) ? source.stateDict() : source;
  const entries = isRecord(record) ? Object.entries(record) : null;
  const wrong = entries?.find(([, value]) => !(value instanceof Tensor));
  if (entries === null || wrong !== undefined) {
    throw new TypeError(
      cannot(
        action,
        "it must be a checkpoint, a model or an object of tensors",
        wrong === undefined
          ? describe(source)
          : `an object with ${wrong[0]}: ${describe(wrong[1])}`,
      ),
    );
  }
  return checkpointOfTensors(Object.fromEntries(entries));
}

/**
 * Reads a tensor in parts, each a vector of 1,048,576 elements but for the last.
 *
 * @param checkpoint The checkpoint.
 * @param name The tensor's name.
 * @param take Is called with each part.
 */
export async function readParts(
  checkpoint: Checkpoint,
  name: string,
  take: (part: Tensor) => void | Promise<void>,
): Promise<void> {
  const count = elementCount(checkpoint.tensors[name].shape);
  for (let start = 0; start < count; start += partLength) {
    const end = Math.min(count, start + partLength);
    await take(await checkpoint.read(name, { start, end }));
  }
}

function checkpointOfTensors(
  tensors: Readonly<Record<string, Tensor>>,
): Checkpoint {
  return {
    metadata: {},
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, aboutOf(tensor)]),
    ),
    read(name: string, range?: ElementRange) {
      const tensor = infoOf(action, tensors, name);
      const part = partOf(action, tensor, range);
      const bytes = bytesOf(tensor)
        .subarray(part.offset, part.offset + part.length);
      return Promise.resolve(
        tensorOf(action, bytes, part.shape, tensor.dtype),
      );
    },
  };
}

function aboutOf(tensor: Tensor): TensorInfo {
  const { dtype, shape } = tensor;
  const quantization = quantizationOf(tensor);
  return {
    dtype,
    shape,
    bytes: elementCount(shape) * dtypes[dtype].bits / 8,
    ...quantization === undefined ? {} : { quantization },
  };
}

function isCheckpoint(source: Inspectable): source is Checkpoint {
  return typeof (source as Checkpoint | null)?.read === "function";
}

function isOwner(source: Inspectable): source is StateOwner {
  return typeof (source as StateOwner | null)?.stateDict === "function";
}

function isRecord(source: unknown): source is object {
  return typeof source === "object" && source !== null &&
    !Array.isArray(source) && !(source instanceof Tensor);
}
