/**
 * npy files: magic bytes, a version, a header that describes the array, and the
 * array.
 *
 * @module
 * @see numpy/lib/format.py, NumPy 2.4
 */

import {
  cannot,
  describe,
  noMore,
  readOptions,
  shownName,
} from "../../core/options.ts";
import { type Dtype, dtypes, type TypedArray } from "../../core/dtype.ts";
import { plural } from "../../core/format.ts";
import { elementCount, type Shape } from "../../core/shape.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  loneTensor,
  partOf,
  type TensorInfo,
  type Unread,
} from "../../core/source.ts";
import type { Nested, Tensor } from "../../core/tensor.ts";
import {
  byteLength,
  bytesOf,
  type ByteSource,
  checkBytes,
  checkReadable,
  checkSource,
  fault,
  keepingLast,
  readExactly,
  reverseWords,
  tensorOf,
  textOf,
} from "./bytes.ts";
import { firstFastest, rowMajor } from "./strided.ts";
import { type NpyOptions, npyOptions, type VoidDtype } from "./void.ts";

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
const prefixBytes = magic.length + 2 + 4;

/** Nearly all headers have this many bytes, which are read at once. */
export const usualHeader = 128;

/** The most bytes that a header may have, as NumPy's first version limits it. */
const longestHeader = 65_535;

/** One token and the white space around it. */
const token = /\s*('[^'\\]*'|"[^"\\]*"|True\b|False\b|\d+L?|[^\s])\s*/y;

/** Each dtype by the letter of its kind and its bytes: `f4`. */
const byDescr: ReadonlyMap<string, Dtype> = new Map([
  ...Object.entries(dtypes).flatMap(([name, { npy }]): [string, Dtype][] =>
    npy === null ? [] : [[npy.slice(1), name as Dtype]]
  ),
  // So ml_dtypes 0.6 names it, and no other dtype; NumPy alone does not read it.
  ["f1", "float8_e5m2"],
]);

/** How a header names an element type that is no structure. */
const descrForm = /^([<>|=]?)(([a-zA-Z])\d*(?:\[\w+\])?)$/;

/** What arrays of kinds that are not read hold, by the kind's letter. */
const unreadKinds: Readonly<Record<string, string>> = {
  U: "texts",
  S: "texts",
  O: "Python objects, which are never made",
  M: "dates",
  m: "spans of time",
  V: "records or raw bytes",
};

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
 * @param options What raw bytes are.
 * @throws {SyntaxError} If the bytes do not parse, or the dtype is not
 * supported: texts, dates, structures, objects.
 * @throws {TypeError} If they are no Uint8Array, or an option is unknown.
 * @throws {RangeError} If `void` is no such dtype.
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
export function decodeNpy(
  bytes: Uint8Array,
  options: NpyOptions = {},
): Tensor {
  const action = "decode an npy file";
  const given = noMore(action, arguments, 2) ? {} : options;
  checkBytes(action, bytes);
  return readNpy(action, bytes, readOptions(action, given, npyOptions).void);
}

/**
 * Returns the bytes of an npy file, the same that NumPy writes for the array.
 *
 * @param weight A tensor, a typed array or nested numbers.
 * @throws {TypeError} If it is none of these, or NumPy has no such dtype: convert
 * bfloat16 and floats of 8 bits and fewer with `tensor.to("float32")`.
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
  const tensor = loneTensor(weight, action);
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
 * @param options What raw bytes are.
 * An array of texts, dates, structures or objects is listed in `unread`.
 *
 * @throws {SyntaxError} If the header does not parse, or the file is shorter or
 * longer than it says.
 * @throws {TypeError} If it is no source, or an option is unknown.
 * @throws {RangeError} If `void` is no such dtype.
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
export async function openNpy(
  source: ByteSource,
  options: NpyOptions = {},
): Promise<Checkpoint> {
  const action = "open an npy file";
  noMore(action, arguments, 2);
  checkSource(action, source);
  const given = readOptions(action, options, npyOptions);
  const header = await readHeader(action, source, given.void);
  const isRead = "start" in header;
  const tensors: Record<string, TensorInfo> = isRead
    ? { [arrayName]: infoIn(header) }
    : {};
  const unread: Record<string, Unread> = isRead ? {} : { [arrayName]: header };
  const checkpoint: Checkpoint = {
    metadata: {},
    tensors,
    unread,
    async read(asked: string, range?: ElementRange) {
      const reading = "read an npy file";
      checkReadable(reading, unread, asked);
      const info = infoOf(reading, tensors, asked);
      const part = partOf(reading, info, range);
      const { start, ...order } = header as NpyHeader;
      const offset = start + part.offset;
      const data = await readExactly(reading, source, offset, part.length);
      const ordered = orderedBytes(data, { ...order, shape: part.shape });
      return tensorOf(reading, ordered, part.shape, info.dtype);
    },
  };
  return isRead && header.fortranOrder ? keepingLast(checkpoint) : checkpoint;
}

/**
 * Returns the facts about the array of an npy file.
 *
 * @param header Its header.
 */
export function infoIn({ dtype, shape, bytes }: NpyHeader): TensorInfo {
  return { dtype, shape, bytes };
}

/**
 * Returns the array of an npy file.
 *
 * @param action What is being done, for the error message.
 * @param bytes The file.
 * @param raw What raw bytes are; null if unknown.
 * @throws {SyntaxError} If the bytes do not parse.
 */
export function readNpy(
  action: string,
  bytes: Uint8Array,
  raw: VoidDtype | null,
): Tensor {
  const header = parseNpyHeader(action, bytes, bytes.length, raw);
  if (!("start" in header)) throw descrFault(action, header.dtype);
  const { dtype, shape, start } = header;
  const ordered = orderedBytes(new Uint8Array(bytes.subarray(start)), header);
  return tensorOf(action, ordered, shape, dtype);
}

/**
 * Returns the place where the data of an npy file begin.
 *
 * @param action What is being done, for the error message.
 * @param head The first {@linkcode usualHeader} bytes or more; or all if there
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
 * Reads the header of an npy file: of an array that can be read, or of one of
 * texts, dates, structures or objects.
 *
 * @param action What is being done, for the error message.
 * @param head The bytes before the data, or more of them.
 * @param size The file's size.
 * @param raw What raw bytes are; null if unknown.
 * @throws {SyntaxError} If the header does not parse, or the file is shorter or
 * longer than the header says.
 */
export function parseNpyHeader(
  action: string,
  head: Uint8Array,
  size: number,
  raw: VoidDtype | null,
): NpyHeader | Unread {
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
  const descr = members.get("descr");
  const shape = members.get("shape");
  const fortranOrder = members.get("fortran_order");
  if (!Array.isArray(shape) || typeof fortranOrder !== "boolean") {
    throw fault(
      action,
      "its shape must be a tuple and its fortran_order a truth value",
      [shape, fortranOrder],
    );
  }
  const kind = readDescr(action, descr, raw);
  if (!("dtype" in kind)) {
    return { dtype: shownName(String(descr)), shape, ...kind };
  }
  const { dtype, bigEndian } = kind;
  const bytes = byteLength(shape, dtypes[dtype].bits);
  if (bytes !== size - start) {
    throw bytes === undefined
      ? fault(action, "its elements must take fewer than 2^53 bytes", shape)
      : lengthFault(action, { dtype, shape }, bytes, size - start);
  }
  return { dtype, shape, fortranOrder, bigEndian, start, bytes };
}

function lengthFault(
  action: string,
  array: Pick<NpyHeader, "dtype" | "shape">,
  bytes: number,
  left: number,
): SyntaxError {
  const { dtype, shape } = array;
  const difference = plural(Math.abs(left - bytes), "byte");
  return new SyntaxError(cannot(
    action,
    `by its header ${bytes} bytes must follow, the ${
      elementCount(shape)
    } elements of ${dtype}`,
    `${left}: ${difference} ${left < bytes ? "missing" : "too many"}`,
  ));
}

async function readHeader(
  action: string,
  source: ByteSource,
  raw: VoidDtype | null,
): Promise<NpyHeader | Unread> {
  const { size } = source;
  const first = Math.min(usualHeader, size);
  const prefix = await readExactly(action, source, 0, first);
  const start = npyStart(action, prefix, size);
  const head = start <= first
    ? prefix
    : await readExactly(action, source, 0, start);
  return parseNpyHeader(action, head, size, raw);
}

function inHex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** Where the header's text begins: its length takes 2 bytes, then 4. */
function textStart(version: number): number {
  return version === 1 ? prefixBytes - 2 : prefixBytes;
}

/** The dtype and its byte order, or why such an array is not read. */
function readDescr(
  action: string,
  descr: unknown,
  raw: VoidDtype | null,
): Pick<NpyHeader, "dtype" | "bigEndian"> | Pick<Unread, "reason"> {
  if (String(descr).startsWith("[")) return { reason: "it holds structures" };
  const match = descrForm.exec(String(descr));
  const named = byDescr.get(match?.[2] ?? "");
  const isRaw = raw !== null && named !== undefined &&
    dtypes[named].kind === "opaque" && dtypes[named].bits === dtypes[raw].bits;
  const dtype = isRaw ? raw : named;
  if (match === null) throw descrFault(action, descr);
  if (dtype === undefined) {
    const held = unreadKinds[match[3]] ?? "numbers of an unknown dtype";
    return { reason: `it holds ${held}` };
  }
  return { dtype, bigEndian: match[1] === ">" };
}

function descrFault(action: string, descr: unknown): SyntaxError {
  return fault(
    action,
    `its descr must be one of ${[...byDescr.keys()].join(", ")}`,
    descr,
  );
}

/** Converts data that no other code uses to little-endian and row-major. */
function orderedBytes(
  data: Uint8Array,
  header: Pick<NpyHeader, "dtype" | "shape" | "bigEndian" | "fortranOrder">,
): Uint8Array {
  const { dtype, shape, bigEndian, fortranOrder } = header;
  const { bits, parts } = dtypes[dtype];
  const size = bits / 8;
  // Each part of a complex number by itself.
  if (bigEndian) reverseWords(data, size / parts);
  if (!fortranOrder || shape.length < 2) return data;
  const strides = firstFastest(shape);
  return rowMajor(data, { offset: 0, shape, strides }, size);
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
 * Parses a dictionary of strings, booleans, tuples of integers and lists:
 * `{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }`.
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
  if (next === "[") return readList(tokens);
  return readString(tokens);
}

/** Reads the fields of a structure, which stay text. */
function readList(tokens: Tokens): string {
  const parts: string[] = [];
  const open: string[] = [];
  do {
    const { next } = tokens;
    if (next === "") tokens.fail("a list must end");
    if (next === "[") open.push("]");
    else if (next === "(") open.push(")");
    else if (next === open.at(-1)) open.pop();
    else if (next === "]" || next === ")") tokens.expect(open.at(-1)!);
    parts.push(tokens.take());
  } while (open.length > 0);
  return parts.join("");
}

function readTuple(tokens: Tokens): number[] {
  const numbers: number[] = [];
  tokens.expect("(");
  while (!tokens.skip(")")) {
    // Python 2 wrote long integers with an L.
    const value = Number(tokens.next.replace("L", ""));
    const isLiteral = /^(0|[1-9]\d*)L?$/.test(tokens.next);
    if (!isLiteral || !Number.isSafeInteger(value)) {
      tokens.fail(
        "a whole number of at least 0 and below 2^53, without leading zeros, must follow",
      );
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
