/**
 * Tensors of equal bytes.
 *
 * @module
 */

import type { Checkpoint } from "../formats/checkpoint.ts";
import { bytesOf } from "../formats/storage.ts";
import type { Gathered } from "./gathered.ts";
import { readParts } from "./source.ts";

/** The tensors so far, by fingerprint. */
export class Duplicates {
  readonly #checkpoint: Checkpoint;
  readonly #names = new Map<string, string[]>();

  /**
   * @param checkpoint Whose tensors are compared.
   */
  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  /**
   * Returns the first tensor so far that has the dtype and the bytes of this one;
   * null for none. Those whose fingerprints agree are read once more.
   *
   * @param name The tensor's name.
   * @param gathered What its read gathered.
   */
  async firstOf(name: string, gathered: Gathered): Promise<string | null> {
    const { dtype, bytes } = gathered.info;
    const key = `${dtype} ${bytes} ${gathered.fingerprint}`;
    const known = this.#names.get(key) ?? [];
    for (const other of known) {
      if (await this.#areEqual(name, other)) return other;
    }
    this.#names.set(key, [...known, name]);
    return null;
  }

  async #areEqual(one: string, other: string): Promise<boolean> {
    let equal = true;
    let start = 0;
    await readParts(this.#checkpoint, one, async (part) => {
      if (!equal) return;
      const end = start + part.numel();
      const second = await this.#checkpoint.read(other, { start, end });
      const [a, b] = [bytesOf(part), bytesOf(second)];
      equal = a.every((byte, index) => byte === b[index]);
      start = end;
    });
    return equal;
  }
}
