/**
 * What a file is by its first bytes: a format that is read, or something else,
 * and what to do with that.
 *
 * @module
 */

import { type ByteSource, readExactly } from "./bytes.ts";

/** A kind of files that hold no weights, or in a format that is not read. */
interface Foreign {
  /** What it is, and what to do. */
  readonly text: string;
  /** Its first bytes, or those from `at` on, as Latin-1. */
  readonly start: string | RegExp;
  /** Where they stand. Default: at the first byte. */
  readonly at?: number;
}

/** An integer of 10 bytes, which PyTorch's older files begin with. */
export const streamMagic = 0x1950a86a20f9469cfc6cn;

/** The entries of a PyTorch zip file, in their folder. */
const torchEntry =
  /^[^\0]*\/(data\.pkl|\.?data\/\w+|byteorder|version|\.format_version|\.storage_alignment|constants\.pkl|code\/[^\0]*)$/;

/** Where a zip file's first name begins, and where its length stands. */
const zipName = { start: 30, length: 26 } as const;

/** What is not read yet. */
const later = "which is not read yet";

/** What to do with a file that holds others. */
const unpack = "unpack it first";

const kinds: readonly Foreign[] = [
  {
    start: "version https://git-lfs.github.com/spec/",
    text: "a pointer of Git LFS; get the file itself by git lfs pull",
  },
  {
    start: /^\s*<(!doctype|html|\?xml)/i,
    text: "a web page; download the file itself",
  },
  { start: "\x1f\x8b", text: `a gzip file; ${unpack}` },
  { start: "BZh", text: `a bzip2 file; ${unpack}` },
  { start: "\xfd7zXZ\0", text: `an xz file; ${unpack}` },
  { start: "\x28\xb5\x2f\xfd", text: `a zstd file; ${unpack}` },
  { start: "7z\xbc\xaf\x27\x1c", text: `a 7z archive; ${unpack}` },
  {
    start: "ustar",
    at: 257,
    text:
      `a tar archive; ${unpack}, unless it is of PyTorch 0.1, which is not read`,
  },
  { start: "GGUF", text: `a GGUF file, ${later}` },
  {
    start: "\x89HDF\r\n\x1a\n",
    text: `an HDF5 file, such as Keras's .h5, ${later}`,
  },
  { start: "TFL3", at: 4, text: `a TensorFlow Lite file, ${later}` },
  ...["\x02", "\x03", "\x04", "\x05"].map((protocol) => ({
    start: `\x80${protocol}`,
    text: "a Python pickle that torch.save did not write",
  })),
];

/** Formats without a start of their own, by names. */
const byName: readonly (readonly [RegExp, string])[] = [
  [/\.onnx$/i, `an ONNX file, ${later}`],
  [/\.msgpack$/i, `a MessagePack file, such as Flax's, ${later}`],
  [/\.(pb|tflite)$/i, `a TensorFlow file, ${later}`],
];

/** As many bytes tell what a file is. */
export const headBytes = 512;

/**
 * Returns a file's first bytes, which tell what it is: 512, or all if there are
 * fewer.
 *
 * @param action What is being done, for the error message.
 * @param source The file.
 */
export function headOf(
  action: string,
  source: ByteSource,
): Promise<Uint8Array> {
  return readExactly(action, source, 0, Math.min(headBytes, source.size));
}

/**
 * Returns whether a file is a zip archive.
 *
 * @param head Its first bytes.
 */
export function isZip(head: Uint8Array): boolean {
  return ["\x03\x04", "\x05\x06", "\x07\x08"]
    .some((kind) => startsWith(head, `PK${kind}`));
}

/**
 * Returns whether a file may be one of safetensors: a header's length, and its
 * first brace.
 *
 * @param head Its first bytes.
 * @param size How many bytes the file has.
 */
export function isSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length < 10 || head[8] !== 0x7b) return false;
  const { buffer, byteOffset } = head;
  const length = new DataView(buffer, byteOffset).getBigUint64(0, true);
  return length <= BigInt(size - 8);
}

/**
 * Returns whether a file is one of NumPy with one array.
 *
 * @param head Its first bytes.
 */
export function isNpy(head: Uint8Array): boolean {
  return startsWith(head, "\x93NUMPY");
}

/**
 * Returns whether a zip archive begins with an array of NumPy.
 *
 * @param head Its first bytes.
 */
export function isNpz(head: Uint8Array): boolean {
  return zipEntry(head)?.endsWith(".npy") ?? false;
}

/**
 * Returns whether a file is one of PyTorch: a zip archive, or the older stream.
 *
 * @param head Its first bytes.
 */
export function isTorch(head: Uint8Array): boolean {
  const entry = zipEntry(head);
  if (entry !== undefined) return torchEntry.test(entry);
  if (startsWith(head, `L${streamMagic}L\n`)) return true;
  const magic = Array.from(
    { length: 10 },
    (_, index) => Number(streamMagic >> BigInt(8 * index) & 255n),
  );
  const start = head.subarray(0, 32).indexOf(magic[0]);
  return head[0] === 0x80 && start !== -1 &&
    magic.every((byte, index) => head[start + index] === byte);
}

/**
 * Returns whether an entry of a zip archive is the pickle of a PyTorch file.
 *
 * @param name Its name.
 */
export function isTorchPickle(name: string): boolean {
  return /(^|\/)data\.pkl$/.test(name);
}

/**
 * Returns whether bytes are those of a text.
 *
 * @param bytes The bytes.
 * @param text The text, each character a byte.
 * @param at Where it must stand. Default: at the first byte.
 */
function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  return Array.from(text).every((character, index) =>
    bytes[at + index] === character.charCodeAt(0)
  );
}

/** The name of the first entry; undefined for what is no zip archive. */
function zipEntry(head: Uint8Array): string | undefined {
  if (!startsWith(head, "PK\x03\x04") || head.length < zipName.start) {
    return undefined;
  }
  const length = head[zipName.length] + 256 * head[zipName.length + 1];
  const end = zipName.start + length;
  return new TextDecoder().decode(head.subarray(zipName.start, end));
}

/**
 * Returns what a file is, and what to do with it; undefined if nothing says so.
 *
 * @param head Its first bytes.
 * @param name Its name.
 */
export function foreignKind(
  head: Uint8Array,
  name: string,
): string | undefined {
  if (head.length === 0) return "an empty file";
  const found = kinds.find(({ start, at }) =>
    typeof start === "string"
      ? startsWith(head, start, at)
      : start.test(String.fromCharCode(...head.subarray(0, 64)))
  );
  return found?.text ?? byName.find(([names]) => names.test(name))?.[1];
}
