/**
 * Builds a model with deferred draws, so several threads can run them.
 *
 * @module
 */

import {
  cannot,
  checkSignal,
  describe,
  withDefaults,
} from "../core/options.ts";
import { record, settle } from "../core/recording.ts";
import { Tensor } from "../core/tensor.ts";
import { streamOf, withDefaultGenerator } from "../random/default_generator.ts";
import type { AnyGenerator } from "../random/generator.ts";
// Not by `import()`: a bundler keeps what that loads, also where nobody calls
// `initModel`.
import { executeListed } from "./execute.ts";
import { Undo } from "./undo.ts";
import {
  checkThreads,
  OpenWorkers,
  startThreads,
  type Workers,
} from "./workers.ts";

/** Options of {@linkcode initModel}. */
export interface InitModelOptions {
  /**
   * How many threads fill, the calling one included; or workers that run
   * already. A number needs a platform that allows so many. Default: the
   * machine's number, at most 8, if the work is long enough to pay for starting
   * them, else 1; and no more than the platform allows.
   */
  readonly workers?: number | Workers;
  /**
   * The default generator while the model is built. Default: the default
   * generator.
   */
  readonly generator?: AnyGenerator;
  /**
   * Whether tensors that the function makes use a `SharedArrayBuffer`, to which
   * workers write without a copy. This is faster, but not every function that
   * takes an array accepts a shared one. It has no effect on platforms without
   * shared memory, such as a page that is not isolated. Default: false.
   */
  readonly shared?: boolean;
  /**
   * Existing tensors that the function fills again. Until the promise resolves,
   * arrays and views of them taken earlier may show old or new bytes. Tensors
   * on a `SharedArrayBuffer` are filled without a copy. Default: none; the
   * calling thread fills such tensors at once.
   */
  readonly existing?: readonly Tensor[];
  /**
   * Called from time to time with the number of filled elements and the total.
   */
  readonly onProgress?: (filled: number, total: number) => void;
  /**
   * Aborts: the promise then rejects with the signal's reason. The default
   * generator, every `Generator` with a pending draw, and the tensors of
   * `existing`, of which a copy is kept for that, are then as before; new
   * tensors are not returned. Default: nothing aborts.
   */
  readonly signal?: AbortSignal;
}

/**
 * A group is shared if one thread would take at least this time, in
 * nanoseconds.
 */
const worthSharing = 4e6;
/**
 * Workers are started if one thread would take at least this time for the whole
 * model.
 */
const worthStarting = 2e8;

const action = "initialize a model";

/**
 * Builds a model and fills its tensors in several threads, with the same bytes
 * as the function alone.
 *
 * The draws of the function are listed and run afterwards: each thread jumps
 * ahead in the generator's sequence to its part. Tensors, the order of draws
 * and the state of every generator, including the spare normal, are the same as
 * without threads. Reading a tensor's `data` or using a generator before the
 * promise resolves, even inside the function, first runs everything listed so
 * far on the calling thread. If the function throws, that happens, too, so the
 * generators end up as without threads.
 *
 * It does not choose rules: the function does, by the layers' defaults, by
 * initializers, or by calling `initialize` with a recipe.
 *
 * Threads share uniforms, and normals of 16 elements and more. The calling
 * thread makes truncated normals, sparse and orthogonal matrices, few normals,
 * and everything that another framework's generator draws, in order. A fill
 * that a later one overwrites is skipped.
 *
 * The calling thread fills in pieces and lets other code run in between. If
 * `onProgress` throws, the calling thread fills the rest, and the promise
 * rejects with that error.
 *
 * If a worker fails, ends or is silent for seconds, the calling thread fills what
 * that worker left, with the same bytes.
 *
 * @param build The function. It must not be asynchronous.
 * @param options Threads, the generator, the progress callback, and what may
 * abort.
 * @returns What the function returned.
 * @throws {TypeError} If an option is of the wrong kind, or unknown, the
 * generator gives the same numbers at each fill, or the function returned a
 * promise.
 * @throws {RangeError} If the number of threads is no whole number above 0.
 * @throws {Error} If this is called in such a function. If `workers` is a number
 * and the platform refuses one: tensors and generators are then unchanged, new
 * tensors zero. If a worker failed and the calling thread can't fill its part
 * either: the message names the shapes.
 * @throws The signal's reason, if it aborted before the last draw.
 * @see Haramoto et al., 2008
 *
 * @example
 * ```ts
 * import { Generator, initModel, nn } from "@fanin/fanin";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const build = () =>
 *   new nn.Sequential(new nn.Linear(784, 256), new nn.ReLU(), new nn.Linear(256, 10));
 * const model = await initModel(build, { generator: new Generator(0), workers: 2 });
 * const again = await initModel(build, { generator: new Generator(0), workers: 1 });
 * assert(model.parameters()[0].equals(again.parameters()[0]));
 * assertEquals(model.parameters().length, 4);
 * ```
 */
export async function initModel<T>(
  build: () => T,
  options: InitModelOptions = {},
): Promise<T> {
  const settings = withDefaults(action, options, {
    workers: undefined as number | Workers | undefined,
    generator: undefined as AnyGenerator | undefined,
    shared: false,
    existing: [] as readonly Tensor[],
    onProgress: undefined as InitModelOptions["onProgress"],
    signal: undefined as AbortSignal | undefined,
  });
  check(build, settings);
  const { workers, generator, shared, existing, onProgress, signal } = settings;
  checkSignal(action, signal);
  const isShared = shared && typeof SharedArrayBuffer !== "undefined";
  const undo = signal && new Undo(signal, generator, existing);
  const result = withDefaultGenerator(
    generator,
    () => record(build, isShared, existing),
  );
  checkResult(result);
  let started: OpenWorkers | undefined;
  try {
    undo?.begin();
    await executeListed({
      async threads(time) {
        if (workers instanceof OpenWorkers) return workers.threads;
        const isWorth = workers !== undefined || time >= worthStarting;
        if (!isWorth) return [];
        started = await startThreads(workers as number | undefined);
        return started.threads;
      },
      worthSharing,
      onProgress(filled, total) {
        if (!undo?.isDone) onProgress?.(filled, total);
      },
    });
    if (undo?.isDone) throw signal!.reason;
  } catch (error) {
    settle();
    throw error;
  } finally {
    undo?.end();
    started?.close();
  }
  return result;
}

function check(
  build: unknown,
  { workers, generator, shared, existing, onProgress }: InitModelOptions,
): void {
  if (typeof build !== "function") {
    throw new TypeError(
      cannot(action, "build must be a function", describe(build)),
    );
  }
  if (generator !== undefined) streamOf(action, generator);
  if (typeof shared !== "boolean") {
    throw new TypeError(
      cannot(action, "shared must be a boolean", describe(shared)),
    );
  }
  if (
    !Array.isArray(existing) || existing.some((it) => !(it instanceof Tensor))
  ) {
    throw new TypeError(
      cannot(
        action,
        "existing must be an array of Tensors",
        describe(existing),
      ),
    );
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new TypeError(
      cannot(action, "onProgress must be a function", describe(onProgress)),
    );
  }
  if (workers instanceof OpenWorkers) workers.checkOpen();
  else if (workers !== undefined) checkThreads(action, workers as number);
}

/** A promise would draw after the recording, out of order. */
function checkResult(result: unknown): void {
  if (!(result instanceof Promise)) return;
  settle();
  throw new TypeError(
    cannot(
      action,
      "build must not be asynchronous",
      "one that returned a promise",
    ),
  );
}
