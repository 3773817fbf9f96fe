/**
 * The SHA-256 of tensors that come in parts.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import type { Tensor } from "../core/tensor.ts";
import { bytesOf } from "../formats/storage.ts";

/** Takes the parts of tensors, if it is asked to. */
export class Hasher {
  readonly #isAsked: boolean;
  readonly #hashes = new Map<string, Hash>();

  /**
   * Begins.
   *
   * @param isAsked Whether to do anything.
   */
  constructor(isAsked: boolean) {
    this.#isAsked = isAsked;
  }

  /**
   * Begins a tensor, which may have no parts.
   *
   * @param name The tensor's name.
   */
  begin(name: string): void {
    if (this.#isAsked) this.#hashes.set(name, createHash("sha256"));
  }

  /**
   * Takes a part.
   *
   * @param name The name of a tensor that was begun.
   * @param part The next of its parts.
   */
  add(name: string, part: Tensor): void {
    this.#hashes.get(name)?.update(bytesOf(part));
  }

  /** Returns the tensors' hashes by name, in hexadecimal. */
  hashes(): Record<string, string> {
    const entries = [...this.#hashes].map(([name, hash]) =>
      [name, hash.digest("hex")] as const
    );
    return Object.fromEntries(entries);
  }
}
