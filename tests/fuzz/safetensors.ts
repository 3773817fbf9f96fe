/**
 * Safetensors files with something wrong in their header. The header stays
 * JSON.
 *
 * @module
 */

import { safetensorsFile } from "../checkpoint/formats/files.ts";
import type { Dice } from "../differential/dice.ts";

/** Bits of each dtype that is drawn. */
const bits: Readonly<Record<string, number>> = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  U8: 8,
  F8_E4M3: 8,
  I16: 16,
  BF16: 16,
  F32: 32,
  C64: 64,
  U64: 64,
};

const oddNumbers = [
  -1,
  0,
  1,
  1.5,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  1e300,
];

const oddValues = [null, true, "", "F32", [], {}, [[]], [null], -1, 0.5, [0]];

const oddNames = ["", "__proto__", "constructor", "__metadata__", "\ud800"];

/** An entry of a header, of any kind. */
type Entry = Record<string, unknown>;

/** A header as names and what stands there: a name may come twice. */
type Header = [name: string, entry: unknown][];

/**
 * Returns a file whose header has been changed up to three times.
 *
 * @param dice Draws it.
 */
export function mutatedSafetensors(dice: Dice): Uint8Array {
  const { header, size } = wellFormed(dice);
  for (let left = dice.below(4); left > 0; left--) mutate(dice, header);
  const members = header.map(([name, entry]) =>
    `${JSON.stringify(name)}:${JSON.stringify(entry)}`
  );
  const space = " ".repeat(dice.below(9));
  const text = new TextEncoder().encode(`{${members.join(",")}}${space}`);
  const data = dice.chance(0.1) ? Math.max(0, size + dice.below(5) - 2) : size;
  return safetensorsFile(text, data);
}

function wellFormed(dice: Dice): { header: Header; size: number } {
  const header: Header = dice.chance(0.3)
    ? [["__metadata__", { format: "pt" }]]
    : [];
  let size = 0;
  for (let left = dice.below(5); left > 0; left--) {
    const dtype = dice.pick(Object.keys(bits));
    const shape = Array.from({ length: dice.below(4) }, () => dice.below(4));
    // Elements of 4 and 6 bits fill bytes by fours.
    if (bits[dtype] < 8) shape.push(4);
    const end = size + shape.reduce((a, b) => a * b, 1) * bits[dtype] / 8;
    const entry = { dtype, shape, data_offsets: [size, end] };
    header.push([`t${left}`, entry]);
    size = end;
  }
  return { header, size };
}

function mutate(dice: Dice, header: Header): void {
  if (header.length === 0) {
    header.push(["t", structuredClone(dice.pick(oddValues))]);
    return;
  }
  const index = dice.below(header.length);
  const entry = header[index][1];
  const isEntry = typeof entry === "object" && entry !== null &&
    !Array.isArray(entry);
  const kind = dice.below(10);
  if (kind === 0) header[index][0] = dice.pick(oddNames);
  else if (kind === 1) header[index][1] = structuredClone(dice.pick(oddValues));
  else if (kind === 2) header.push([...dice.pick(header)]);
  else if (kind === 3) header.splice(index, 1);
  else if (isEntry) mutateEntry(dice, entry as Entry);
}

function mutateEntry(dice: Dice, entry: Entry): void {
  const key = dice.pick(["dtype", "shape", "data_offsets"]);
  const value = entry[key];
  const kind = dice.below(4);
  if (kind === 0) entry[key] = structuredClone(dice.pick(oddValues));
  else if (kind === 1 && dice.chance(0.3)) delete entry[key];
  else if (Array.isArray(value)) mutateNumbers(dice, value);
  else entry.dtype = dice.pick([...Object.keys(bits), "F33", "f32", "x"]);
}

function mutateNumbers(dice: Dice, numbers: unknown[]): void {
  const index = dice.below(numbers.length + 1);
  const kind = dice.below(4);
  if (kind === 0) numbers.splice(index, 1);
  else if (kind === 1) numbers.splice(index, 0, dice.below(9));
  else if (kind === 2) numbers[index] = dice.pick(oddNumbers);
  else numbers[index] = Number(numbers[index] ?? 0) + dice.below(17) - 8;
}
