/**
 * Files of PyTorch with something wrong in them: in any of their bytes, or in
 * the pickle of one that is otherwise right.
 *
 * @module
 */

import { readDirectory, unpack } from "../../lib/checkpoint/formats/zip.ts";
import { bytesSource } from "../../lib/checkpoint/mod.ts";
import { fileOf, type TorchRow } from "../checkpoint/formats/torch_cases.ts";
import {
  bytesIn,
  type ZipEntry,
  zipFile,
} from "../checkpoint/formats/torch_files.ts";
import type { Dice } from "../differential/dice.ts";
import { readGolden } from "../golden/golden.ts";
import { mutatedBytes } from "./bytes.ts";

/** Bytes that stand for an operation, or for a small number. */
const operations = bytesIn(
  "(.012BCFGIJKLMNPQRSTUVX]abcdeghijlopqrstu})\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x00\x01\x02",
);

const files = (await readGolden<TorchRow>("torch_files.json")).map(fileOf);
const streams = files.filter(([first]) => first === 0x80);
const zips = files.filter(([first]) => first === 0x50);
const opened = await Promise.all(zips.map(entriesOf));

/**
 * Returns a file of PyTorch that has been changed.
 *
 * @param dice Draws it.
 */
export function mutatedTorch(dice: Dice): Uint8Array {
  const kind = dice.below(3);
  if (kind === 0) return mutatedBytes(dice, dice.pick(zips));
  if (kind === 1) return mutatedBytes(dice, dice.pick(streams));
  return zipFile(
    dice.pick(opened).map((entry) => ({
      ...entry,
      bytes: entry.name.endsWith("data.pkl")
        ? mutatedPickle(dice, entry.bytes)
        : entry.bytes,
    })),
  );
}

function mutatedPickle(dice: Dice, pickle: Uint8Array): Uint8Array {
  if (dice.chance(0.5)) return mutatedBytes(dice, pickle);
  const bytes = new Uint8Array(pickle);
  for (let left = 1 + dice.below(3); left > 0; left--) {
    bytes[dice.below(bytes.length)] = operations[dice.below(operations.length)];
  }
  return bytes;
}

async function entriesOf(file: Uint8Array): Promise<ZipEntry[]> {
  const source = bytesSource(file);
  const entries = await readDirectory("test", source);
  return await Promise.all(
    entries.map(async (entry) => ({
      name: entry.name,
      bytes: await unpack("test", source, entry, entry.size, false),
    })),
  );
}
