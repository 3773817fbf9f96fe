/**
 * Weights wherever they are: in memory at once, in a file as a promise.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { elementCount } from "../core/shape.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  isCheckpoint,
  type Named,
  type Over,
  partOf,
  quantizationOf,
  type Source,
  type TensorInfo,
  tensorsOf,
} from "../core/source.ts";
import { Tensor } from "../core/tensor.ts";

/**
 * Calls a function with the tensors of a source: at once where they are in
 * memory, else when they were read. A file that it opens is closed again.
 *
 * @param action What is being done, for the error's sentence.
 * @param source The source.
 * @param act Takes the tensors.
 * @param choose Returns the names of the tensors that are read, of all names.
 * Default: all.
 * @returns What it returned; a promise of it for a checkpoint, a path or a URL.
 * @throws {TypeError} If it is no source.
 */
export function over<S extends Source, T>(
  action: string,
  source: S,
  act: (tensors: Named[]) => T,
  choose: (names: readonly string[]) => readonly string[] = (names) => names,
): Over<S, T> {
  if (isLocation(source) || isCheckpoint(source)) {
    return withCheckpoint(action, source, async (checkpoint) => {
      const tensors: Named[] = [];
      for (const name of choose(Object.keys(checkpoint.tensors))) {
        tensors.push([name, await checkpoint.read(name)]);
      }
      return act(tensors);
    }) as Over<S, T>;
  }
  const tensors = tensorsOf(action, source);
  const chosen = new Set(choose(tensors.map(([name]) => name)));
  return act(tensors.filter(([name]) => chosen.has(name))) as Over<S, T>;
}

/**
 * Calls a function with a source as a checkpoint, which is read in parts. A file
 * that it opens is closed again.
 *
 * @param action What is being done, for the error's sentence.
 * @param source The source. Of a model it takes the state: buffers, too.
 * @param act Takes the checkpoint.
 * @returns What it returned.
 * @throws {TypeError} If it is no source.
 */
export async function withCheckpoint<T>(
  action: string,
  source: Source,
  act: (checkpoint: Checkpoint) => T | Promise<T>,
): Promise<T> {
  if (isCheckpoint(source)) return await act(source);
  if (!isLocation(source)) {
    return await act(checkpointOf(action, tensorsOf(action, source, "state")));
  }
  // Loaded here alone: nothing else touches files.
  const { openCheckpoint } = await import("./open.ts");
  const opened = await openCheckpoint(source);
  try {
    return await act(opened);
  } finally {
    opened.close();
  }
}

function isLocation(source: unknown): source is string | URL {
  return typeof source === "string" || source instanceof URL;
}

function checkpointOf(action: string, named: readonly Named[]): Checkpoint {
  const tensors = new Map(named);
  const infos = Object.fromEntries(
    named.map(([name, tensor]) => [name, aboutOf(tensor)]),
  );
  return {
    metadata: {},
    tensors: infos,
    read(name: string, range?: ElementRange) {
      infoOf(action, infos, name);
      const { dtype, shape, data } = tensors.get(name)!;
      if (range === undefined) {
        return Promise.resolve(tensors.get(name)!);
      }
      const { offset, length, shape: size } = partOf(
        action,
        { dtype, shape },
        range,
      );
      const step = data.BYTES_PER_ELEMENT;
      const part = data.subarray(offset / step, (offset + length) / step);
      return Promise.resolve(new Tensor(part, size, dtype));
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
