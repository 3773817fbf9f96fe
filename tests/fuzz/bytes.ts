/**
 * Files with bytes changed, cut out, put in or left off.
 *
 * @module
 */

import type { Dice } from "../differential/dice.ts";

/** Bytes that mean something in one of the formats. */
const odd = [0x00, 0x01, 0x20, 0x22, 0x2c, 0x30, 0x39, 0x7b, 0x7d, 0x7f, 0xff];

/**
 * Returns a file that has been changed one to four times.
 *
 * @param dice Draws the changes.
 * @param file The file.
 */
export function mutatedBytes(dice: Dice, file: Uint8Array): Uint8Array {
  let bytes = new Uint8Array(file);
  for (let left = 1 + dice.below(4); left > 0; left--) {
    bytes = mutate(dice, bytes);
  }
  return bytes;
}

function mutate(
  dice: Dice,
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const at = dice.below(bytes.length + 1);
  const length = dice.below(9);
  const kind = dice.below(6);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1) {
    return new Uint8Array([
      ...bytes.subarray(0, at),
      ...bytes.subarray(at + length),
    ]);
  }
  if (kind === 2) {
    const from = dice.below(bytes.length + 1);
    return new Uint8Array([
      ...bytes.subarray(0, at),
      ...bytes.subarray(from, from + length),
      ...bytes.subarray(at),
    ]);
  }
  if (at === bytes.length) return bytes;
  if (kind === 3) bytes[at] = dice.below(256);
  else if (kind === 4) bytes[at] = dice.pick(odd);
  else bytes[at] ^= 1 << dice.below(8);
  return bytes;
}

/**
 * Returns bytes of any value.
 *
 * @param dice Draws them.
 */
export function randomBytes(dice: Dice): Uint8Array {
  return Uint8Array.from(
    { length: dice.below(200) },
    () => dice.below(256),
  );
}
