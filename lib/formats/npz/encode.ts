/**
 * Tensors to an npz file in memory.
 *
 * @module
 * @see PKWARE, APPNOTE.TXT 6.3.10, 4.3
 */

import { withDefaults } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { quoted } from "../fault.ts";
import { encodeNpy } from "../npy/encode.ts";
import { specsOf } from "../specs.ts";
import { crc32 } from "./crc32.ts";
import { numberBytes } from "./numbers.ts";

/** Options of {@linkcode encodeNpz}. */
export interface EncodeNpzOptions {
  /** Whether arrays are deflated. Default: false. */
  readonly compress?: boolean;
}

/** One file of a zip file. */
interface Packed {
  /** The fields that both of its headers have. */
  readonly fields: Uint8Array;
  /** Its name. */
  readonly name: Uint8Array;
  /** Its bytes, perhaps deflated. */
  readonly data: Uint8Array;
}

/** What a 16-bit count and a 32-bit size do not hold. */
const tooMany = 2 ** 16 - 1;
const tooLarge = 2 ** 32 - 1;

/** The version of the format that has deflating. */
const zipVersion = 20;

/** Names are UTF-8. */
const textFlag = 0x800;

/** January 1, 1980, the first day that zip files know. */
const date = 1 << 5 | 1;

/**
 * Returns the bytes of an npz file, which `numpy.load` reads.
 *
 * @param tensors The arrays by name.
 * @param options Whether they are deflated.
 * @throws {TypeError} If a value is no Tensor, or NumPy has no such dtype.
 * @throws {RangeError} If there are 65,535 arrays or more, or the file has 4 GiB
 * or more.
 * @see `numpy.savez`, `numpy.savez_compressed`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { decodeNpz, encodeNpz } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await encodeNpz({ weight: tensor([[1, 2]]), bias: tensor([3]) });
 * const { weight, bias } = await decodeNpz(file);
 * assertEquals(weight.toArray(), [[1, 2]]);
 * assertEquals(bias.toArray(), [3]);
 * ```
 */
export async function encodeNpz(
  tensors: Readonly<Record<string, Tensor>>,
  options: EncodeNpzOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const action = "encode an npz file";
  const { compress } = withDefaults(action, options, { compress: false });
  const files: Packed[] = [];
  for (const { name } of specsOf(action, tensors)) {
    files.push(await pack(name, encodeNpy(tensors[name]), compress));
  }
  const locals = files.map(({ fields, name, data }) =>
    joined([numberBytes([[0x04034b50, 4]]), fields, name, data])
  );
  let offset = 0;
  const directory = joined(files.map((file, index) => {
    const entry = directoryEntry(file, offset);
    offset += locals[index].length;
    return entry;
  }));
  if (files.length >= tooMany || offset + directory.length >= tooLarge) {
    throw new RangeError(
      `Cannot ${action} as it must have fewer than ${tooMany} arrays and ${tooLarge} bytes: current value is ${files.length} arrays, ${
        offset + directory.length
      } bytes`,
    );
  }
  return joined([
    ...locals,
    directory,
    numberBytes([
      [0x06054b50, 4],
      [0, 4], // the disk's number, twice
      [files.length, 2],
      [files.length, 2],
      [directory.length, 4],
      [offset, 4],
      [0, 2], // the comment's length
    ]),
  ]);
}

async function pack(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  compress: boolean,
): Promise<Packed> {
  const data = compress ? await deflate(bytes) : bytes;
  const encoded = new TextEncoder().encode(`${name}.npy`);
  if (!name.isWellFormed() || encoded.length > tooMany) {
    throw new RangeError(
      `Cannot encode an npz file as a name must be text of whole characters and at most ${tooMany} bytes: current value is ${
        quoted(name)
      }`,
    );
  }
  const fields = numberBytes([
    [zipVersion, 2],
    [textFlag, 2],
    [compress ? 8 : 0, 2],
    [0, 2], // the time
    [date, 2],
    [crc32(bytes), 4],
    [data.length, 4],
    [bytes.length, 4],
    [encoded.length, 2],
    [0, 2], // extra fields
  ]);
  return { fields, name: encoded, data };
}

function directoryEntry({ fields, name }: Packed, offset: number): Uint8Array {
  return joined([
    numberBytes([[0x02014b50, 4], [zipVersion, 2]]),
    fields,
    numberBytes([
      [0, 2], // the comment's length
      [0, 2], // the disk's number
      [0, 2], // internal attributes
      [0, 4], // external attributes
      [offset, 4],
    ]),
    name,
  ]);
}

async function deflate(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
