/**
 * Reads weights from any source: from memory at once, from files through a
 * promise. Files that are opened here are closed here.
 *
 * @module
 */

import { bytesIn, type Dtype, dtypes } from "../core/dtype.ts";
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
import { elementsOf, realParts, Tensor } from "../core/tensor.ts";
import { Turns } from "../core/turns.ts";

/**
 * Takes the names of all tensors, and returns those to read. The name that a
 * tensor has in its source is another one if it is a part of a complex one.
 */
type Choose = (
  names: readonly string[],
  inSource: (name: string) => string,
) => readonly string[];

/** What is added to the name of a complex tensor for each of its parts. */
const partNames = ["real", "imag"];

/**
 * Calls a function with the tensors of a source: at once if they are in memory,
 * else after reading them. They are then in memory together. A complex tensor
 * comes as two of real numbers, `x.real` and `x.imag`.
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
  choose?: Choose,
): Over<S, T> {
  const take = (...named: Named) => named;
  return overEach(action, source, take, (all) => act(all), choose);
}

/**
 * Calls a function with each tensor of a source, and another function with the
 * results. It reads files one tensor at a time. A complex tensor comes as two of
 * real numbers, `x.real` and `x.imag`.
 *
 * @param action What is being done, for the error message.
 * @param source The source. Of a model it takes the parameters, each once.
 * @param each Takes a tensor.
 * @param end Takes the results of `each`, in order, how many tensors could have
 * been chosen, and the names of those that cannot be read.
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
  end: (all: M[], of: number, unread: readonly string[]) => T,
  choose: Choose = (names) => names,
): Over<S, T> {
  if (isLocation(source) || isCheckpoint(source)) {
    const result = withCheckpoint(action, source, async (opened) => {
      const places = realPlaces(dtypesIn(opened));
      const checkpoint = realCheckpoint(opened);
      const all: M[] = [];
      for (const name of chosenOf(places, choose)) {
        all.push(each(name, await checkpoint.read(name)));
      }
      return end(all, places.size, namesOf(opened.unread ?? {}));
    });
    return result as Over<S, T>;
  }
  const whole = new Map(tensorsOf(action, source, "parameters", true));
  const dtypes = new Map([...whole].map(([name, { dtype }]) => [name, dtype]));
  const places = realPlaces(dtypes);
  const all = chosenOf(places, choose).map((own) => {
    const [name, part] = places.get(own)!;
    return each(own, realParts(whole.get(name)!)[part]);
  });
  return end(all, places.size, []) as Over<S, T>;
}

function chosenOf(
  places: ReturnType<typeof realPlaces>,
  choose: Choose,
): readonly string[] {
  return choose([...places.keys()], (name) => places.get(name)![0]);
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

/**
 * Returns the tensors of real numbers that stand for others: one for itself, and
 * two for a complex one, `x.real` and `x.imag`, each with the name of the other
 * and which part of it this is. Where such a name is taken, `~2` follows.
 *
 * @param dtypeOf The dtype of each tensor, by name; "" if it has no name.
 */
export function realPlaces(
  dtypeOf: ReadonlyMap<string, Dtype>,
): Map<string, readonly [name: string, part: number]> {
  const places = new Map<string, readonly [string, number]>();
  for (const [name, dtype] of dtypeOf) {
    if (dtypes[dtype].parts === 1) {
      places.set(name, [name, 0]);
      continue;
    }
    partNames.forEach((part, index) => {
      let own = name === "" ? part : `${name}.${part}`;
      while (dtypeOf.has(own) || places.has(own)) own += "~2";
      places.set(own, [name, index]);
    });
  }
  return places;
}

/**
 * Returns a checkpoint in which each complex tensor is two of real numbers, as
 * PyTorch's `x.real` and `x.imag`.
 *
 * @param checkpoint The checkpoint.
 */
export function realCheckpoint(checkpoint: Checkpoint): Checkpoint {
  const places = realPlaces(dtypesIn(checkpoint));
  const infos = [...places].map(([own, [name]]) => {
    const info = checkpoint.tensors[name];
    if (dtypes[info.dtype].parts === 1) return [own, info] as const;
    const dtype: Dtype = info.dtype === "complex64" ? "float32" : "float64";
    return [own, { ...info, dtype, bytes: info.bytes / 2 }] as const;
  });
  return {
    ...factsOf(checkpoint),
    tensors: recordOf(infos),
    async read(name, range) {
      // The checkpoint says which names it has.
      const [of, part] = places.get(name) ?? [name, 0];
      return realParts(await checkpoint.read(of, range))[part];
    },
  };
}

/**
 * Returns the dtype of each tensor of a checkpoint, by name.
 *
 * @param checkpoint The checkpoint.
 */
export function dtypesIn({ tensors }: Checkpoint): Map<string, Dtype> {
  return new Map(namesOf(tensors).map((name) => [name, tensors[name].dtype]));
}

/** Weights in memory are read at once, so nothing else could abort them. */
function inTurns(checkpoint: Checkpoint, turns: Turns): Checkpoint {
  return {
    ...factsOf(checkpoint),
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
    ...factsOf(checkpoint),
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

/** All but the reading; of a caller's own checkpoint it may be inherited. */
function factsOf(checkpoint: Checkpoint): Omit<Checkpoint, "read"> {
  const { metadata, tensors, layout, unread, notes } = checkpoint;
  return { metadata, tensors, layout, unread, notes };
}

function checkpointOf(action: string, named: readonly Named[]): Checkpoint {
  const tensors = Object.fromEntries(named);
  const infos = recordOf(
    named.map(([name, tensor]) => [name, aboutOf(tensor)] as const),
  );
  return {
    layout: "torch",
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
  const { shape } = partOf(action, tensor, range);
  const { start = 0 } = range;
  const part = elementsOf(tensor, start, start + elementCount(shape));
  return new Tensor(part, shape, tensor.dtype);
}

function aboutOf(tensor: Tensor): TensorInfo {
  const { dtype, shape } = tensor;
  const bytes = bytesIn(dtype, elementCount(shape));
  const quantization = quantizationOf(tensor);
  return {
    dtype,
    shape,
    bytes,
    ...quantization === undefined ? {} : { quantization },
  };
}
