/**
 * Many stored elements as numbers.
 *
 * @module
 */

/** Patterns of 16 bits; from so many values on a table of them pays. */
const patterns = 2 ** 16;

const tables = new Map<(bits: number) => number, Float32Array>();

/**
 * Returns the numbers that stored elements stand for; of many of 16 bits by a
 * table of all patterns, which is kept.
 *
 * @param data The elements.
 * @param decode The number that an element stands for.
 */
export function decodeMany(
  data: ArrayLike<number | bigint>,
  decode: (stored: number | bigint) => number,
): Float32Array {
  const values = new Float32Array(data.length);
  if (data instanceof Uint16Array && data.length >= patterns) {
    const table = tableOf(decode);
    for (let i = 0; i < data.length; i++) values[i] = table[data[i]];
    return values;
  }
  // A loop, since `Float32Array.from` with a function takes five times as long or more.
  for (let i = 0; i < data.length; i++) values[i] = decode(data[i]);
  return values;
}

function tableOf(decode: (bits: number) => number): Float32Array {
  const known = tables.get(decode);
  if (known !== undefined) return known;
  const table = new Float32Array(patterns);
  for (let bits = 0; bits < patterns; bits++) table[bits] = decode(bits);
  tables.set(decode, table);
  return table;
}
