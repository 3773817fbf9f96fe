/**
 * Where weights come from: whatever holds numbers, in memory or in a file.
 *
 * @module
 */

import { empty, tensor } from "./create.ts";
import { describe } from "./options.ts";
import type { Shape } from "./shape.ts";
import { type Nested, Tensor } from "./tensor.ts";
import type { Dtype } from "./dtype.ts";

/** A layer or a model, of this library or another. */
export interface ParameterOwner {
  namedParameters(): Iterable<readonly [string, Tensor]>;
}

/** What is open and read by range. */
export interface Checkpoint {
  readonly tensors: Readonly<
    Record<string, { readonly shape: Shape; readonly dtype: Dtype }>
  >;
  read(name: string): Promise<Tensor>;
}

/** Weights in memory. */
export type Weights =
  | Tensor
  | Float32Array
  | Float64Array
  | Nested<number>
  | ParameterOwner
  | Readonly<Record<string, Tensor>>
  | ReadonlyMap<string, Tensor>;

/** Weights anywhere: what every function that looks at weights takes. */
export type Source = Weights | Checkpoint | URL | string;

/** At once for weights in memory, a promise for those that are to be read. */
export type Over<S, T> = S extends Checkpoint | URL | string ? Promise<T> : T;

/** A tensor with its name; "" where it stands alone. */
export type Named = readonly [name: string, tensor: Tensor];

/**
 * Calls a function with the tensors of a source.
 *
 * @param action What is being done, for the error's sentence.
 * @param source The source.
 * @param act Takes the tensors.
 * @param wanted Which are read; undefined: all.
 */
export function over<S extends Source, T>(
  action: string,
  source: S,
  act: (tensors: readonly Named[]) => T,
  wanted: (name: string) => boolean = () => true,
): Over<S, T> {
  if (typeof source === "string" || source instanceof URL) {
    // Loaded here only: the rest of the library touches no file.
    return import("../files/open_checkpoint.ts")
      .then(({ openCheckpoint }) => openCheckpoint(String(source)))
      .then((opened) =>
        read(opened, wanted).then(act).finally(opened.close)
      ) as Over<S, T>;
  }
  if (isCheckpoint(source)) return read(source, wanted).then(act) as Over<S, T>;
  return act(
    tensorsOf(action, source).filter(([name]) => wanted(name)),
  ) as Over<S, T>;
}

/** Returns the tensors of weights in memory, each once. */
export function tensorsOf(action: string, source: unknown): Named[] {
  if (source instanceof Tensor) return [["", source]];
  if (typeof source === "number" || Array.isArray(source)) {
    return [["", tensor(source as Nested<number>)]];
  }
  if (source instanceof Float32Array) {
    return [["", new Tensor(source, [source.length], "float32")]];
  }
  if (source instanceof Float64Array) {
    return [["", new Tensor(source, [source.length], "float64")]];
  }
  const entries =
    typeof (source as ParameterOwner | null)?.namedParameters === "function"
      ? (source as ParameterOwner).namedParameters()
      : source instanceof Map
      ? source
      : typeof source === "object" && source !== null
      ? Object.entries(source)
      : undefined;
  const found = entries && [...entries] as Named[];
  const wrong = found?.find(([, value]) => !(value instanceof Tensor));
  if (found === undefined || wrong !== undefined) {
    throw new TypeError(
      `Cannot ${action} as it must be numbers, a tensor, a layer, tensors by name or a checkpoint: current value is ${
        wrong === undefined
          ? describe(source)
          : `an object with ${wrong[0]}: ${describe(wrong[1])}`
      }`,
    );
  }
  const seen = new Set<Tensor>();
  return found.filter(([, each]) => !seen.has(each) && seen.add(each));
}

async function read(
  checkpoint: Checkpoint,
  wanted: (name: string) => boolean,
): Promise<Named[]> {
  const names = Object.keys(checkpoint.tensors).filter(wanted);
  const found: Named[] = [];
  for (const name of names) found.push([name, await checkpoint.read(name)]);
  return found;
}

function isCheckpoint(source: unknown): source is Checkpoint {
  return typeof (source as Checkpoint | null)?.read === "function";
}
