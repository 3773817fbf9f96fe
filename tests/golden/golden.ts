/**
 * Reads the golden files, which `generate.py` writes from PyTorch.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Generator, Tensor } from "../../mod.ts";

/**
 * Returns the rows of a golden file.
 *
 * @param name The file's name.
 */
export async function readGolden<T>(name: string): Promise<T[]> {
  const url = new URL(name, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

/** The bytes of a tensor as PyTorch has them, by their digest. */
export interface Digest {
  /** SHA-256 of all bytes. */
  readonly sha256: string;
  /** The first 32 bytes, to see where two part. */
  readonly start: string;
}

/**
 * Returns the digest of a tensor's bytes.
 *
 * @param tensor The tensor.
 */
export async function digestOf(tensor: Tensor): Promise<Digest> {
  const bytes = bytesOf(tensor);
  return {
    sha256: await sha256(bytes),
    start: bytes.subarray(0, 32).toHex(),
  };
}

/**
 * Returns a tensor's bytes.
 *
 * @param tensor The tensor.
 */
export function bytesOf({ data }: Tensor): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    data.buffer as ArrayBuffer,
    data.byteOffset,
    data.byteLength,
  );
}

/**
 * Returns the SHA-256 of bytes, in hexadecimal.
 *
 * @param bytes The bytes.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}

/** A generator's state as PyTorch has it. */
export interface StateDigest {
  /** SHA-256 of the bytes, the spare normal's set to 0. */
  readonly sha256: string;
  /** The spare normal as Python's `float.hex` wrote it. */
  readonly spare: string | null;
}

/**
 * Asserts that a generator is in the state in which PyTorch's was: the bytes
 * equal, the spare normal (in double, by the machine's log and cosine) within
 * 1e-12.
 *
 * @param generator The generator.
 * @param expected The state in PyTorch.
 */
export async function assertState(
  generator: Generator,
  expected: StateDigest,
): Promise<void> {
  const bytes = generator.getState();
  const spareNormal = spareOf(bytes);
  bytes.fill(0, spareOffset, spareOffset + 8);
  assertEquals(await sha256(bytes), expected.sha256);
  assertEquals(spareNormal === undefined, expected.spare === null);
  if (spareNormal !== undefined && expected.spare !== null) {
    const difference = Math.abs(spareNormal - parseHexFloat(expected.spare));
    assert(difference < 1e-12, `the spare normal differs by ${difference}`);
  }
}

const spareOffset = 24 + 8 * 624 + 8;

/**
 * Returns the spare normal of a generator's state; undefined where there is none.
 *
 * @param state What `getState` returned.
 */
export function spareOf(state: Uint8Array): number | undefined {
  const view = new DataView(state.buffer, state.byteOffset);
  return view.getInt32(spareOffset + 16, true) === 0
    ? undefined
    : view.getFloat64(spareOffset, true);
}

/**
 * Returns a generator's next word.
 *
 * @param generator The generator.
 */
export function nextWord(generator: Generator): number {
  const words = new Uint32Array(1);
  generator.fillWords(words);
  return words[0];
}

/**
 * Returns the number that Python's `float.hex` wrote.
 *
 * @param text Such as `0x1.6a09e667f3bcdp+0`.
 */
export function parseHexFloat(text: string): number {
  const match = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text);
  if (match === null) throw new SyntaxError(`not a hexadecimal float: ${text}`);
  const [, sign, integer, fraction, exponent] = match;
  const significand = Number(integer) +
    parseInt(fraction, 16) / 16 ** fraction.length;
  return (sign === "-" ? -1 : 1) * significand * 2 ** Number(exponent);
}
