/**
 * The header of an npy file: magic bytes, a version, and what the array is.
 *
 * @module
 * @see numpy/lib/format.py, NumPy 2.4
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";
import { elementCount, type Shape } from "../../core/shape.ts";
import { fault } from "../fault.ts";
import { textOf } from "../json.ts";
import { byteLength } from "../storage.ts";
import { parseLiteral } from "./literal.ts";

/** What an npy file says of its array. */
export interface NpyHeader {
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  /** Whether the first byte of an element is its largest part. */
  readonly bigEndian: boolean;
  /** How many bytes stand before the data. */
  readonly start: number;
  /** How many bytes the data have. */
  readonly bytes: number;
}

/** `\x93NUMPY`. */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Magic, version, and the header's length in version 2 and 3. */
export const prefixBytes: number = magic.length + 2 + 4;

/** The most bytes that a header may have, as NumPy's first version limits it. */
const longestHeader = 65_535;

/**
 * Returns where the data of an npy file begin.
 *
 * @param action What is being done, for the error's sentence.
 * @param head The first {@linkcode prefixBytes} bytes or more; all where there
 * are fewer.
 * @param size The file's size.
 * @throws {SyntaxError} If it is no npy file, or shorter than its header.
 */
export function npyStart(
  action: string,
  head: Uint8Array,
  size: number,
): number {
  if (magic.some((byte, index) => head[index] !== byte)) {
    throw fault(
      action,
      "its first bytes must be 93 4e 55 4d 50 59",
      head.subarray(0, magic.length).toHex().replace(/..\B/g, "$& "),
    );
  }
  const version = head[magic.length];
  const minor = head[magic.length + 1];
  if (![1, 2, 3].includes(version) || minor !== 0) {
    throw fault(
      action,
      "its version must be 1.0, 2.0 or 3.0",
      `${version}.${minor}`,
    );
  }
  const start = textStart(version);
  // Bytes that are not there count as 0.
  const length = [...head.subarray(magic.length + 2, start)]
    .reduceRight((sum, byte) => sum * 256 + byte, 0);
  const most = Math.min(longestHeader, Math.max(0, size - start));
  if (start > size || length > most) {
    throw fault(
      action,
      `its header must have at most ${most} of its ${size} bytes`,
      length,
    );
  }
  return start + length;
}

/**
 * Returns what an npy file says of its array.
 *
 * @param action What is being done, for the error's sentence.
 * @param head The bytes before the data, or more of them.
 * @param size The file's size.
 * @throws {SyntaxError} If the header does not parse, the dtype is none of
 * ours, or the file is shorter or longer than the header says.
 */
export function parseNpyHeader(
  action: string,
  head: Uint8Array,
  size: number,
): NpyHeader {
  const start = npyStart(action, head, size);
  const text = head.subarray(textStart(head[magic.length]), start);
  const members = parseLiteral(action, textOf(action, text));
  if ([...members.keys()].sort().join() !== "descr,fortran_order,shape") {
    throw fault(
      action,
      "its header's keys must be descr, fortran_order and shape",
      [...members.keys()],
    );
  }
  const { dtype, bigEndian } = readDescr(action, members.get("descr"));
  const shape = members.get("shape");
  const fortranOrder = members.get("fortran_order");
  if (!Array.isArray(shape) || typeof fortranOrder !== "boolean") {
    throw fault(
      action,
      "its shape must be a tuple and its fortran_order a truth value",
      [shape, fortranOrder],
    );
  }
  const bytes = byteLength(shape, dtypes[dtype].bits);
  if (bytes === undefined || bytes !== size - start) {
    throw fault(
      action,
      `the ${elementCount(shape)} elements of ${dtype} must take ${
        size - start
      } bytes`,
      bytes ?? "2^53 or more",
    );
  }
  return { dtype, shape, fortranOrder, bigEndian, start, bytes };
}

/** Where the header's text begins: its length takes 2 bytes, then 4. */
function textStart(version: number): number {
  return version === 1 ? prefixBytes - 2 : prefixBytes;
}

/** Each dtype by the letter of its kind and its bytes: `f4`. */
const byDescr: ReadonlyMap<string, Dtype> = new Map(
  Object.entries(dtypes).flatMap(([name, { npy }]) =>
    npy === null ? [] : [[npy.slice(1), name as Dtype]]
  ),
);

function readDescr(
  action: string,
  descr: unknown,
): Pick<NpyHeader, "dtype" | "bigEndian"> {
  const match = /^([<>|=]?)(\w\d)$/.exec(String(descr));
  const dtype = byDescr.get(match?.[2] ?? "");
  if (dtype === undefined) {
    throw fault(
      action,
      `its descr must be one of ${[...byDescr.keys()].join(", ")}`,
      descr,
    );
  }
  return { dtype, bigEndian: match![1] === ">" };
}
