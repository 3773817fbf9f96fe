/**
 * Hostile files of every format, of which a seed gives the same each time.
 *
 * @module
 */

import {
  encodeNpy,
  encodeNpz,
  encodeSafetensors,
} from "../../lib/checkpoint/mod.ts";
import { empty, tensor } from "../../mod.ts";
import { Dice } from "../differential/dice.ts";
import { mutatedBytes, randomBytes } from "./bytes.ts";
import { mutatedManifest } from "./manifest.ts";
import { mutatedSafetensors } from "./safetensors.ts";
import { mutatedTorch } from "./torch.ts";

/** What reads a file. */
export type Format = "safetensors" | "npy" | "npz" | "tfjs" | "torch";

/** Which files are drawn: those of PyTorch, or a third of them and others. */
export type Kinds = "any" | "torch";

/** A file for a decoder. */
export interface HostileFile {
  /** What reads it. */
  readonly format: Format;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

const tensors = {
  weight: tensor([[1, 2], [3, 4], [5, 6]]),
  bias: tensor([1n, 2n]),
  mask: tensor([true, false, true]),
};

const safetensors = encodeSafetensors(tensors, { metadata: { a: "b" } });
const npy = [...Object.values(tensors), empty([0, 2]), tensor(7)].map(
  encodeNpy,
);
const npz = [
  await encodeNpz(tensors),
  await encodeNpz(tensors, { compress: true }),
  await encodeNpz({ zeros: empty([10_000]) }, { compress: true }),
];

/**
 * Draws files: of 30, 10 are PyTorch's, 11 safetensors with another header, 3
 * safetensors with other bytes, 2 npy, 2 npz, 1 a manifest, and 1 random bytes
 * for any.
 *
 * @param seed The seed.
 * @param count How many.
 * @param kinds Which files. Default: any.
 */
export function* hostileFiles(
  seed: bigint,
  count: number,
  kinds: Kinds = "any",
): Generator<HostileFile> {
  const dice = new Dice(seed);
  for (let left = count; left > 0; left--) {
    yield kinds === "torch" || dice.below(3) === 0
      ? { format: "torch", bytes: mutatedTorch(dice) }
      : draw(dice);
  }
}

function draw(dice: Dice): HostileFile {
  const kind = dice.below(20);
  if (kind < 11) {
    return { format: "safetensors", bytes: mutatedSafetensors(dice) };
  }
  if (kind < 14) {
    return { format: "safetensors", bytes: mutatedBytes(dice, safetensors) };
  }
  if (kind < 16) {
    return { format: "npy", bytes: mutatedBytes(dice, dice.pick(npy)) };
  }
  if (kind < 18) {
    return { format: "npz", bytes: mutatedBytes(dice, dice.pick(npz)) };
  }
  if (kind === 18) return { format: "tfjs", bytes: mutatedManifest(dice) };
  return {
    format: dice.pick(["safetensors", "npy", "npz", "tfjs", "torch"]),
    bytes: randomBytes(dice),
  };
}

/**
 * Whether a file has a JSON header that `JSON.parse` takes.
 *
 * @param file The file.
 */
export function hasJson({ format, bytes }: HostileFile): boolean {
  if (format !== "safetensors" && format !== "tfjs") return false;
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(
      format === "tfjs" ? bytes : headerOf(bytes),
    ));
    return true;
  } catch {
    return false;
  }
}

function headerOf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(bytes.length - 8)) throw new SyntaxError("too short");
  return bytes.subarray(8, 8 + Number(length));
}
