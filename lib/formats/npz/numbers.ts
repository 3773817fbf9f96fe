/**
 * Little-endian numbers in the headers of zip files.
 *
 * @module
 */

/**
 * Returns the number in some bytes; beyond 2^53 a nearby one.
 *
 * @param bytes The bytes around it.
 * @param at Its first byte.
 * @param size How many bytes it has.
 */
export function numberAt(bytes: Uint8Array, at: number, size: number): number {
  let number = 0;
  for (let i = size - 1; i >= 0; i--) number = number * 256 + bytes[at + i];
  return number;
}

/**
 * Returns numbers as bytes, each lowest byte first.
 *
 * @param fields Numbers and how many bytes each takes.
 */
export function numberBytes(
  fields: readonly (readonly [number: number, size: number])[],
): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([number, size]) =>
      Array.from(
        { length: size },
        (_, i) => Math.floor(number / 256 ** i) % 256,
      )
    ),
  );
}
