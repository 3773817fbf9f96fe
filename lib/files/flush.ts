/**
 * Putting a file on the disk while it is being written, so that little is left
 * to wait for at its end.
 *
 * @module
 */

/** Bytes that the system may hold back before it is asked to write them. */
const most = 2 ** 28;

/** Flushes a file that is being written: once in 256 MB, beside the writing. */
export class Flusher {
  readonly #path: string;
  /** A second way into the file: calls on one wait for each other. */
  #file: Deno.FsFile | undefined;
  #flushing: Promise<void> | undefined;
  #held = 0;

  /**
   * Begins.
   *
   * @param path The file, which exists.
   */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Says that more was written.
   *
   * @param bytes How many bytes.
   */
  add(bytes: number): void {
    this.#held += bytes;
    if (this.#held < most || this.#flushing !== undefined) return;
    this.#held = 0;
    this.#file ??= Deno.openSync(this.#path, { write: true });
    // The system tells an error to each file that is open, and so to the writer.
    this.#flushing = this.#file.syncData().catch(() => {})
      .finally(() => this.#flushing = undefined);
  }

  /** Ends, when what was begun is done. */
  async close(): Promise<void> {
    await this.#flushing;
    this.#file?.close();
  }
}
