/**
 * Turns of the event loop: long work lets other code run in between, which may
 * be what aborts it.
 *
 * @module
 */

/** Milliseconds after which others get a turn. */
const longest = 8;

/** Lets other code run in turns, until it is closed. */
export class Turns {
  readonly #channel = new MessageChannel();
  readonly #signal: AbortSignal | undefined;
  #start = performance.now();
  readonly #waiting: (() => void)[] = [];

  /**
   * Makes the first turn begin.
   *
   * @param signal What may abort the work. Default: nothing.
   */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    // A timeout would wait for milliseconds, a promise for nothing.
    this.#channel.port1.onmessage = () => this.#waiting.shift()?.();
  }

  /** Whether the turn has lasted long. */
  get isLong(): boolean {
    return performance.now() - this.#start > longest;
  }

  /** Resolves in the next turn. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#channel.port2.postMessage(null);
    });
    this.#start = performance.now();
  }

  /**
   * Resolves in the next turn if this one has lasted long, else at once.
   *
   * @throws The signal's reason, if it aborted.
   */
  async pause(): Promise<void> {
    if (this.isLong) await this.next();
    this.#signal?.throwIfAborted();
  }

  /** Releases the handle that keeps a program running. */
  close(): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}
