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
 * Milliseconds of silence after which a worker is given up. One that was asked
 * for and does not start is an error, so it gets more time than a busy machine
 * needs.
 */
const patience = { asked: 5000, unasked: 2000 } as const;

/**
 * Threads that run until they are closed, for several models. They come from
 * {@linkcode startWorkers}. A block with `using` ends them, too.
 */
export interface Workers extends ClosedByUsing {
  /** How many threads fill, the calling one included. */
  readonly count: number;
  /** Ends them. The calling thread then fills what is left. */
  close(): void;
}

/** What {@linkcode closing} adds. */
export interface OpenWorkers extends ClosedByUsing {}

/** Workers with their threads. */
export class OpenWorkers implements Workers {
  readonly #threads: readonly Thread[];
  #isClosed = false;

  /**
   * Takes running threads.
   *
   * @param threads The threads besides the calling one.
   */
  constructor(threads: readonly Thread[]) {
    this.#threads = threads;
    closing(this);
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
 * Without a count, it starts as many as the platform allows: none where there
 * are none, and the calling thread works alone.
 *
 * @param count How many threads fill, the calling one included, at least 1.
 * Default: the machine's, at most 8.
 * @returns The running workers.
 * @throws {RangeError} If the count is not a whole number above 0.
 * @throws {Error} If a count was given, and the platform has no workers or
 * refuses one.
 *
 * @example
 * ```ts
 * import { initModel, nn, startWorkers } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const workers = await startWorkers(2);
 * assertEquals(workers.count, 2);
 * const first = await initModel(() => new nn.Linear(20, 30), { workers });
 * const second = await initModel(() => new nn.Linear(30, 20), { workers });
 * assertEquals([first.weight.size(), second.weight.size()], [[30, 20], [20, 30]]);
 * workers.close();
 * ```
 */
export async function startWorkers(count?: number): Promise<Workers> {
  if (count !== undefined) checkThreads("start workers", count);
  return await startThreads(count);
}

/**
 * Starts workers of the platform.
 *
 * @param count How many threads fill, the calling one included. Default: as many
 * as the machine has, at most 8, without those that the platform refuses.
 * @throws {Error} If a count was given, and the platform refuses a worker.
 */
export async function startThreads(count?: number): Promise<OpenWorkers> {
  const { spawnWorker } = await import("./spawn.ts");
  return await openWorkers(count, spawnWorker);
}

/**
 * Starts workers.
 *
 * @param count As for {@linkcode startThreads}.
 * @param spawn Makes a worker, or throws.
 * @param time Milliseconds of silence after which one is given up. Default: 5 s
 * if a count was given, else 2 s.
 * @throws {Error} If a count was given, and a worker is refused or silent; the
 * others are ended.
 */
export async function openWorkers(
  count: number | undefined,
  spawn: () => WorkerLike,
  time: number = count === undefined ? patience.unasked : patience.asked,
): Promise<OpenWorkers> {
  const { Thread } = await import("./thread.ts");
  const start = async () => {
    const thread = new Thread(spawn(), time);
    await thread.ready;
    return thread;
  };
  const length = (count ?? coreCount()) - 1;
  const starts = await Promise.allSettled(Array.from({ length }, start));
  const threads = starts.filter((it) => it.status === "fulfilled")
    .map(({ value }) => value);
  const refused = starts.find((it) => it.status === "rejected");
  if (count === undefined || refused === undefined) {
    return new OpenWorkers(threads);
  }
  for (const thread of threads) thread.end(new Error("not needed"));
  const cause: unknown = refused.reason;
  throw new Error(
    cannot(
      "start workers",
      "the platform must allow them",
      describe(String(cause)),
    ),
    { cause },
  );
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

/** The number of the machine's threads, at most 8. */
function coreCount(): number {
  if (typeof navigator === "undefined") return 1;
  return Math.min(navigator.hardwareConcurrency ?? 1, mostThreads);
}
