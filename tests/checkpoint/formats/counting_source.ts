/**
 * A source that remembers what was read of it.
 *
 * @module
 */

import type { ByteSource } from "../../../lib/checkpoint/mod.ts";

/** Bytes in memory, and the ranges that were read. */
export class CountingSource implements ByteSource {
  readonly size: number;
  /** The ranges since the last {@linkcode take}. */
  #reads: [offset: number, length: number][] = [];
  readonly #bytes: Uint8Array;

  /**
   * Takes the bytes.
   *
   * @param bytes The bytes.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  /** Returns a range, and remembers it. */
  read(offset: number, length: number): Uint8Array {
    this.#reads.push([offset, length]);
    return this.#bytes.slice(offset, offset + length);
  }

  /** Returns the ranges that were read, and forgets them. */
  take(): [offset: number, length: number][] {
    const reads = this.#reads;
    this.#reads = [];
    return reads;
  }
}
