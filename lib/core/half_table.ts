/**
 * Many 16-bit patterns as numbers, by a table of all of them.
 *
 * @module
 */

/** Patterns that there are; from so many values on the table pays. */
const patterns = 2 ** 16;

const tables = new Map<(bits: number) => number, Float32Array>();

/**
 * Returns the values of many 16-bit patterns; undefined of few, for which a table
 * does not pay.
 *
 * @param data The patterns.
 * @param decode The number that a pattern stands for. Its table is kept.
 */
export function decodeMany(
  data: Uint16Array,
  decode: (bits: number) => number,
): Float32Array | undefined {
  if (data.length < patterns) return undefined;
  let table = tables.get(decode);
  if (table === undefined) {
    table = Float32Array.from({ length: patterns }, (_, bits) => decode(bits));
    tables.set(decode, table);
  }
  const values = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) values[i] = table[data[i]];
  return values;
}
