/**
 * What a decoder does with a file.
 *
 * @module
 */

import {
  bytesSource,
  type Checkpoint,
  decodeNpy,
  decodeNpz,
  decodeSafetensors,
  encodeNpy,
  encodeSafetensors,
  openNpz,
  openSafetensors,
  openTfjs,
  openTorch,
} from "../../lib/checkpoint/mod.ts";
import { tensorOf } from "../../lib/checkpoint/formats/bytes.ts";
import { dtypes } from "../../lib/core/dtype.ts";
import { elementCount } from "../../lib/core/shape.ts";
import type { Tensor } from "../../mod.ts";
import { bytesOf } from "../golden/golden.ts";
import type { Format, HostileFile } from "./hostile_files.ts";

/** The reason of a file that was read. */
export const accepted = "(read)";

/** The most that deflating gives. */
const largestRatio = 1032;

/** The most bytes of a tensor that a file of PyTorch may repeat. */
const mostRepeated = 2 ** 16;

type Tensors = Readonly<Record<string, Tensor>>;

const decoders: Readonly<
  Record<Format, (bytes: Uint8Array) => Tensors | Promise<Tensors>>
> = {
  safetensors: (bytes) => decodeSafetensors(bytes).tensors,
  npy: (bytes) => ({ array: decodeNpy(bytes) }),
  npz: (bytes) => decodeNpz(bytes),
  tfjs: (bytes) => readAll(openManifest(bytes)),
  torch: (bytes) => readAll(openWhole(bytes)),
};

/** The same by range, where there is another way. */
const openers: Readonly<
  Record<Format, ((bytes: Uint8Array) => Promise<Checkpoint>) | null>
> = {
  safetensors: (bytes) => openSafetensors(bytesSource(bytes)),
  npy: null,
  npz: (bytes) => openNpz(bytesSource(bytes)),
  tfjs: null,
  torch: (bytes) => openInParts(bytes),
};

/**
 * Returns why a file is refused, or that it was read.
 *
 * @param file The file.
 * @throws {Error} If what reads it fails otherwise than by a SyntaxError in the
 * project's grammar, gives more than a file can hold, or the ways to read it
 * differ.
 */
export async function outcomeOf(file: HostileFile): Promise<string> {
  const { format, bytes } = file;
  const tensors = await attempt(() => decoders[format](bytes));
  const open = openers[format];
  if (open !== null) {
    const again = await attempt(() => readAll(open(bytes)));
    if ((typeof tensors === "string") !== (typeof again === "string")) {
      throw new Error(`read by one way only: ${tensors} and ${again}`);
    }
    if (typeof tensors !== "string") checkSame(tensors, again as Tensors);
  }
  if (typeof tensors === "string") return reasonOf(tensors);
  checkRead(file, tensors);
  return accepted;
}

/** Returns the message of a refusal; other errors go on. */
async function attempt(
  read: () => Tensors | Promise<Tensors>,
): Promise<Tensors | string> {
  try {
    return await read();
  } catch (error) {
    const isRefusal = error instanceof SyntaxError &&
        /^Cannot .*: .* must .*, got ./s.test(error.message) ||
      error instanceof SyntaxError &&
        /^Cannot .*: .* may follow .*, got ./s.test(
          error.message,
        );
    if (!isRefusal) throw error;
    return error.message;
  }
}

async function readAll(opening: Promise<Checkpoint>): Promise<Tensors> {
  const { tensors, read } = await opening;
  const entries: [string, Tensor][] = [];
  for (const name of Object.keys(tensors)) {
    entries.push([name, await read(name)]);
  }
  return Object.fromEntries(entries);
}

function openWhole(bytes: Uint8Array): Promise<Checkpoint> {
  return openTorch(bytesSource(bytes), { maxBytes: mostRepeated });
}

/** The same, but each tensor is read in two parts. */
async function openInParts(bytes: Uint8Array): Promise<Checkpoint> {
  const checkpoint = await openWhole(bytes);
  return {
    ...checkpoint,
    async read(name) {
      const { shape } = checkpoint.tensors[name];
      // Elements of 4 bits fill bytes by twos.
      const middle = 2 * Math.floor(elementCount(shape) / 4);
      const parts = [{ end: middle }, { start: middle }].map(async (range) =>
        await checkpoint.read(name, range)
      );
      const [first, second] = await Promise.all(parts);
      const joined = new Uint8Array([...bytesOf(first), ...bytesOf(second)]);
      return tensorOf("join", joined, shape, first.dtype);
    },
  };
}

function openManifest(bytes: Uint8Array): Promise<Checkpoint> {
  return openTfjs((name) =>
    bytesSource(name === "model.json" ? bytes : new Uint8Array(16))
  );
}

/** What was read holds no more than the file, and goes out as it came in. */
function checkRead({ format, bytes }: HostileFile, tensors: Tensors): void {
  if (format === "torch") return checkSizes(bytes, tensors);
  const held = Object.values(tensors)
    .reduce((sum, { data }) => sum + data.byteLength, 0);
  const most = format === "npz"
    ? bytes.length * largestRatio
    : format === "tfjs"
    ? 4 * 16
    : bytes.length;
  if (held > most) throw new Error(`${held} bytes of ${bytes.length}`);
  if (format === "safetensors") {
    checkSame(tensors, decodeSafetensors(encodeSafetensors(tensors)).tensors);
  }
  for (const tensor of Object.values(tensors)) {
    if (format !== "npy" && format !== "npz") break;
    if (dtypes[tensor.dtype].npy === null) throw new Error(tensor.dtype);
    checkSame({ tensor }, { tensor: decodeNpy(encodeNpy(tensor)) });
  }
}

/** Tensors may share bytes, so each holds no more than the file. */
function checkSizes(bytes: Uint8Array, tensors: Tensors): void {
  // Four bytes of float32 for one that is quantized.
  const most = 4 * Math.max(mostRepeated, bytes.length * largestRatio);
  for (const { data: { byteLength } } of Object.values(tensors)) {
    if (byteLength > most) throw new Error(`${byteLength} of ${bytes.length}`);
  }
}

function checkSame(a: Tensors, b: Tensors): void {
  const outline = (tensors: Tensors) =>
    Object.entries(tensors).map(([name, tensor]) =>
      `${JSON.stringify(name)} ${tensor.dtype} [${tensor.shape}] ${
        bytesOf(tensor).toHex()
      }`
    ).sort().join("\n");
  if (outline(a) !== outline(b)) {
    throw new Error(`read differently:\n${outline(a)}\n${outline(b)}`);
  }
}

/** Leaves names, numbers and lists out of a message. */
function reasonOf(message: string): string {
  return message
    .replace(/, got .*$/s, "")
    .replaceAll(/"(?:[^"\\]|\\.)*("|…|$)/gs, "NAME")
    .replaceAll(/one of [\w, ]+/g, "one of …")
    .replace(/, \w+ \[[^\]]*\]( and \d+ axes more)?/, "")
    .replace(/(elements of) \w+/, "$1 DTYPE")
    .replaceAll(/at character \d+/g, "at a character")
    .replaceAll(/\b[\da-f]{6,}$/g, "N")
    .replaceAll(/(?<![\w^])\d+(?!-)\b/g, "N");
}
