/**
 * The header of a safetensors file that is to be written, and where each tensor
 * goes: known from names, dtypes and shapes alone.
 *
 * @module
 * @see `prepare` in safetensors 0.8.0: the same tensors give the same bytes
 */

import { checkDtype, dtypes } from "../../core/dtype.ts";
import { describe } from "../../core/options.ts";
import { checkShape } from "../../core/shape.ts";
import { quoted } from "../fault.ts";
import type { TensorSpec } from "../specs.ts";
import { byteLength, outline } from "../storage.ts";
import { width } from "./dtypes.ts";
import { longestHeader, metadataKey, prefixBytes } from "./header.ts";

/** A file that is to be written. */
export interface Layout {
  /** The bytes before the data: the header's length and the header. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Where each tensor's bytes begin in the file, in the order of the specs. */
  readonly offsets: readonly number[];
  /** How many bytes each takes, in the order of the specs. */
  readonly lengths: readonly number[];
  /** The size of the file. */
  readonly size: number;
}

/**
 * Returns how a file of some tensors is laid out: by falling width of the
 * dtypes, then by name.
 *
 * @param action What is being done, for the error's sentence.
 * @param specs The tensors.
 * @param metadata Text by name.
 * @throws {RangeError} If a name is taken twice or is no text of whole
 * characters, a shape does not fit, or the header gets too long.
 * @throws {TypeError} If a dtype is unknown, or the metadata are no strings.
 */
export function layoutOf(
  action: string,
  specs: readonly TensorSpec[],
  metadata: Readonly<Record<string, string>>,
): Layout {
  checkNames(action, specs);
  checkMetadata(action, metadata);
  const lengths = specs.map((spec) => lengthOf(action, spec));
  const order = specs.map((_, index) => index).sort((a, b) =>
    width.get(specs[b].dtype)! - width.get(specs[a].dtype)! ||
    compareText(specs[a].name, specs[b].name)
  );
  const starts: number[] = [];
  const entries: string[] = [];
  let end = 0;
  if (Object.keys(metadata).length > 0) {
    entries.push(`"${metadataKey}":${JSON.stringify(metadata)}`);
  }
  for (const index of order) {
    const { name, dtype, shape } = specs[index];
    starts[index] = end;
    end += lengths[index];
    const place = [starts[index], end];
    const { safetensors } = dtypes[dtype];
    const info = { dtype: safetensors, shape, data_offsets: place };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
  }
  const head = headOf(action, `{${entries.join(",")}}`);
  return {
    head,
    offsets: starts.map((start) => head.length + start),
    lengths,
    size: head.length + end,
  };
}

function headOf(action: string, json: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / prefixBytes) * prefixBytes;
  if (length > longestHeader) {
    throw new RangeError(
      `Cannot ${action} as its header must have at most ${longestHeader} bytes: current value is ${length}`,
    );
  }
  const head = new Uint8Array(prefixBytes + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(text, prefixBytes);
  return head;
}

function checkNames(action: string, specs: readonly TensorSpec[]): void {
  const names = new Set<string>();
  for (const { name } of specs) {
    if (typeof name !== "string") {
      throw new TypeError(
        `Cannot ${action} as a name must be a string: current value is ${
          describe(name)
        }`,
      );
    }
    if (name === metadataKey || names.has(name) || !name.isWellFormed()) {
      throw new RangeError(
        `Cannot ${action} as each name must be text of whole characters, come once and not be ${metadataKey}: current value is ${
          quoted(name)
        }`,
      );
    }
    names.add(name);
  }
}

function checkMetadata(action: string, metadata: unknown): void {
  const isRecord = typeof metadata === "object" && metadata !== null &&
    !Array.isArray(metadata);
  const texts = isRecord ? Object.entries(metadata).flat() : [];
  const odd = isRecord
    ? texts.find((text) => typeof text !== "string" || !text.isWellFormed())
    : metadata;
  if (odd !== undefined || !isRecord) {
    throw new TypeError(
      `Cannot ${action} as metadata must be an object of strings: current value is ${
        describe(odd)
      }`,
    );
  }
}

function lengthOf(action: string, { name, dtype, shape }: TensorSpec): number {
  checkDtype(action, dtype);
  checkShape(action, shape);
  const length = byteLength(shape, dtypes[dtype].bits);
  if (length === undefined) {
    throw new RangeError(
      `Cannot ${action} as tensor ${
        quoted(name)
      } must have whole bytes, fewer than 2^53: current value is ${
        outline({ dtype, shape })
      }`,
    );
  }
  return length;
}

/** By code points, as UTF-8 sorts; JavaScript's own order is by UTF-16. */
function compareText(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at === -1) return left.length - right.length;
  return left[at].codePointAt(0)! - (right[at]?.codePointAt(0) ?? -1);
}
