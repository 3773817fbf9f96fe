/**
 * npy files: magic bytes, a version, a header that describes the array, and the
 * array.
 *
 * @module
 * @see numpy/lib/format.py, NumPy 2.4
 */

import { cannot, describe, noMore } from "../../core/options.ts";
import { type Dtype, dtypes, type TypedArray } from "../../core/dtype.ts";
import { elementCount, type Shape } from "../../core/shape.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  loneTensor,
  partOf,
} from "../../core/source.ts";
import type { Nested, Tensor } from "../../core/tensor.ts";
import {
  byteLength,
  bytesOf,
  type ByteSource,
  checkBytes,
  checkSource,
  fault,
  keepingLast,
  readExactly,
  tensorOf,
  textOf,
} from "./bytes.ts";

/** The header of an npy file. */
interface NpyHeader {
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  /** Whether the first byte of an element is its largest part. */
  readonly bigEndian: boolean;
  /** How many bytes precede the data. */
  readonly start: number;
  /** How many bytes the data have. */
  readonly bytes: number;
}

/** The values that the dictionary may hold. */
type Literal = string | boolean | readonly number[];

/** `\x93NUMPY`. */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Magic, version, and the header's length in version 2 and 3. */
export const prefixBytes: number = magic.length + 2 + 4;

/** The most bytes that a header may have, as NumPy's first version limits it. */
const longestHeader = 65_535;

/** One token and the white space around it. */
const token = /\s*('[^'\\]*'|"[^"\\]*"|True\b|False\b|\d+L?|[^\s])\s*/y;

/** Each dtype by the letter of its kind and its bytes: `f4`. */
const byDescr: ReadonlyMap<string, Dtype> = new Map(
  Object.entries(dtypes).flatMap(([name, { npy }]) =>
    npy === null ? [] : [[npy.slice(1), name as Dtype]]
  ),
);

/** The header ends at a multiple of this. */
const alignment = 64;

/** NumPy leaves room for a first axis of this many digits. */
const roomForGrowth = 21;

/** The name that `numpy.savez` gives an unnamed array. */
const arrayName = "arr_0";

/**
 * Returns the array of an npy file as a tensor, row-major whatever the order in
 * the file. Reads versions 1, 2 and 3, and both byte orders.
 *
 * @param bytes The file. The tensor is a copy.
 * @throws {SyntaxError} If the bytes do not parse, or the dtype is not
 * supported: complex numbers, texts, dates, structures, objects.
 * @throws {TypeError} If they are no Uint8Array.
 * @see `numpy.load`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { decodeNpy, encodeNpy } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNpy(tensor([[1, 2], [3, 4]], { dtype: "int16" }));
 * assertEquals(decodeNpy(bytes).toArray(), [[1, 2], [3, 4]]);
 * ```
 */
export function decodeNpy(bytes: Uint8Array): Tensor {
  const action = "decode an npy file";
  noMore(action, arguments, 1);
  checkBytes(action, bytes);
  return readNpy(action, bytes);
}

/**
 * Returns the bytes of an npy file, the same that NumPy writes for the array.
 *
 * @param weight A tensor, a typed array or nested numbers.
 * @throws {TypeError} If it is none of these, or NumPy has no such dtype: convert
 * bfloat16 with `tensor.to("float32")`.
 * @see `numpy.save`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { encodeNpy } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNpy(tensor([1, 2]));
 * assertEquals(bytes.length, 128 + 8);
 * assertEquals(new TextDecoder().decode(bytes.subarray(10, 26)), "{'descr': '<f4',");
 * ```
 */
export function encodeNpy(
  weight: Tensor | Nested<number | TypedArray>,
): Uint8Array<ArrayBuffer> {
  const action = "encode a tensor as npy";
  noMore(action, arguments, 1);
  const tensor = loneTensor(weight);
  if (tensor === undefined) {
    throw new TypeError(
      cannot(action, "it must be a tensor or numbers", describe(weight)),
    );
  }
  const { npy } = dtypes[tensor.dtype];
  if (npy === null) {
    throw new TypeError(
      cannot(action, "its dtype must be one of NumPy", tensor.dtype),
    );
  }
  const head = headOf(npy, tensor.shape);
  const data = bytesOf(tensor);
  const bytes = new Uint8Array(head.length + data.length);
  bytes.set(head);
  bytes.set(data, head.length);
  return bytes;
}

/**
 * Opens an npy file, reading only its header. Its one array is called `arr_0`,
 * as `numpy.savez` calls an array without a name. If its first index runs
 * fastest, reading a part loads the whole array.
 *
 * @param source The file's bytes, by range.
 * @throws {SyntaxError} If the header does not parse, the dtype is not
 * supported, or the file is shorter or longer than it says.
 * @throws {TypeError} If it is no source.
 * @see `numpy.load`, NumPy 2.4
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { bytesSource, encodeNpy, openNpy } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const file = await openNpy(bytesSource(encodeNpy(tensor([1, 2, 3]))));
 * assertEquals(file.tensors.arr_0.shape, [3]);
 * const end = await file.read("arr_0", { start: 1 });
 * assertEquals(end.toArray(), [2, 3]);
 * ```
 */
export async function openNpy(source: ByteSource): Promise<Checkpoint> {
  const action = "open an npy file";
  noMore(action, arguments, 1);
  checkSource(action, source);
  const header = await readHeader(action, source);
  const { dtype, shape, bytes, start } = header;
  const tensors = { [arrayName]: { dtype, shape, bytes } };
  const checkpoint: Checkpoint = {
    metadata: {},
    tensors,
    async read(asked: string, range?: ElementRange) {
      const reading = "read an npy file";
      const info = infoOf(reading, tensors, asked);
      const part = partOf(reading, info, range);
      const offset = start + part.offset;
      const data = await readExactly(reading, source, offset, part.length);
      const ordered = orderedBytes(data, { ...header, shape: part.shape });
      return tensorOf(reading, ordered, part.shape, dtype);
    },
  };
  return header.fortranOrder ? keepingLast(checkpoint) : checkpoint;
}

/**
 * Returns the array of an npy file.
 *
 * @param action What is being done, for the error message.
 * @param bytes The file.
 * @throws {SyntaxError} If the bytes do not parse.
 */
export function readNpy(action: string, bytes: Uint8Array): Tensor {
  const header = parseNpyHeader(action, bytes, bytes.length);
  const { dtype, shape, start } = header;
  const ordered = orderedBytes(new Uint8Array(bytes.subarray(start)), header);
  return tensorOf(action, ordered, shape, dtype);
}

/**
 * Returns the place where the data of an npy file begin.
 *
 * @param action What is being done, for the error message.
 * @param head The first {@linkcode prefixBytes} bytes or more; or all if there
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
      Array.from(head.subarray(0, magic.length), inHex).join(" "),
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
  // Missing bytes count as 0.
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
 * Reads the header of an npy file.
 *
 * @param action What is being done, for the error message.
 * @param head The bytes before the data, or more of them.
 * @param size The file's size.
 * @throws {SyntaxError} If the header does not parse, the dtype is not
 * supported, or the file is shorter or longer than the header says.
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

async function readHeader(
  action: string,
  source: ByteSource,
): Promise<NpyHeader> {
  const { size } = source;
  const first = Math.min(prefixBytes, size);
  const prefix = await readExactly(action, source, 0, first);
  const start = npyStart(action, prefix, size);
  const head = await readExactly(action, source, 0, start);
  return parseNpyHeader(action, head, size);
}

/** Where the header's text begins: its length takes 2 bytes, then 4. */
function inHex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function textStart(version: number): number {
  return version === 1 ? prefixBytes - 2 : prefixBytes;
}

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

/** Converts data that no other code uses to little-endian and row-major. */
function orderedBytes(
  data: Uint8Array,
  header: Pick<NpyHeader, "dtype" | "shape" | "bigEndian" | "fortranOrder">,
): Uint8Array {
  const { dtype, shape, bigEndian, fortranOrder } = header;
  const size = dtypes[dtype].bits / 8;
  if (bigEndian) swapBytes(data, size);
  return fortranOrder && shape.length > 1 ? rowMajor(data, shape, size) : data;
}

/** Reverses the bytes of each element, in place. */
function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) {
    bytes.subarray(start, start + size).reverse();
  }
}

/** Reorders elements from the first index fastest to the last index fastest. */
function rowMajor(
  bytes: Uint8Array,
  shape: Shape,
  size: number,
): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < bytes.length; to += size) {
    for (let byte = 0; byte < size; byte++) {
      result[to + byte] = bytes[from * size + byte];
    }
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

function headOf(descr: string, shape: Shape): Uint8Array {
  const room = shape.length === 0
    ? 0
    : Math.max(0, roomForGrowth - String(shape[0]).length);
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${
    tuple(shape)
  }, }${" ".repeat(room)}`;
  // Tensors have at most 64 axes, so the length always fits version 1.
  const start = prefixBytes - 2;
  const length = Math.ceil((start + text.length + 1) / alignment) * alignment -
    start;
  const head = new Uint8Array(start + length);
  new TextEncoder().encodeInto(
    `NUMPY${" ".repeat(start - 6)}${text.padEnd(length - 1)}\n`,
    head.subarray(1),
  );
  head.set([0x93]);
  head.set([1, 0], 6);
  new DataView(head.buffer).setUint16(8, length, true);
  return head;
}

/** A shape as Python writes a tuple. */
function tuple(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/**
 * Parses a dictionary of strings, booleans and tuples of integers: `{'descr':
 * '<f4', 'fortran_order': False, 'shape': (3,), }`.
 */
function parseLiteral(
  action: string,
  text: string,
): ReadonlyMap<string, Literal> {
  const tokens = new Tokens(action, text);
  const members = new Map<string, Literal>();
  tokens.expect("{");
  while (!tokens.skip("}")) {
    const key = readString(tokens);
    if (members.has(key)) tokens.fail("a key must come once");
    tokens.expect(":");
    members.set(key, readValue(tokens));
    if (!tokens.skip(",") && tokens.next !== "}") tokens.fail(", must follow");
  }
  if (tokens.next !== "") tokens.fail("nothing may follow the }");
  return members;
}

function readString(tokens: Tokens): string {
  if (!/^['"]./.test(tokens.next)) tokens.fail("a string must follow");
  return tokens.take().slice(1, -1);
}

function readValue(tokens: Tokens): Literal {
  const { next } = tokens;
  if (next === "True" || next === "False") return tokens.take() === "True";
  if (next === "(") return readTuple(tokens);
  return readString(tokens);
}

function readTuple(tokens: Tokens): number[] {
  const numbers: number[] = [];
  tokens.expect("(");
  while (!tokens.skip(")")) {
    // Python 2 wrote long integers with an L.
    const value = Number(tokens.next.replace("L", ""));
    if (!/^\d/.test(tokens.next) || !Number.isSafeInteger(value)) {
      tokens.fail("a whole number of at least 0 and below 2^53 must follow");
    }
    tokens.take();
    numbers.push(value);
    // Without a comma, `(3)` is a number to Python.
    const last = tokens.next === ")" && numbers.length > 1;
    if (!tokens.skip(",") && !last) tokens.fail(", must follow");
  }
  return numbers;
}

/** The tokens of a text, the next one known. */
class Tokens {
  /** The next token; empty at the end. */
  next = "";
  readonly #action: string;
  readonly #text: string;
  #start = 0;
  #end = 0;

  constructor(action: string, text: string) {
    this.#action = action;
    this.#text = text;
    this.#advance();
  }

  take(): string {
    const { next } = this;
    this.#advance();
    return next;
  }

  skip(wanted: string): boolean {
    if (this.next !== wanted) return false;
    this.#advance();
    return true;
  }

  expect(wanted: string): void {
    if (!this.skip(wanted)) this.fail(`${wanted} must follow`);
  }

  fail(rule: string): never {
    throw fault(
      this.#action,
      `at character ${this.#start} of its header ${rule}`,
      this.next === "" ? "the end" : this.next,
    );
  }

  #advance(): void {
    token.lastIndex = this.#end;
    const match = token.exec(this.#text);
    this.#start = this.#end + (match?.[0].indexOf(match[1]) ?? 0);
    this.#end = match === null ? this.#text.length : token.lastIndex;
    this.next = match?.[1] ?? "";
  }
}
