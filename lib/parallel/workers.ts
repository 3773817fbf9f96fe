/**
 * Starts, counts and closes the workers that fill tensors.
 *
 * @module
 */

import { type ClosedByUsing, closing } from "../core/closing.ts";
import { cannot, describe } from "../core/options.ts";
import type { Thread, WorkerLike } from "./thread.ts";

/** More threads than this are not started unless asked for. */
const mostThreads = 8;

/**
 * Threads that run until they are closed, for several models. They come from
 * {@linkcode startWorkers}.
 */
export interface Workers extends ClosedByUsing {
  /** How many threads fill, the calling one included. */
  readonly count: number;
  /** Ends them. The calling thread then fills what is left. */
  close(): void;
}

/** Workers with their threads. */
export class OpenWorkers implements Pick<Workers, "count" | "close"> {
  readonly #threads: readonly Thread[];
  #isClosed = false;

  /**
   * Takes running threads.
   *
   * @param threads The threads besides the calling one.
   */
  constructor(threads: readonly Thread[]) {
    this.#threads = threads;
  }

  /** How many threads fill, the calling one included. */
  get count(): number {
    return this.#threads.length + 1;
  }

  /** The threads besides the calling one. */
  get threads(): readonly Thread[] {
    return this.#threads;
  }

  /**
   * Checks that the workers run.
   *
   * @throws {Error} If they were closed.
   */
  checkOpen(): void {
    if (!this.#isClosed) return;
    throw new Error(cannot("use workers", "they must be open", "closed"));
  }

  /** Ends them. */
  close(): void {
    this.#isClosed = true;
    for (const thread of this.#threads) thread.end(new Error("closed"));
  }
}

/**
 * Starts workers that fill tensors for {@linkcode initModel}.
 *
 * That takes tens of milliseconds, so it pays to keep them for several models.
 * On platforms without workers, such as Node, the calling thread works alone.
 *
 * @param count How many threads fill, the calling one included, at least 1.
 * Default: the machine's, at most 8.
 * @returns The running workers.
 * @throws {RangeError} If the count is not a whole number above 0.
 * @throws {Error} If the platform has workers and refuses one.
 *
 * @example
 * ```ts
 * import { initModel, nn, startWorkers } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * using workers = await startWorkers(2);
 * assertEquals(workers.count, 2);
 * const first = await initModel(() => new nn.Linear(20, 30), { workers });
 * const second = await initModel(() => new nn.Linear(30, 20), { workers });
 * assertEquals([first.weight.size(), second.weight.size()], [[30, 20], [20, 30]]);
 * ```
 */
export function startWorkers(count?: number): Promise<Workers> {
  const threads = count === undefined ? coreCount() : count;
  checkThreads("start workers", threads);
  return startThreads(threads).then(closing);
}

/**
 * Starts workers of the platform.
 *
 * @param count How many threads fill, the calling one included.
 * @throws {Error} If the platform has workers and refuses one.
 */
export async function startThreads(count: number): Promise<OpenWorkers> {
  const { spawnWorker } = await import("./spawn.ts");
  return await openWorkers(count, spawnWorker);
}

/**
 * Starts workers.
 *
 * @param count How many threads fill, the calling one included.
 * @param spawn Makes a worker; undefined if there are none.
 * @throws {Error} If a worker is refused; the others are ended.
 */
export async function openWorkers(
  count: number,
  spawn: (() => WorkerLike) | undefined,
): Promise<OpenWorkers> {
  const { Thread } = await import("./thread.ts");
  const threads: Thread[] = [];
  try {
    for (let i = 1; i < count && spawn !== undefined; i++) {
      threads.push(new Thread(spawn()));
    }
    await Promise.all(threads.map(({ ready }) => ready));
    return new OpenWorkers(threads);
  } catch (cause) {
    for (const thread of threads) thread.end(new Error("not needed"));
    throw new Error(
      cannot(
        "start workers",
        "the platform must allow them",
        describe(String(cause)),
      ),
      { cause },
    );
  }
}

/**
 * Checks a number of threads.
 *
 * @param action What is being done, for the error message.
 * @param count The number.
 * @throws {RangeError} If it is not a whole number above 0.
 */
export function checkThreads(action: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw new RangeError(
    cannot(
      action,
      "the number of threads must be a whole number above 0",
      describe(count),
    ),
  );
}

/** Returns the number of the machine's threads, at most 8. */
export function coreCount(): number {
  return Math.min(navigator.hardwareConcurrency ?? 1, mostThreads);
}
