/**
 * Building a model with its draws put off, so that several threads can make them.
 *
 * @module
 */

import { cannot, describe, withDefaults } from "../core/options.ts";
import { record, settle } from "../core/recording.ts";
import { Tensor } from "../core/tensor.ts";
import { streamOf, withDefaultGenerator } from "../random/default_generator.ts";
import type { AnyGenerator } from "../random/generator.ts";
import {
  checkThreads,
  coreCount,
  OpenWorkers,
  startThreads,
  type Workers,
} from "./workers.ts";

/** Options of {@linkcode initModel}. */
export interface InitModelOptions {
  /**
   * How many threads fill, the calling one included; or workers that run
   * already. Default: the machine's, at most 8, if the work takes so long that
   * it pays to start them, else 1.
   */
  readonly workers?: number | Workers;
  /**
   * The default generator while the model is built. Default: the default
   * generator.
   */
  readonly generator?: AnyGenerator;
  /**
   * Whether tensors that the function makes lie on a `SharedArrayBuffer`, to which
   * workers write without a copy: that is faster, but not all that takes an array
   * takes such a one. Where the platform has none, as on a page that is not
   * isolated, this changes nothing. Default: false.
   */
  readonly shared?: boolean;
  /**
   * Tensors that are there already, and that the function fills again. Until the
   * promise resolves, arrays and views of them that were got before may show old
   * bytes or new ones. Without a copy where they lie on a `SharedArrayBuffer`.
   * Default: none; the calling thread fills such tensors at once.
   */
  readonly existing?: readonly Tensor[];
  /**
   * Called now and then with the number of elements that were filled, and of
   * those that are to be.
   */
  readonly onProgress?: (filled: number, total: number) => void;
}

/** The time of one thread, in nanoseconds, from which on a group is shared. */
const worthSharing = 4e6;
/** The same for all of a model, from which on it pays to start workers. */
const worthStarting = 2e8;

const action = "initialize a model";

/**
 * Builds a model and fills its tensors in several threads, with the bytes that
 * the function by itself would give.
 *
 * All that is drawn while the function runs is listed, and done afterwards: each
 * thread jumps ahead in the generator's sequence to its part. Tensors, the order
 * of draws and the state of every generator, the spare normal included, are
 * those of the plain call. Reading a tensor's `data` or using a generator before
 * the promise resolves, also in the function, first does all that is listed so
 * far, on the calling thread. If the function throws, that is
 * done, too: the generators are where the plain call leaves them.
 *
 * Uniforms, and normals of 16 elements and more, are shared. Truncated normals,
 * sparse and orthogonal matrices, few normals, and all that another framework's
 * generator draws, are made by the calling thread, in order. A fill that a later one writes over is passed over.
 *
 * The calling thread fills in pieces and lets others have their turns between. An
 * error that `onProgress` throws ends this, after the calling thread has filled
 * the rest.
 *
 * @param build The function. It must not be asynchronous.
 * @param options Threads, the generator and the progress callback.
 * @returns What the function returned.
 * @throws {TypeError} If an option is of the wrong kind, or unknown, the
 * generator gives the same numbers at each fill, or the function returned a
 * promise.
 * @throws {RangeError} If the number of threads is no whole number above 0.
 * @throws {Error} If this is called in such a function. If workers are
 * refused: tensors and generators are then as they were, new tensors zero. If a
 * worker failed and the calling thread can't fill its part either: the message
 * names the shapes.
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
  });
  check(build, settings);
  const { workers, generator, shared, existing, onProgress } = settings;
  const isShared = shared && typeof SharedArrayBuffer !== "undefined";
  const result = withDefaultGenerator(
    generator,
    () => record(build, isShared, existing),
  );
  checkResult(result);
  let started: OpenWorkers | undefined;
  try {
    // Loaded here: code that only fills tensors does not need it.
    const { executeListed } = await import("./execute.ts");
    await executeListed({
      async threads(time) {
        if (workers instanceof OpenWorkers) return workers.threads;
        const worth = time >= worthStarting ? coreCount() : 1;
        const count = workers === undefined ? worth : workers as number;
        started = await startThreads(count);
        return started.threads;
      },
      worthSharing,
      onProgress: onProgress ?? (() => {}),
    });
  } catch (error) {
    settle();
    throw error;
  } finally {
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
