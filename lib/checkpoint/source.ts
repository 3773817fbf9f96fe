/**
 * Reads weights from any source: from memory at once, from files through a
 * promise. Files that are opened here are closed here.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { cannot, describe, quoted } from "../core/options.ts";
import { elementCount } from "../core/shape.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  isCheckpoint,
  isLocation,
  type Named,
  namesOf,
  type Over,
  partOf,
  quantizationOf,
  recordOf,
  type Source,
  type TensorInfo,
  tensorsOf,
} from "../core/source.ts";
import { Tensor } from "../core/tensor.ts";
import { Turns } from "../core/turns.ts";

/**
 * Calls a function with the tensors of a source: at once if they are in memory,
 * else after reading them. They are then in memory together.
 *
 * @param action What is being done, for the error message.
 * @param source The source. Of a model it takes the parameters, each once.
 * @param act Takes the tensors.
 * @param choose Takes the names of all tensors, and returns those to read.
 * Default: all.
 * @returns What it returned; a promise of it for a checkpoint, a path or a URL.
 * @throws {TypeError} If it is no source.
 */
export function over<S extends Source, T>(
  action: string,
  source: S,
  act: (tensors: Named[]) => T,
  choose?: (names: readonly string[]) => readonly string[],
): Over<S, T> {
  return overEach(action, source, (...named): Named => named, act, choose);
}

/**
 * Calls a function with each tensor of a source, and another function with the
 * results. It reads files one tensor at a time.
 *
 * @param action What is being done, for the error message.
 * @param source The source. Of a model it takes the parameters, each once.
 * @param each Takes a tensor.
 * @param end Takes the results of `each`, in order.
 * @param choose Takes the names of all tensors, and returns those to read.
 * Default: all.
 * @returns What `end` returned; a promise of it for a checkpoint, a path or a
 * URL.
 * @throws {TypeError} If it is no source.
 */
export function overEach<S extends Source, M, T>(
  action: string,
  source: S,
  each: (...named: Named) => M,
  end: (all: M[]) => T,
  choose: (names: readonly string[]) => readonly string[] = (names) => names,
): Over<S, T> {
  if (isLocation(source) || isCheckpoint(source)) {
    const result = withCheckpoint(action, source, async (checkpoint) => {
      const all: M[] = [];
      for (const name of choose(namesOf(checkpoint.tensors))) {
        all.push(each(name, await checkpoint.read(name)));
      }
      return end(all);
    });
    return result as Over<S, T>;
  }
  const named = tensorsOf(action, source, "parameters", true);
  const chosen = new Set(choose(named.map(([name]) => name)));
  const found = named.filter(([name]) => chosen.has(name));
  return end(found.map((one) => each(...one))) as Over<S, T>;
}

/**
 * Calls a function with a source as a checkpoint that is read in parts.
 *
 * @param action What is being done, for the error message.
 * @param source The source. Of a model it takes the state: buffers, too, and
 * tied tensors by each of their names.
 * @param act Takes the checkpoint.
 * @param signal What may abort it, before or after any read. Default: nothing.
 * @returns What it returned.
 * @throws {TypeError} If it is no source.
 * @throws The signal's reason, if it aborted.
 */
export async function withCheckpoint<T>(
  action: string,
  source: Source,
  act: (checkpoint: Checkpoint) => T | Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (signal !== undefined) {
    const turns = new Turns(signal);
    try {
      const result = await withCheckpoint(
        action,
        source,
        (checkpoint) => act(inTurns(checkpoint, turns)),
      );
      signal.throwIfAborted();
      return result;
    } finally {
      turns.close();
    }
  }
  if (isCheckpoint(source)) return await act(checkedReads(action, source));
  if (!isLocation(source)) {
    const named = tensorsOf(action, source, "state", true);
    return await act(checkpointOf(action, named));
  }
  // Only a path needs the code that touches files; figures of weights do not
  // load it.
  const { openCheckpoint } = await import("./open.ts");
  // Not `using`, which Node 20 and some browsers do not parse yet.
  const opened = await openCheckpoint(source);
  try {
    return await act(opened);
  } finally {
    opened.close();
  }
}

/** Weights in memory are read at once, so nothing else could abort them. */
function inTurns(checkpoint: Checkpoint, turns: Turns): Checkpoint {
  return {
    metadata: checkpoint.metadata,
    tensors: checkpoint.tensors,
    async read(name, range) {
      await turns.pause();
      const tensor = await checkpoint.read(name, range);
      await turns.pause();
      return tensor;
    },
  };
}

/** A caller's own checkpoint may read what is no tensor. */
function checkedReads(action: string, checkpoint: Checkpoint): Checkpoint {
  return {
    metadata: checkpoint.metadata,
    tensors: checkpoint.tensors,
    unread: checkpoint.unread,
    notes: checkpoint.notes,
    async read(name, range) {
      const tensor: unknown = await checkpoint.read(name, range);
      if (tensor instanceof Tensor) return tensor;
      throw new TypeError(
        cannot(
          action,
          `read(${quoted(name)}) of the checkpoint must return a tensor`,
          describe(tensor),
        ),
      );
    },
  };
}

function checkpointOf(action: string, named: readonly Named[]): Checkpoint {
  const tensors = Object.fromEntries(named);
  const infos = recordOf(
    named.map(([name, tensor]) => [name, aboutOf(tensor)] as const),
  );
  return {
    metadata: {},
    tensors: infos,
    read: (name, range) =>
      new Promise((resolve) => {
        infoOf(action, infos, name);
        resolve(partIn(action, tensors[name], range));
      }),
  };
}

/** A view of the tensor's memory. */
function partIn(
  action: string,
  tensor: Tensor,
  range: ElementRange | undefined,
): Tensor {
  if (range === undefined) return tensor;
  const { data, dtype } = tensor;
  const { offset, length, shape } = partOf(action, tensor, range);
  const size = data.BYTES_PER_ELEMENT;
  const part = data.subarray(offset / size, (offset + length) / size);
  return new Tensor(part, shape, dtype);
}

function aboutOf(tensor: Tensor): TensorInfo {
  const { dtype, shape } = tensor;
  const bytes = elementCount(shape) * dtypes[dtype].bits / 8;
  const quantization = quantizationOf(tensor);
  return {
    dtype,
    shape,
    bytes,
    ...quantization === undefined ? {} : { quantization },
  };
}
