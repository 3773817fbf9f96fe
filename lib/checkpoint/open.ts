/**
 * Opens files and checkpoints of any format by their paths. Each format is a
 * file in `formats/` and an entry here.
 *
 * @module
 */

import { type ClosedByUsing, closing } from "../core/closing.ts";
import {
  cannot,
  describe,
  noMore,
  oneOf,
  orNull,
  quoted,
  readOptions,
  shownName,
} from "../core/options.ts";
import { type Checkpoint, type Layout, layouts } from "../core/source.ts";
import { explained, fileSystem, OpenFile } from "./files.ts";
import {
  type ByteSource,
  readExactly,
  type SourceOpener,
} from "./formats/bytes.ts";
import {
  foreignKind,
  headOf,
  isNpy,
  isNpz,
  isSafetensors,
  isTorch,
  isTorchPickle,
  isZip,
} from "./formats/starts.ts";
import { type NpyOptions, npyOptions } from "./formats/void.ts";

/**
 * A file that is open, to be closed after use.
 *
 * @internal
 */
export interface FileSource extends ByteSource, ClosedByUsing {
  /** Closes the file. */
  close(): void;
}

/**
 * A checkpoint whose files are open, to be closed after use.
 *
 * @internal
 */
export interface FileCheckpoint extends Checkpoint, ClosedByUsing {
  /** The opened file; the index or manifest if there are several. */
  readonly path: string;
  /** All opened files, that one included. */
  readonly files: readonly string[];
  /** Closes the files. */
  close(): void;
}

/**
 * Options of {@linkcode openCheckpoint}: what a file does not say of itself.
 *
 * @internal
 */
export interface OpenOptions extends NpyOptions {
  /**
   * What the axes of weights stand for: `"torch"`, (out, in, kernel…);
   * `"hwio"`, (kernel…, in, out); `"ohwi"`, (out, kernel…, in). Default: what
   * the format, the metadata or the names say.
   */
  readonly layout?: Layout;
}

/** A format of checkpoints. */
interface Format {
  /** What a file of it is called. */
  readonly title: string;
  /** The names of its files. */
  readonly names: RegExp;
  /**
   * Returns whether these may be the first bytes of a file of it. Absent for
   * JSON, which its members tell.
   *
   * @param head The first 512 bytes, or all if there are fewer.
   * @param size How many bytes the file has.
   */
  isStart?(head: Uint8Array, size: number): boolean;
  /** Opens a file, and further files in its folder by their names. */
  open(
    sourceOf: SourceOpener,
    name: string,
    options: NpyOptions,
  ): Promise<Checkpoint>;
}

const openOptions = {
  layout: { ...orNull(oneOf(layouts, "torch")), fallback: null },
  ...npyOptions,
};

/** The first byte of a safetensors header. */
const brace = 0x7b;

/** Bytes that are read together where short ranges follow each other. */
const window = 65_536;

/** After so many short ranges, more are expected. */
const manyRanges = 8;

/** Bytes between two ranges, at most, if one follows the other. */
const widestGap = 4096;

/** JSON that is longer is not read to find out what it is. */
const longestJson = 100_000_000;

const shards: Format = {
  title: "an index of several files",
  names: /\.(safetensors|bin)\.index(\.[\w-]+)?\.json$/,
  async open(sourceOf, index) {
    const { openShards } = await import("./formats/shards.ts");
    return await openShards(sourceOf, { index });
  },
};

const safetensors: Format = {
  title: "a safetensors file",
  names: /\.safetensors$/,
  isStart: isSafetensors,
  async open(sourceOf, name) {
    const { openSafetensors } = await import("./formats/safetensors.ts");
    return await openSafetensors(await sourceOf(name));
  },
};

const tfjs: Format = {
  title: "a manifest of TensorFlow.js",
  names: /(^|[-_.])weights_manifest\.json$|^model\.json$/,
  async open(sourceOf, manifest) {
    const { openTfjs } = await import("./formats/tfjs.ts");
    return await openTfjs(sourceOf, { manifest });
  },
};

const torch: Format = {
  title: "a PyTorch file",
  names: /\.(pt|pth|bin|ckpt|pkl)$/,
  isStart: isTorch,
  async open(sourceOf, name) {
    const { openTorch } = await import("./formats/torch.ts");
    return await openTorch(await sourceOf(name));
  },
};

const npz: Format = {
  title: "an npz file",
  names: /\.npz$/,
  isStart: isNpz,
  async open(sourceOf, name, options) {
    const { openNpz } = await import("./formats/npz.ts");
    return await openNpz(await sourceOf(name), options);
  },
};

/**
 * The formats; in a folder, earlier ones take precedence. Their code is loaded
 * when a file of theirs is opened.
 */
const formats: readonly Format[] = [
  shards,
  safetensors,
  tfjs,
  npz,
  {
    title: "an npy file",
    names: /\.npy$/,
    isStart: isNpy,
    async open(sourceOf, name, options) {
      const { openNpy } = await import("./formats/npy.ts");
      return await openNpy(await sourceOf(name), options);
    },
  },
  torch,
];

/**
 * The formats' usual names. In a folder they take precedence over all others,
 * in this order, which is that of transformers.
 */
const usualNames: readonly string[] = [
  "model.safetensors",
  "model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
  "model.json",
  "weights_manifest.json",
];

/**
 * Opens a checkpoint: a safetensors or PyTorch file, the index of several, an
 * npz or npy file, a manifest of TensorFlow.js, or a folder that has one of them.
 * Only headers are read; for an npz file, reading a part of an array loads the
 * whole.
 *
 * The first bytes of a file tell its format, whatever its name is; `notes` then
 * says so. In a folder, names tell which file is the checkpoint; the files of a
 * sharded one may lack an index.
 *
 * @param location The file or folder, a path or a file URL.
 * @param options What the axes of weights stand for, and what raw bytes are.
 * @throws {TypeError} If it is neither, or a URL of the wrong kind, an option is
 * unknown, or the platform has no files.
 * @throws {RangeError} If an option has no such value; if the file is of no format that is read: the message says
 * what it is; or if a folder has no checkpoint or several.
 * @throws {SyntaxError} If a file breaks a rule of its format.
 * @throws {Error} If a file does not exist: its `code` is `ENOENT`, and in Deno
 * it is a `Deno.errors.NotFound`; also other errors of the system, with the path
 * in their message.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { encodeSafetensors, openCheckpoint } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const bytes = encodeSafetensors({ w: tensor([1, 2]) });
 * await Deno.writeFile(`${folder}/model.safetensors`, bytes);
 * using checkpoint = await openCheckpoint(folder);
 * assertEquals((await checkpoint.read("w")).toArray(), [1, 2]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openCheckpoint(
  location: string | URL,
  options: OpenOptions = {},
): Promise<FileCheckpoint> {
  const opening = "open a checkpoint";
  noMore(opening, arguments, 2);
  const given = readOptions(opening, options, openOptions);
  const path = pathOf(opening, location);
  const action = `open ${quoted(path)}`;
  const { stat } = fileSystem(action).promises;
  const stats = await explained(action, () => stat(path));
  const found = stats.isDirectory() ? await findIn(action, path) : [path];
  const [file] = found;
  const [, folder, name] = /^(.*[/\\])?([^/\\]*)$/s.exec(file)!;
  const files = new OpenFiles(folder ?? "");
  try {
    const checkpoint = found.length === 1
      ? await openOne(`open ${quoted(file)}`, files, name, {
        void: given.void ?? undefined,
      })
      : await openTogether(
        files,
        found.map((file) => file.slice((folder ?? "").length)),
      );
    return closing({
      ...checkpoint,
      layout: given.layout ?? checkpoint.layout,
      path: file,
      files: files.paths,
      close: () => files.close(),
    });
  } catch (error) {
    files.close();
    throw error;
  }
}

/** Opens the files of a checkpoint that has no index. */
async function openTogether(
  files: OpenFiles,
  names: readonly string[],
): Promise<Checkpoint> {
  const { openShards } = await import("./formats/shards.ts");
  const checkpoint = await openShards((file) => files.open(file), {
    files: names,
  });
  const { notes = [] } = checkpoint;
  return {
    ...checkpoint,
    notes: [`it has ${names.length} files and no index`, ...notes],
  };
}

/** Opens a file as what it is by its bytes, or else by its name. */
async function openOne(
  action: string,
  files: OpenFiles,
  name: string,
  options: NpyOptions,
): Promise<Checkpoint> {
  const source = await files.open(name);
  const sourceOf = (file: string) => file === name ? source : files.open(file);
  const named = formatOf(name);
  const head = await headOf(action, source);
  const format = await formatAt(action, source, head, name);
  if (format === undefined || typeof format === "string") {
    throw new RangeError(
      cannot(
        action,
        "its bytes must be those of a safetensors, PyTorch, npz or npy file, an index, or a manifest of TensorFlow.js",
        format ?? describe(Array.from(head.subarray(0, 8))),
      ),
    );
  }
  const checkpoint = await format.open(sourceOf, name, options);
  if (format === named || named === undefined) return checkpoint;
  const { notes = [] } = checkpoint;
  return {
    ...checkpoint,
    notes: [`it is ${format.title}, not what its name says`, ...notes],
  };
}

/**
 * The format of a file, or else what it is and what to do; undefined if nothing
 * tells. What the bytes say goes first; a broken file is what its name says.
 */
async function formatAt(
  action: string,
  source: ByteSource,
  head: Uint8Array,
  name: string,
): Promise<Format | string | undefined> {
  const named = formatOf(name);
  const found = formats.find(({ isStart }) => isStart?.(head, source.size));
  if (found !== undefined) return found;
  // A header's length, cut, may begin as anything.
  if (named === safetensors && head[8] === brace) return named;
  if (isZip(head)) {
    const { readDirectory } = await import("./formats/zip.ts");
    const entries = await readDirectory("open a zip archive", source);
    const names = entries.map(({ name }) => name);
    return zipFormat(names) ?? archiveKind(names);
  }
  return foreignKind(head, "") ?? named ??
    await jsonFormat(action, source, head) ?? foreignKind(head, name);
}

/** A zip archive may begin with any of its files. */
function zipFormat(entries: readonly string[]): Format | undefined {
  if (entries.some(isTorchPickle)) return torch;
  return entries.some((name) => name.endsWith(".npy")) ? npz : undefined;
}

/** What a zip archive is that is not read, and what to do. */
function archiveKind(entries: readonly string[]): string {
  if (entries.length === 0) return "an empty zip archive";
  if (entries.includes("model.weights.h5")) {
    return "a .keras archive, which is not read yet";
  }
  const some = entries.slice(0, 3).map(shownName).join(", ");
  return `a zip archive without weights: ${some}${
    entries.length > 3 ? ", …" : ""
  }`;
}

/** An index and a manifest are told by their members. */
async function jsonFormat(
  action: string,
  source: ByteSource,
  head: Uint8Array,
): Promise<Format | undefined> {
  const isJson = /^\s*[[{]/.test(String.fromCharCode(...head));
  if (source.size > longestJson || !isJson) return undefined;
  const { JsonReader } = await import("./formats/json.ts");
  const bytes = await readExactly(action, source, 0, source.size);
  const json = new JsonReader(action, bytes);
  if (json.isList) return tfjs;
  let found: Format | undefined;
  const is = (format: Format) => () => {
    found ??= format;
    json.readPast();
  };
  try {
    json.members("it", { weight_map: is(shards), weightsManifest: is(tfjs) });
  } catch {
    // What is no JSON is no index.
    return undefined;
  }
  return found;
}

/**
 * Opens a file to read it by range.
 *
 * @param location The file: a path or a file URL.
 * @throws {TypeError} If it is a folder, or no file that has a size, or the
 * platform has no files.
 * @throws {Error} If it does not exist: its `code` is `ENOENT`, and in Deno it is
 * a `Deno.errors.NotFound`; also other errors of the system, with the path in
 * their message.
 *
 * @example
 * ```ts
 * import { openFile } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "weights");
 * using file = await openFile(path);
 * assertEquals(file.size, 7);
 * assertEquals(new TextDecoder().decode(await file.read(2, 3)), "igh");
 * await Deno.remove(path);
 * ```
 */
export async function openFile(
  location: string | URL,
): Promise<FileSource> {
  noMore("read a file", arguments, 1);
  const path = pathOf("read a file", location);
  const action = `read ${quoted(path)}`;
  const { stat } = fileSystem(action).promises;
  // Before it is opened, which for a pipe would wait until another writes to it.
  const stats = await explained(action, () => stat(path));
  if (!stats.isFile()) {
    throw new TypeError(
      cannot(
        action,
        "it must be a file",
        stats.isDirectory() ? "a folder" : "a device or pipe",
      ),
    );
  }
  const file = await explained(action, () => OpenFile.open(action, path, "r"));
  const ahead = new ReadAhead((offset, length) =>
    explained(action, () => file.read(offset, length))
  );
  return closing({
    size: file.stat().size,
    read: (offset: number, length: number) => ahead.read(offset, length),
    close() {
      ahead.forget();
      file.close();
    },
  });
}

/**
 * Reads together the short ranges that follow each other: of many small
 * tensors, each would cost a call of the system.
 */
class ReadAhead {
  readonly #read: (offset: number, length: number) => Promise<Uint8Array>;
  #kept: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  /** How many short ranges followed each other. */
  #following = 0;

  constructor(
    read: (offset: number, length: number) => Promise<Uint8Array>,
  ) {
    this.#read = read;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const gap = offset - this.#end;
    const follows = gap >= 0 && gap <= widestGap && length < window;
    this.#following = follows ? this.#following + 1 : 0;
    this.#end = offset + length;
    const at = offset - this.#start;
    if (at >= 0 && at + length <= this.#kept.length) {
      return this.#kept.slice(at, at + length);
    }
    if (this.#following < manyRanges) return await this.#read(offset, length);
    const bytes = await this.#read(offset, window);
    this.#start = offset;
    this.#kept = bytes;
    return bytes.slice(0, length);
  }

  forget(): void {
    this.#kept = new Uint8Array(0);
  }
}

/**
 * Returns a location as a path.
 *
 * @param action What is being done, for the error message.
 * @param location A path, or a URL of a file.
 * @throws {TypeError} If it is neither.
 */
export function pathOf(action: string, location: unknown): string {
  const isUrl = location instanceof URL ||
    typeof location === "string" && /^[a-z][a-z\d+.-]+:\/\//i.test(location);
  if (!isUrl && typeof location === "string") return location;
  const { protocol, pathname } = isUrl
    ? new URL(location)
    : { protocol: "", pathname: "" };
  if (protocol !== "file:") {
    throw new TypeError(
      cannot(
        action,
        "its place must be a path or a file URL",
        isUrl ? quoted(String(location)) : describe(location),
      ),
    );
  }
  return decodeURIComponent(pathname);
}

function formatOf(name: string): Format | undefined {
  return formats.find(({ names }) => names.test(name));
}

/** The checkpoint of a folder; several files if they are shards without an index. */
async function findIn(action: string, folder: string): Promise<string[]> {
  const { readdir } = fileSystem(action).promises;
  const names = (await explained(action, () => readdir(folder)))
    .filter((name) => name[0] !== ".");
  const usual = usualNames.find((name) => names.includes(name));
  const found = usual === undefined
    ? names.filter((name) => formatOf(name) !== undefined).sort()
    : [usual];
  const [first] = formats.filter((format) =>
    found.some((name) => formatOf(name) === format)
  );
  const candidates = found.filter((name) => formatOf(name) === first);
  const isSharded = candidates.length > 1 && areShards(candidates);
  if (candidates.length !== 1 && !isSharded) {
    throw new RangeError(
      cannot(
        action,
        "the folder must have one checkpoint",
        candidates.length === 0 ? "none" : candidates.slice(0, 5).join(", "),
      ),
    );
  }
  const place = folder.replace(/[/\\]$/, "");
  return candidates.map((name) => `${place}/${name}`);
}

/** Whether names are `…-00001-of-00003.…` to the last, and no others. */
function areShards(names: readonly string[]): boolean {
  const parts = names.map((name) =>
    /^(.*)-(\d{5})-of-(\d{5})(\.\w+)$/.exec(name)
  );
  return parts.every((part, index) =>
    part !== null && part[1] === parts[0]![1] &&
    Number(part[2]) === index + 1 && Number(part[3]) === names.length &&
    part[4] === parts[0]![4]
  );
}

/** Files of a folder, closed together. */
class OpenFiles {
  readonly paths: string[] = [];
  readonly #folder: string;
  readonly #files: FileSource[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(name: string): Promise<FileSource> {
    const path = `${this.#folder}${name}`;
    const file = await openFile(path);
    this.#files.push(file);
    this.paths.push(path);
    return file;
  }

  close(): void {
    for (const file of this.#files.splice(0)) file.close();
  }
}
