/**
 * Promises of messages: kept until the message comes, or until all of them fail at once.
 *
 * @module
 */

import type { Message } from "./wire.ts";

/** What a timer takes at most, 24 days; from more it makes 1 ms. */
const LONGEST = 2 ** 31 - 1;

/** The code that waits for messages of one kernel. */
export class Waiters {
  #waiting = new Map<string, PromiseWithResolvers<Message>>();
  #failure: unknown;

  /**
   * Returns a promise of the next message with a key.
   *
   * @param key A message's id, or whatever else it is known by.
   * @throws What `fail` was called with, if it was.
   */
  expect(key: string): Promise<Message> {
    if (this.#failure !== undefined) throw this.#failure;
    const waiter = Promise.withResolvers<Message>();
    waiter.promise.catch(() => {}); // It may fail before anyone awaits it.
    this.#waiting.set(key, waiter);
    return waiter.promise;
  }

  /** Whether `fail` was called. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Gives a message to the code that waits for its key. */
  settle(key: string, message: Message): void {
    this.#waiting.get(key)?.resolve(message);
    this.#waiting.delete(key);
  }

  /** Rejects all pending and future promises; only the first reason counts. */
  fail(reason: unknown): void {
    this.#failure ??= reason;
    for (const waiter of this.#waiting.values()) waiter.reject(this.#failure);
    this.#waiting.clear();
  }

  /**
   * Returns what a piece of work gives, and fails all that waits if it takes too long.
   *
   * @param work Some work that waits for messages.
   * @param timeout Milliseconds; `undefined` sets no limit.
   * @param what What has not happened then, as the beginning of a sentence.
   */
  async within<T>(
    work: Promise<T>,
    timeout: number | undefined,
    what: string,
  ): Promise<T> {
    if (timeout === undefined) return await work;
    const late = () =>
      this.fail(new Error(`${what} within ${timeout / 1000} s`));
    const timer = setTimeout(late, Math.min(timeout, LONGEST));
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }
}
