/**
 * What can be inspected, as a checkpoint that is read in parts.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { describe } from "../core/options.ts";
import { elementCount } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
  type TensorInfo,
} from "../formats/checkpoint.ts";
import { quantizationOf } from "../core/quantization.ts";
import { bytesOf, tensorOf } from "../formats/storage.ts";

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
      `Cannot ${action} as it must be a checkpoint, a model or an object of tensors: current value is ${
        wrong === undefined
          ? describe(source)
          : `an object with ${wrong[0]}: ${describe(wrong[1])}`
      }`,
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
