/**
 * Turns of the event loop, so that other work gets on between pieces of a long
 * one.
 *
 * @module
 */

/** Milliseconds after which others get a turn. */
const longest = 8;

/** Gives turns, until it is closed. */
export class Turns {
  readonly #channel = new MessageChannel();
  #start = performance.now();
  readonly #waiting: (() => void)[] = [];

  /** Makes the first turn begin. */
  constructor() {
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

  /** Lets go of what keeps a program running. */
  close(): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}
