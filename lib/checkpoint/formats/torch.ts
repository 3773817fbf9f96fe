/**
 * PyTorch's files: a pickle that says what there is, and the bytes of tensors.
 * Since 1.6 they are entries of a zip file, before that they followed one
 * another.
 *
 * Opening reads the pickle, and runs nothing of it. A tensor is read by range,
 * from the bytes of its storage, which others may share.
 *
 * @module
 * @see torch/serialization.py, PyTorch 2.13.0
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";
import {
  cannot,
  checkCount,
  quoted,
  shownName,
  withDefaults,
} from "../../core/options.ts";
import { elementCount, type Shape } from "../../core/shape.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
  type Quantization,
  recordOf,
  setQuantization,
  type TensorInfo,
  type Unread,
} from "../../core/source.ts";
import { empty, type Tensor, valuesOf } from "../../core/tensor.ts";
import {
  type ByteSource,
  checkReadable,
  checkSource,
  fault,
  firstOf,
  readExactly,
  reverseWords,
  tensorOf,
} from "./bytes.ts";
import {
  foreignKind,
  headBytes,
  headOf,
  isTorchPickle,
  isZip,
  streamMagic,
} from "./starts.ts";
import {
  EarlyEnd,
  type Meanings,
  type PickledName,
  PickledTuple,
  unpickle,
} from "./pickle.ts";
import { checkInside, isContiguous, readStrided } from "./strided.ts";
import { named } from "./torch_names.ts";
import {
  bytesOfItem,
  countOf,
  giveState,
  isKnown,
  itemsOf,
  type Levels,
  opening,
  rebuilt,
  storageOf,
  type TensorPlace,
  type TorchStorage,
} from "./torch_objects.ts";
import { type Entry, entryStart, readDirectory, unpack } from "./zip.ts";

/** What a file holds. */
interface TorchFile {
  /** Its object. */
  readonly root: unknown;
  /** The classes and functions that it names. */
  readonly names: Iterable<PickledName>;
  /** Whether the first byte of an element is its largest part. */
  readonly bigEndian: boolean;
  /** Its pickles that are not read. */
  readonly otherPickles: readonly string[];
}

/** A tensor that can be read. */
interface Readable {
  /** Where its elements are, as the file counts them. */
  readonly place: TensorPlace & { readonly storage: TorchStorage };
  /** What the file stores. */
  readonly stored: Dtype;
  /** Its facts. */
  readonly info: TensorInfo;
}

/** A storage that is a part of another. */
interface View {
  /** The part. */
  readonly storage: TorchStorage;
  /** The whole. */
  readonly root: TorchStorage;
  /** The first element. */
  readonly offset: number;
}

/** The most bytes that a pickle may have. */
const longestPickle = 2 ** 26;

/** How many bytes of a pickle of unknown length are read first. */
const firstPickleBytes = 2 ** 16;

/** As many bytes of a storage are kept for the next part of a tensor. */
const mostKept = 2 ** 28;

/** The version that follows it. */
const streamVersion = 1001;

/** A pickle's first byte: PROTO, or LONG of the magic number in protocol 1. */
const pickleStarts: readonly number[] = [0x80, 0x4c];

/** What names mean in a pickle without storages. */
const meanings: Meanings = {
  call: rebuilt,
  build: giveState,
  outside: (id) => {
    throw fault(opening, "this pickle must have nothing outside of it", id);
  },
};

/** Of PyTorch's dtypes, the one whose elements are pairs. */
const pairs = "float4_e2m1fn_x2";

/** The integers of PyTorch's quantized dtypes. */
const levelDtypes: ReadonlyMap<string, "uint8" | "int8" | "int32"> = new Map([
  ["quint8", "uint8"],
  ["qint8", "int8"],
  ["qint32", "int32"],
]);

/**
 * Opens a file of PyTorch, of `torch.save` or `torch.jit.save`, reading only its
 * pickle. Nothing of it is run: `notes` lists the classes and functions that
 * Python would look up and that have no meaning here.
 *
 * Tensors have the names that `state_dict` gives, in nested objects after those
 * of what holds them; numbers and texts are metadata. Quantized tensors are
 * restored, `value = (q - zero) * scale`, and marked. `unread` lists what has no
 * bytes in the file, or a dtype that does not exist here.
 *
 * @param source The file's bytes, by range.
 * @param options The most bytes that a deflated storage may take, or a tensor that
 * repeats its storage. Default: 2^31.
 * @throws {SyntaxError} If it is no such file, breaks a rule of its format, or a
 * tensor lies outside of its storage.
 * @throws {TypeError} If it is no source.
 * @see `torch.save`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { bytesSource, openTorch } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * // {"bias": torch.tensor([1.0, 2.0]), "step": 7}, as PyTorch before 1.6 saved it.
 * const file = Uint8Array.fromBase64(
 *   "gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9LoACfShYBAAAAGJpYXNjdG9yY2gu" +
 *   "X3V0aWxzCl9yZWJ1aWxkX3RlbnNvcgooKFgHAAAAc3RvcmFnZWN0b3JjaApG" +
 *   "bG9hdFN0b3JhZ2UKWAEAAAAwWAMAAABjcHVLAk50UUsASwKFSwGFdFJYBAAA" +
 *   "AHN0ZXBLB3UugAJdKFgBAAAAMGUuAgAAAAAAAAAAAIA/AAAAQA==",
 * );
 * const checkpoint = await openTorch(bytesSource(file));
 * assertEquals((await checkpoint.read("bias")).toArray(), [1, 2]);
 * assertEquals(checkpoint.metadata, { step: "7" });
 * ```
 */
export async function openTorch(
  source: ByteSource,
  options: { readonly maxBytes?: number } = {},
): Promise<Checkpoint> {
  checkSource(opening, source);
  const { maxBytes } = withDefaults(opening, options, { maxBytes: 2 ** 31 });
  checkCount(opening, "maxBytes", maxBytes, 0);
  const head = await headOf(opening, source);
  if (!isZip(head) && !pickleStarts.includes(head[0])) {
    const start = new TextDecoder("latin1").decode(head.subarray(0, 16));
    throw new SyntaxError(
      cannot(
        opening,
        "it must be a zip file or a stream of pickles",
        foreignKind(head, "") ?? quoted(start),
      ),
    );
  }
  const file = isZip(head)
    ? await readZip(source, maxBytes)
    : await readStream(source);
  return checkpointOf(file, maxBytes);
}

async function readZip(
  source: ByteSource,
  maxBytes: number,
): Promise<TorchFile> {
  const entries = new Map<string, Entry>();
  for (const entry of await readDirectory(opening, source)) {
    if (entries.has(entry.name)) {
      throw fault(opening, "the name of an entry must come once", entry.name);
    }
    entries.set(entry.name, entry);
  }
  const pickles = [...entries.keys()].filter((name) => /\.pkl$/.test(name));
  const [main, ...more] = pickles.filter(isTorchPickle);
  if (main === undefined || more.length > 0) {
    throw fault(
      opening,
      "its zip file must have one entry data.pkl",
      main === undefined ? 0 : 1 + more.length,
    );
  }
  const folder = main.slice(0, -"data.pkl".length);
  const storages = new Map<string, TorchStorage>();
  const bytes = await entryBytes(source, entries.get(main)!, longestPickle);
  const { value, names } = unpickle(opening, bytes, {
    ...meanings,
    outside(id) {
      const [kind, storageClass, key, , length] = itemsOf("an id", id);
      checkKind(kind, "storage");
      return sharedStorage(storages, storageClass, key, length);
    },
  });
  for (const [key, storage] of storages) {
    const entry = entries.get(`${folder}data/${key}`);
    if (entry !== undefined) {
      storage.source = entrySource(source, entry, maxBytes);
    }
  }
  const order = entries.get(`${folder}byteorder`);
  return {
    root: value,
    names: names.values(),
    bigEndian: order !== undefined &&
      isBig(await entryBytes(source, order, headBytes)),
    otherPickles: pickles.filter((name) => name !== main),
  };
}

/** PyTorch may leave the checksums out, and does not look at them. */
async function entryBytes(
  source: ByteSource,
  entry: Entry,
  most: number,
): Promise<Uint8Array> {
  if (entry.size > most) {
    throw fault(
      opening,
      `its entry ${quoted(entry.name)} must have at most ${most} bytes`,
      entry.size,
    );
  }
  return await unpack(opening, source, entry, entry.size, false);
}

function isBig(bytes: Uint8Array): boolean {
  const order = new TextDecoder().decode(bytes);
  if (order === "big" || order === "little") return order === "big";
  throw fault(opening, "its byteorder must be little or big", order);
}

function entrySource(
  source: ByteSource,
  entry: Entry,
  maxBytes: number,
): ByteSource {
  if (entry.deflated) return new Inflated(source, entry, maxBytes);
  const action = `${opening}'s entry ${quoted(entry.name)}`;
  let start: Promise<number> | undefined;
  return {
    size: entry.size,
    async read(offset, length) {
      start ??= entryStart(action, source, entry);
      const from = await start + offset;
      return await readExactly(action, source, from, length);
    },
  };
}

/** A deflated entry. Each read inflates the whole. */
class Inflated implements ByteSource {
  readonly size: number;
  /** Whether it is larger than the caller allows. */
  readonly isTooLarge: boolean;
  readonly #source: ByteSource;
  readonly #entry: Entry;

  constructor(source: ByteSource, entry: Entry, maxBytes: number) {
    this.size = entry.size;
    this.isTooLarge = entry.size > maxBytes;
    this.#source = source;
    this.#entry = entry;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = await entryBytes(this.#source, this.#entry, this.size);
    return bytes.subarray(offset, offset + length);
  }
}

async function readStream(source: ByteSource): Promise<TorchFile> {
  const stream = new PickleStream(source);
  const names = new Map<string, PickledName>();
  const storages = new Map<string, TorchStorage>();
  const views = new Map<string, View>();
  const magic = await stream.next(meanings, names);
  if (magic !== streamMagic) {
    throw fault(
      opening,
      "it must be a zip file, or begin with PyTorch's magic number",
      typeof magic === "bigint" ? magic : "another pickle",
    );
  }
  const version = await stream.next(meanings, names);
  if (version !== streamVersion) {
    throw fault(opening, `its version must be ${streamVersion}`, version);
  }
  // Sizes of C's types, and an order of bytes, which the storages never have.
  await stream.next(meanings, names);
  const root = await stream.next({
    ...meanings,
    outside(id) {
      const [kind, thing, key, , length, view] = itemsOf("an id", id);
      // A module's class stands beside its source text.
      if (kind === "module") return thing;
      checkKind(kind, "storage");
      const whole = sharedStorage(storages, thing, key, length);
      return view instanceof PickledTuple
        ? viewOf(views, whole, thing, view.items)
        : whole;
    },
  }, names);
  for (const key of itemsOf("the keys", await stream.next(meanings, names))) {
    const storage = storages.get(String(key));
    if (storage === undefined) {
      throw fault(opening, "each storage must be one of a tensor", key);
    }
    storage.source = await stream.storage(storage);
  }
  for (const { storage, root, offset } of views.values()) {
    if (root.source === undefined) continue;
    const unit = bytesOfItem(storage.dtype)!;
    storage.source = sliceOf(root.source, offset * unit, storage.length * unit);
  }
  return { root, names: names.values(), bigEndian: false, otherPickles: [] };
}

function viewOf(
  views: Map<string, View>,
  root: TorchStorage,
  storageClass: unknown,
  [key, offset, length]: readonly unknown[],
): TorchStorage {
  const name = String(key);
  const known = views.get(name);
  if (known !== undefined) return known.storage;
  const storage = storageOf(storageClass, length);
  views.set(name, {
    storage,
    root,
    offset: countOf("a view's offset", offset),
  });
  return storage;
}

/** Pickles after one another; nothing says how long each is. */
class PickleStream {
  readonly #source: ByteSource;
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Returns the next pickle's object, and adds what it names. */
  async next(
    meanings: Meanings,
    names: Map<string, PickledName>,
  ): Promise<unknown> {
    const left = this.#source.size - this.#at;
    for (let most = firstPickleBytes;; most *= 4) {
      const length = Math.min(most, left);
      const bytes = await readExactly(opening, this.#source, this.#at, length);
      try {
        const found = unpickle(opening, bytes, meanings);
        this.#at += found.end;
        for (const [path, name] of found.names) names.set(path, name);
        return found.value;
      } catch (error) {
        const isWhole = length === left || length >= longestPickle;
        if (isWhole || !(error instanceof EarlyEnd)) throw error;
      }
    }
  }

  /** Returns the bytes of the next storage, after their number. */
  async storage({ dtype, length }: TorchStorage): Promise<ByteSource> {
    const head = await readExactly(opening, this.#source, this.#at, 8);
    const count = new DataView(head.buffer, head.byteOffset)
      .getBigInt64(0, true);
    if (count !== BigInt(length)) {
      throw fault(
        opening,
        `the storage at byte ${this.#at} must have ${length} elements`,
        count,
      );
    }
    const bytes = length * bytesOfItem(dtype)!;
    const start = this.#at + 8;
    this.#at = start + bytes;
    return sliceOf(this.#source, start, bytes);
  }
}

/** A part of a source, which must lie in it. */
function sliceOf(source: ByteSource, start: number, size: number): ByteSource {
  if (start + size > source.size) {
    throw fault(
      opening,
      `${size} bytes of a storage must follow byte ${start}`,
      Math.max(0, source.size - start),
    );
  }
  return {
    size,
    read: (offset, length) => source.read(start + offset, length),
  };
}

function checkKind(kind: unknown, expected: string): void {
  if (kind === expected) return;
  throw fault(opening, `what an id names must be a ${expected}`, kind);
}

/** Tensors share a storage by its key; its first mention says what it is. */
function sharedStorage(
  storages: Map<string, TorchStorage>,
  storageClass: unknown,
  key: unknown,
  length: unknown,
): TorchStorage {
  if (typeof key !== "string" && typeof key !== "number") {
    throw fault(opening, "a storage's key must be text or a number", key);
  }
  const name = String(key);
  const storage = storages.get(name) ?? storageOf(storageClass, length);
  storages.set(name, storage);
  return storage;
}

function checkpointOf(file: TorchFile, maxBytes: number): Checkpoint {
  const { tensors: places, texts } = named(file.root);
  const readable = new Map<string, Readable>();
  const unread: [string, Unread][] = [];
  for (const [name, place] of places) {
    checkPlace(name, place);
    const found = readableOf(place, maxBytes);
    if (typeof found !== "string") readable.set(name, found);
    else {
      const { dtype, shape } = place;
      unread.push([name, { dtype, shape, reason: found }]);
    }
  }
  const tensors = recordOf(
    [...readable].map(([name, { info }]) => [name, info] as const),
  );
  const refused = recordOf(unread);
  const reader = new Reader(file.bigEndian);
  return {
    metadata: recordOf(texts),
    tensors,
    layout: "torch",
    unread: refused,
    notes: notesOf(file),
    async read(name, range) {
      const action = `read tensor ${quoted(name)} of a PyTorch file`;
      checkReadable(action, refused, name);
      infoOf("read a PyTorch file", tensors, name);
      return await reader.read(action, readable.get(name)!, range);
    },
  };
}

function notesOf({ names, otherPickles }: TorchFile): string[] {
  const unknown = [...names].filter((name) => !isKnown(name));
  return [
    ...firstOf(
      unknown.map(({ path }) => `holds ${shownName(path)}: never run`),
      (more) => `holds ${more} other classes and functions: never run`,
    ),
    ...firstOf(
      otherPickles.map((name) =>
        `holds another pickle, ${shownName(name)}: not read`
      ),
      (more) => `holds ${more} more pickles: not read`,
    ),
  ];
}

/** Checks that a tensor lies in its storage, and that in the file. */
function checkPlace(name: string, place: TensorPlace): void {
  const { storage, dtype, levels } = place;
  const unit = bytesOfItem(dtype);
  if (storage === undefined || unit === undefined) return;
  const what = `tensor ${quoted(name)}`;
  const { source, length } = storage;
  const bytes = length * bytesOfItem(storage.dtype)!;
  if (source === undefined || source.size < bytes) {
    throw fault(
      opening,
      `the storage of ${what} must have ${bytes} bytes in the file`,
      source?.size ?? "none",
    );
  }
  // Of other dtypes it is not known how many elements a byte holds.
  if (levelDtypes.has(dtype) || dtypeOf(dtype) !== undefined) {
    checkInside(opening, what, place, unit, bytes);
  }
  for (const level of [levels?.scale, levels?.zero]) {
    if (typeof level === "object") checkPlace(name, level);
  }
}

/** Returns how a tensor is read, or else why it is not. */
function readableOf(place: TensorPlace, maxBytes: number): Readable | string {
  const { storage, dtype, shape, levels } = place;
  if (storage === undefined) return "the file has no bytes of it";
  const isQuantized = levels !== undefined;
  const stored = isQuantized ? levelDtypes.get(dtype) : dtypeOf(dtype);
  if (stored === undefined) return "its dtype is none here";
  const { isFilled, kind } = dtypes[stored];
  if (dtype === pairs && shape.length === 0) {
    return "its elements are pairs, and it has no axis";
  }
  if (place.negative && !isFilled && kind !== "complex") {
    return "its signs are flipped, and its dtype has none";
  }
  if (isQuantized && !areLevels(levels, shape)) {
    return "its scales do not fit its shape";
  }
  const bytes = elementCount(shape) * bytesOfItem(dtype)!;
  const { source } = storage;
  const isTooLarge = source instanceof Inflated && source.isTooLarge;
  if (isTooLarge || bytes > Math.max(maxBytes, source!.size)) {
    return `it takes more than maxBytes, ${maxBytes}, of a smaller file`;
  }
  return {
    place: { ...place, storage },
    stored,
    info: {
      dtype: isQuantized ? "float32" : stored,
      shape: dtype === pairs ? shape.with(-1, 2 * shape.at(-1)!) : shape,
      bytes,
      ...isQuantized
        ? { quantization: quantizationOf(levels, stored as "uint8") }
        : {},
    },
  };
}

function dtypeOf(name: string): Dtype | undefined {
  if (name === pairs) return "float4_e2m1fn";
  return Object.hasOwn(dtypes, name) ? name as Dtype : undefined;
}

/** Whether the scales are numbers, or one for each index of an axis. */
function areLevels({ scale, zero, axis }: Levels, shape: Shape): boolean {
  return [scale, zero].every((level) => {
    if (typeof level === "number") return Number.isFinite(level);
    const found = readableOf(level, Infinity);
    return typeof found !== "string" &&
      ["float", "integer"].includes(dtypes[found.stored].kind) &&
      level.shape.length === 1 && level.shape[0] === shape[axis ?? -1];
  });
}

function quantizationOf(
  { scale, zero }: Levels,
  dtype: "uint8" | "int8" | "int32",
): Quantization {
  return typeof scale === "number" && typeof zero === "number"
    ? { dtype, scale, min: (0 - zero) * scale }
    : { dtype, scale: NaN, min: NaN };
}

/** Reads tensors, and keeps the last storage that takes several reads. */
class Reader {
  readonly #bigEndian: boolean;
  #kept: { storage: TorchStorage; bytes: Promise<Uint8Array> } | undefined;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  async read(
    action: string,
    { place, stored, info }: Readable,
    range?: ElementRange,
  ): Promise<Tensor> {
    const { shape, quantization } = info;
    const part = partOf(action, { dtype: stored, shape }, range);
    const unit = bytesOfItem(place.dtype)!;
    const start = part.offset / unit;
    const end = start + part.length / unit;
    const bytes = await this.#bytes(action, place, unit, { start, end });
    const tensor = tensorOf(action, bytes, part.shape, stored);
    if (quantization === undefined) return tensor;
    const real = await this.#restored(action, tensor, place, start);
    setQuantization(real, quantization);
    return real;
  }

  /** Returns bytes that nothing else uses, the lowest of an element first. */
  async #bytes(
    action: string,
    place: Readable["place"],
    unit: number,
    range: { readonly start: number; readonly end: number },
  ): Promise<Uint8Array> {
    const { storage, dtype, bigEndian } = place;
    const source = await this.#sourceOf(action, place);
    const read = await readStrided(action, place, unit, range, source);
    const isShared = source !== storage.source && isContiguous(place);
    const bytes = isShared ? new Uint8Array(read) : read;
    const word = dtype.startsWith("complex") ? unit / 2 : unit;
    if (bigEndian ?? this.#bigEndian) reverseWords(bytes, word);
    if (place.conjugate && word !== unit) flipSigns(bytes, unit, unit - 1);
    if (place.negative) flipSigns(bytes, word, word - 1);
    return bytes;
  }

  /** What lies apart or is deflated would be read again for each part. */
  async #sourceOf(
    action: string,
    place: Readable["place"],
  ): Promise<ByteSource> {
    const { storage } = place;
    const source = storage.source!;
    const isDirect = isContiguous(place) || source.size > mostKept;
    if (isDirect && !(source instanceof Inflated)) return source;
    if (this.#kept?.storage !== storage) {
      const bytes = readExactly(action, source, 0, source.size);
      this.#kept = { storage, bytes };
      // After a failure, the next call reads the source again.
      bytes.catch(() => this.#kept = undefined);
    }
    const bytes = await this.#kept.bytes;
    return {
      size: bytes.length,
      read: (offset, length) => bytes.subarray(offset, offset + length),
    };
  }

  /** In double, rounded once. */
  async #restored(
    action: string,
    levels: Tensor,
    { levels: quantizer, shape }: TensorPlace,
    start: number,
  ): Promise<Tensor> {
    const { axis = 0 } = quantizer!;
    const scales = await this.#numbers(action, quantizer!.scale);
    const zeros = await this.#numbers(action, quantizer!.zero);
    const inner = elementCount(shape.slice(axis + 1));
    const tensor = empty(levels.shape);
    for (let i = 0; i < tensor.data.length; i++) {
      const index = Math.floor((start + i) / inner) % shape[axis];
      const scale = scales[scales.length === 1 ? 0 : index];
      const zero = zeros[zeros.length === 1 ? 0 : index];
      tensor.data[i] = (Number(levels.data[i]) - zero) * scale;
    }
    return tensor;
  }

  async #numbers(
    action: string,
    level: number | TensorPlace,
  ): Promise<ArrayLike<number>> {
    if (typeof level === "number") return [level];
    const found = readableOf(level, Infinity) as Readable;
    return valuesOf(await this.read(action, found));
  }
}

/** The sign is the highest bit of an element's last byte. */
function flipSigns(bytes: Uint8Array, step: number, first: number): void {
  for (let at = first; at < bytes.length; at += step) bytes[at] ^= 0x80;
}
