/**
 * SHA-256 of bytes in memory, at once: the platform's own is asynchronous, or is
 * not there in a page.
 *
 * @module
 */

/** How many bytes a block has. */
const blockSize = 64;

/** The fractions of the first primes' square roots and cube roots. */
const { roots, constants } = fractions();

/**
 * Returns the SHA-256 of bytes, as 64 hexadecimal digits.
 *
 * @param parts The bytes; several arrays count as one after the other.
 * @see FIPS 180-4, 6.2
 *
 * @example
 * ```ts
 * import { sha256 } from "./sha256.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   sha256(new TextEncoder().encode("abc")),
 *   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
 * );
 * ```
 */
export function sha256(...parts: readonly Uint8Array[]): string {
  const state = roots.slice();
  const words = new Int32Array(blockSize);
  // What is left of earlier parts, and then the ending.
  const rest = new Uint8Array(2 * blockSize);
  const restView = new DataView(rest.buffer);
  let [held, total] = [0, 0];
  for (const part of parts) {
    const taken = held === 0 ? 0 : Math.min(part.length, blockSize - held);
    rest.set(part.subarray(0, taken), held);
    held += taken;
    total += part.length;
    if (held === blockSize) {
      addBlock(state, words, restView, 0);
      held = 0;
    }
    if (held > 0) continue;
    const { buffer, byteOffset, byteLength } = part;
    const view = new DataView(buffer, byteOffset, byteLength);
    let start = taken;
    for (; start + blockSize <= part.length; start += blockSize) {
      addBlock(state, words, view, start);
    }
    rest.set(part.subarray(start));
    held = part.length - start;
  }
  // A bit that is set, zeros, and the length in bits.
  const end = held + 9 <= blockSize ? blockSize : 2 * blockSize;
  rest[held] = 0x80;
  rest.fill(0, held + 1);
  restView.setBigUint64(end - 8, 8n * BigInt(total));
  for (let start = 0; start < end; start += blockSize) {
    addBlock(state, words, restView, start);
  }
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0"))
    .join("");
}

function addBlock(
  state: Int32Array,
  words: Int32Array,
  view: DataView,
  start: number,
): void {
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(start + 4 * i);
  for (let i = 16; i < blockSize; i++) {
    const [x, y] = [words[i - 15], words[i - 2]];
    const small = rotated(x, 7) ^ rotated(x, 18) ^ x >>> 3;
    const large = rotated(y, 17) ^ rotated(y, 19) ^ y >>> 10;
    words[i] = words[i - 16] + small + words[i - 7] + large | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < blockSize; i++) {
    const large = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const chosen = e & f ^ ~e & g;
    const one = h + large + chosen + constants[i] + words[i] | 0;
    const small = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const two = small + (a & b ^ a & c ^ b & c) | 0;
    h = g;
    g = f;
    f = e;
    e = d + one | 0;
    d = c;
    c = b;
    b = a;
    a = one + two | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function rotated(word: number, by: number): number {
  return word >>> by | word << 32 - by;
}

/**
 * Returns the first 32 bits of the fractions of the square roots of 8 primes and
 * of the cube roots of 64; no double comes near a rounding edge.
 */
function fractions() {
  const primes: number[] = [];
  for (let n = 2; primes.length < blockSize; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  const bits = (x: number) => (x - Math.floor(x)) * 2 ** 32 | 0;
  return {
    roots: Int32Array.from(
      primes.slice(0, 8),
      (prime) => bits(Math.sqrt(prime)),
    ),
    constants: Int32Array.from(primes, (prime) => bits(Math.cbrt(prime))),
  };
}
