/**
 * Safetensors files, one or several under an index: 8 bytes that give the header's
 * length, and JSON that gives each tensor's dtype, shape and place in the data
 * after it.
 *
 * Before anything is read or allocated, the header is checked: the tensors
 * cover the data in order, without gaps or overlaps, and each has as many bytes
 * as its shape and dtype take.
 *
 * @module
 * @see the format's description in the README of safetensors 0.8.0
 */

import { checkDtype, type Dtype, dtypes } from "../../core/dtype.ts";
import {
  cannot,
  describe,
  noMore,
  quoted,
  withDefaults,
} from "../../core/options.ts";
import { checkShape, formatShape, type Shape } from "../../core/shape.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  type Layout,
  layoutByNames,
  namedTensors,
  type NamedWeights,
  namesOf,
  partOf,
  recordOf,
  type TensorInfo,
} from "../../core/source.ts";
import type { Tensor } from "../../core/tensor.ts";
import {
  byteLength,
  bytesOf,
  type ByteSource,
  checkBytes,
  checkSource,
  fault,
  lacking,
  outline,
  readExactly,
  tensorOf,
} from "./bytes.ts";
import { JsonReader } from "./json.ts";

/** A tensor to write. */
export interface TensorSpec {
  /** Its name. */
  readonly name: string;
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes, outermost first. */
  readonly shape: Shape;
}

/** The layout of a file to write. */
interface FilePlan {
  /** The bytes before the data: the header's length and the header. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Where each tensor's bytes begin in the file, in the order of the specs. */
  readonly offsets: readonly number[];
  /** How many bytes each takes, in the order of the specs. */
  readonly lengths: readonly number[];
  /** The size of the file. */
  readonly size: number;
}

/** A tensor and where its bytes are. */
interface Placed extends TensorInfo {
  /** The first byte, from the start of the data on. */
  readonly offset: number;
}

/** The contents of a header. */
interface Header {
  /** Metadata: text by name. */
  readonly metadata: Record<string, string>;
  /** The tensors by name, in the order of their bytes. */
  readonly tensors: Record<string, Placed>;
}

/**
 * From the last in a file to the first: wide elements precede narrow ones, so
 * each begins at a multiple of its size.
 *
 * @see the `Dtype` enumeration of safetensors 0.8.0, whose files have this order
 */
const narrowFirst: readonly Dtype[] = [
  "bool",
  "float4_e2m1fn",
  "F6_E2M3",
  "F6_E3M2",
  "uint8",
  "int8",
  "float8_e5m2",
  "float8_e4m3fn",
  "float8_e8m0fnu",
  "float8_e4m3fnuz",
  "float8_e5m2fnuz",
  "int16",
  "uint16",
  "float16",
  "bfloat16",
  "int32",
  "uint32",
  "float32",
  "complex64",
  "float64",
  "int64",
  "uint64",
];

/** Layouts by the `format` that libraries write into the metadata. */
const layouts: ReadonlyMap<string, Layout> = new Map([
  ["pt", "torch"],
  ["tf", "hwio"],
  ["flax", "hwio"],
  ["mlx", "ohwi"],
]);

/** Each dtype's place in a file: larger numbers come first. */
const width: ReadonlyMap<Dtype, number> = new Map(
  narrowFirst.map((dtype, index) => [dtype, index]),
);

/** Each dtype by its name in headers. */
const byName: ReadonlyMap<string, Dtype> = new Map(
  narrowFirst.map((dtype) => [dtypes[dtype].safetensors!, dtype]),
);

/** Bytes of the header's length, a little-endian integer. */
const prefixBytes = 8;

/** The most bytes that a header may have. */
const longestHeader = 100_000_000;

/** The most entries of metadata: each takes ten times its shortest text. */
const mostMetadata = 65_536;

/** The key that names no tensor. */
const metadataKey = "__metadata__";

/**
 * Returns the tensors and the metadata of a safetensors file.
 *
 * It reads all dtypes of the format. Floats of 6 bits, for which the format has
 * no order of the bits, keep their bytes and the format's name of the dtype: such
 * a tensor has a shape and can be written again, but reading its values throws.
 *
 * @param bytes The file. The tensors are copies.
 * @returns The tensors by name, in the order of their bytes; and text by name, as
 * the writer left it.
 * @throws {SyntaxError} If the bytes break a rule of the format, and where.
 * @throws {TypeError} If they are no Uint8Array.
 * @see safetensors 0.8.0. Stricter than that: names are unique, the header
 * begins with `{`, and booleans are 0 or 1
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { decodeSafetensors, encodeSafetensors } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const weight = tensor([[1, 2], [3, 4]]);
 * const bytes = encodeSafetensors({ weight }, { metadata: { format: "pt" } });
 * const { tensors, metadata } = decodeSafetensors(bytes);
 * assertEquals(tensors.weight.toArray(), [[1, 2], [3, 4]]);
 * assertEquals(metadata, { format: "pt" });
 * ```
 */
export function decodeSafetensors(
  bytes: Uint8Array,
): {
  readonly tensors: Record<string, Tensor>;
  readonly metadata: Record<string, string>;
} {
  const action = "decode a safetensors file";
  noMore(action, arguments, 1);
  checkBytes(action, bytes);
  const prefix = bytes.subarray(0, prefixBytes);
  const start = prefixBytes + headerLength(action, prefix, bytes.length);
  const { metadata, tensors } = parseHeader(
    action,
    bytes.subarray(prefixBytes, start),
    bytes.length - start,
  );
  const data = bytes.subarray(start);
  const entries = namesOf(tensors).map((name) => {
    const { offset, shape, dtype, bytes } = tensors[name];
    const copy = new Uint8Array(data.subarray(offset, offset + bytes));
    const reading = `${action}'s tensor ${quoted(name)}`;
    return [name, tensorOf(reading, copy, shape, dtype)] as const;
  });
  return { tensors: recordOf(entries), metadata };
}

/**
 * Returns the bytes of a safetensors file, the same that Python's `safetensors`
 * writes for these tensors. (With several metadata, Python's own order of them
 * changes from run to run; here it is that of the record.)
 *
 * @param weights A layer or model, whose state is written; or tensors by name.
 * @param options Metadata for the file's header, text by name. Default: none.
 * @throws {TypeError} If it is neither, or the metadata are no strings.
 * @throws {RangeError} If a name is `__metadata__` or not well-formed Unicode, or the header exceeds 100 MB.
 * @see `safetensors.torch.save`, safetensors 0.8.0
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { encodeSafetensors } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeSafetensors({ weight: tensor([1, 2]) });
 * assertEquals(
 *   new TextDecoder().decode(bytes.subarray(8, 64)),
 *   '{"weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8',
 * );
 * assertEquals(bytes.length, 8 + 64 + 8);
 * ```
 */
export function encodeSafetensors(
  weights: NamedWeights,
  options: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array<ArrayBuffer> {
  const action = "encode a safetensors file";
  const { metadata } = withDefaults(action, options, { metadata: {} });
  const named = namedTensors(action, weights, "state");
  const specs = named.map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape,
  }));
  const { head, offsets, size } = layoutOf(action, specs, metadata);
  const bytes = new Uint8Array(size);
  bytes.set(head);
  named.forEach(([, tensor], index) =>
    bytes.set(bytesOf(tensor), offsets[index])
  );
  return bytes;
}

/**
 * Opens a safetensors file, reading only its header.
 *
 * @param source The file's bytes, by range.
 * @throws {SyntaxError} If the header breaks a rule of the format, or the file
 * is shorter or longer than it says.
 * @throws {TypeError} If it is no source.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { bytesSource, encodeSafetensors, openSafetensors } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const file = encodeSafetensors({ bias: tensor([0.5, 1, 2]) });
 * const checkpoint = await openSafetensors(bytesSource(file));
 * const { dtype, shape } = checkpoint.tensors.bias;
 * assertEquals([dtype, shape], ["float32", [3]]);
 * const bias = await checkpoint.read("bias");
 * assertEquals(bias.toArray(), [0.5, 1, 2]);
 * const end = await checkpoint.read("bias", { start: 1 });
 * assertEquals(end.toArray(), [1, 2]);
 * ```
 */
export async function openSafetensors(source: ByteSource): Promise<Checkpoint> {
  const action = "open a safetensors file";
  noMore(action, arguments, 1);
  checkSource(action, source);
  const { size } = source;
  const prefix = await readExactly(
    action,
    source,
    0,
    Math.min(prefixBytes, size),
  );
  const length = headerLength(action, prefix, size);
  const header = await readExactly(action, source, prefixBytes, length);
  const start = prefixBytes + length;
  const { metadata, tensors } = parseHeader(action, header, size - start);
  return {
    metadata,
    tensors,
    layout: layouts.get(metadata.format) ?? layoutByNames(Object.keys(tensors)),
    async read(name: string, range?: ElementRange) {
      const info = infoOf("read a safetensors file", tensors, name);
      const reading = `read tensor ${quoted(name)} of a safetensors file`;
      const part = partOf(reading, info, range);
      const offset = start + info.offset + part.offset;
      const bytes = await readExactly(reading, source, offset, part.length);
      return tensorOf(reading, bytes, part.shape, info.dtype);
    },
  };
}

/**
 * Returns the layout of a file with some tensors: by decreasing width of the
 * dtypes, then by name.
 *
 * @param action What is being done, for the error message.
 * @param specs The tensors.
 * @param metadata Text by name.
 * @throws {RangeError} If a name occurs twice or is not well-formed Unicode, a
 * shape does not fit, or the header gets too long.
 * @throws {TypeError} If a dtype is unknown, or the metadata are no strings.
 */
export function layoutOf(
  action: string,
  specs: readonly TensorSpec[],
  metadata: Readonly<Record<string, string>>,
): FilePlan {
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

/**
 * The header's length, from the file's first 8 bytes, or fewer if the file is
 * short.
 */
function headerLength(
  action: string,
  prefix: Uint8Array,
  size: number,
): number {
  if (prefix.length < prefixBytes) {
    throw fault(
      action,
      `it must have at least ${prefixBytes} bytes`,
      prefix.length,
    );
  }
  const { buffer, byteOffset } = prefix;
  const length = new DataView(buffer, byteOffset).getBigUint64(0, true);
  const most = Math.min(longestHeader, size - prefixBytes);
  if (length > BigInt(most)) {
    throw fault(
      action,
      `its header must have at most ${most} of its ${size} bytes`,
      length,
    );
  }
  return Number(length);
}

/** Parses a header, without the 8 bytes before it. */
function parseHeader(
  action: string,
  bytes: Uint8Array,
  dataSize: number,
): Header {
  if (bytes[0] !== 0x7b) {
    throw fault(action, "its header's first byte must be 123, {", bytes[0]);
  }
  const json = new JsonReader(action, bytes);
  let metadata: Record<string, string> = {};
  const shapes = new Map<string, Shape>();
  const found = json.object("its header", (name) => {
    if (name !== metadataKey) return readTensor(action, name, json, shapes);
    metadata = readMetadata(action, json);
  });
  json.end();
  found.delete(metadataKey);
  const tensors = inOrder(found as Map<string, Placed>);
  checkCover(action, tensors, dataSize);
  return { metadata, tensors: recordOf(tensors) };
}

/** By their bytes, which is how writers list them. */
function inOrder(tensors: Map<string, Placed>): Map<string, Placed> {
  const compare = (a: Placed, b: Placed) =>
    a.offset - b.offset || a.bytes - b.bytes;
  let last: Placed | undefined;
  for (const placed of tensors.values()) {
    if (last !== undefined && compare(last, placed) > 0) {
      return new Map([...tensors].sort(([, a], [, b]) => compare(a, b)));
    }
    last = placed;
  }
  return tensors;
}

/** Python's reader, too, takes `null` for no metadata. */
function readMetadata(
  action: string,
  json: JsonReader,
): Record<string, string> {
  if (json.takeNull()) return {};
  let count = 0;
  const found = json.object(metadataKey, (key) => {
    if (++count > mostMetadata) {
      throw fault(
        action,
        `its metadata must have at most ${mostMetadata} entries`,
      );
    }
    return json.text(() => `${quoted(key)} of its metadata`);
  });
  return Object.fromEntries(found);
}

/** Tensors of one shape share it: a header may have millions. */
function readTensor(
  action: string,
  name: string,
  json: JsonReader,
  shapes: Map<string, Shape>,
): Placed {
  const what = () => `tensor ${quoted(name)}`;
  const found: {
    dtype?: Dtype;
    shape?: readonly number[];
    place?: readonly number[];
  } = {};
  json.members(what, {
    dtype: () => found.dtype = readDtype(action, what, json),
    shape: () => found.shape = json.counts(() => `the shape of ${what()}`),
    data_offsets: () =>
      found.place = json.counts(() => `data_offsets of ${what()}`),
  });
  const { dtype, shape, place } = found;
  if (dtype === undefined || shape === undefined || place === undefined) {
    throw lacking(action, what(), { dtype, shape, data_offsets: place });
  }
  const [offset, end] = place;
  if (place.length !== 2 || end < offset) {
    throw fault(
      action,
      `data_offsets of ${what()} must be a start and an end`,
      place,
    );
  }
  const bytes = byteLength(shape, dtypes[dtype].bits);
  if (bytes !== end - offset) {
    throw fault(
      action,
      `${what()}, ${dtype} ${cutShape(shape)}, must have ${
        bytes === undefined
          ? "whole bytes, fewer than 2^53"
          : `${end - offset} bytes as its data_offsets say`
      }`,
      bytes ?? "another number",
    );
  }
  const sizes = String(shape);
  const shared = shapes.get(sizes) ?? Object.freeze(shape);
  shapes.set(sizes, shared);
  return { dtype, shape: shared, bytes, offset };
}

function readDtype(
  action: string,
  what: () => string,
  json: JsonReader,
): Dtype {
  const name = json.text(() => `the dtype of ${what()}`);
  const dtype = byName.get(name);
  if (dtype === undefined) {
    throw fault(
      action,
      `the dtype of ${what()} must be one of ${[...byName.keys()].join(", ")}`,
      name,
    );
  }
  return dtype;
}

function checkCover(
  action: string,
  tensors: ReadonlyMap<string, Placed>,
  dataSize: number,
): void {
  let end = 0;
  for (const [name, { offset, bytes }] of tensors) {
    if (offset !== end) {
      throw fault(
        action,
        `tensor ${
          quoted(name)
        } must begin where the one before it ends, at byte ${end} of the data`,
        offset,
      );
    }
    end += bytes;
  }
  if (end !== dataSize) {
    throw fault(
      action,
      `the data after its header must have the ${end} bytes of its tensors`,
      dataSize,
    );
  }
}

/** A hostile shape may have millions of axes. */
function cutShape(shape: readonly number[]): string {
  const most = 8;
  return formatShape(shape.slice(0, most)) +
    (shape.length > most ? ` and ${shape.length - most} axes more` : "");
}

function headOf(action: string, json: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / prefixBytes) * prefixBytes;
  if (length > longestHeader) {
    throw new RangeError(
      cannot(
        action,
        `its header must have at most ${longestHeader} bytes`,
        length,
      ),
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
        cannot(action, "a name must be a string", describe(name)),
      );
    }
    if (name === metadataKey || names.has(name) || !name.isWellFormed()) {
      throw new RangeError(
        cannot(
          action,
          `each name must be well-formed Unicode, come once and not be ${metadataKey}`,
          quoted(name),
        ),
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
      cannot(action, "metadata must be an object of strings", describe(odd)),
    );
  }
}

function lengthOf(action: string, { name, dtype, shape }: TensorSpec): number {
  checkDtype(action, dtype);
  checkShape(action, shape);
  if (dtypes[dtype].safetensors === null) {
    throw new TypeError(
      cannot(
        action,
        `the dtype of tensor ${quoted(name)} must be one of safetensors`,
        dtype,
      ),
    );
  }
  const length = byteLength(shape, dtypes[dtype].bits);
  if (length === undefined) {
    throw new RangeError(
      cannot(
        action,
        `tensor ${quoted(name)} must have whole bytes, fewer than 2^53`,
        outline({ dtype, shape }),
      ),
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
