/**
 * A number by which tensors of different bytes are told apart, most of the time.
 *
 * Those that share it are compared byte by byte, so it need not be perfect.
 *
 * @module
 */

/** Mixes bytes into 64 bits, part by part. */
export class Fingerprint {
  #a = 0x9e3779b9 | 0;
  #b = 0x85ebca6b | 0;

  /**
   * Takes the next bytes.
   *
   * @param bytes The bytes; a multiple of 4 but for the last ones.
   */
  add(bytes: Uint8Array): void {
    const whole = bytes.length - bytes.length % 4;
    const words = bytes.byteOffset % 4 === 0
      ? new Int32Array(bytes.buffer, bytes.byteOffset, whole / 4)
      : new Int32Array(bytes.slice(0, whole).buffer);
    let [a, b] = [this.#a, this.#b];
    // Each word enters both halves, which turn and multiply differently.
    for (let index = 0; index < words.length; index++) {
      const word = words[index];
      a = Math.imul(a ^ word, 0x5bd1e995);
      b = Math.imul((b << 13 | b >>> 19) + word | 0, 0x1b873593);
      a ^= a >>> 15;
    }
    for (let index = whole; index < bytes.length; index++) {
      a = Math.imul(a ^ bytes[index], 0x01000193);
      b = Math.imul(b + bytes[index] | 0, 0x01000193);
    }
    this.#a = a;
    this.#b = b;
  }

  /** Returns the number as text. */
  toString(): string {
    return `${(this.#a >>> 0).toString(16)}-${(this.#b >>> 0).toString(16)}`;
  }
}
