/**
 * Opens files and checkpoints of any format by their paths. Each format is a
 * file in `formats/` and an entry here.
 *
 * @module
 */

import { cannot, describe, noMore, quoted } from "../core/options.ts";
import type { Checkpoint } from "../core/source.ts";
import type { ByteSource, SourceOpener } from "./formats/bytes.ts";
import { openNpy } from "./formats/npy.ts";
import { openNpz } from "./formats/npz.ts";
import {
  openSafetensors,
  openSafetensorsShards,
} from "./formats/safetensors.ts";
import { openTfjs } from "./formats/tfjs.ts";
import { openTorch, openTorchShards } from "./formats/torch.ts";

/**
 * A file that is open, to be closed after use.
 *
 * @internal
 */
export interface FileSource extends ByteSource, Disposable {
  /** Closes the file. */
  close(): void;
}

/**
 * A checkpoint whose files are open, to be closed after use.
 *
 * @internal
 */
export interface FileCheckpoint extends Checkpoint, Disposable {
  /** The opened file; the index or manifest if there are several. */
  readonly path: string;
  /** Closes the files. */
  close(): void;
}

/** A format of checkpoints. */
interface Format {
  /** The names of its files. */
  readonly names: RegExp;
  /** Opens a file, and further files in its folder by their names. */
  open(sourceOf: SourceOpener, name: string): Promise<Checkpoint>;
}

/** The formats; in a folder, earlier ones take precedence. */
const formats: readonly Format[] = [
  {
    names: /\.safetensors\.index\.json$/,
    open: (sourceOf, index) => openSafetensorsShards(sourceOf, { index }),
  },
  {
    names: /\.safetensors$/,
    open: async (sourceOf, name) => openSafetensors(await sourceOf(name)),
  },
  {
    names: /(^|[-_.])weights_manifest\.json$|^model\.json$/,
    open: (sourceOf, manifest) => openTfjs(sourceOf, { manifest }),
  },
  {
    names: /\.npz$/,
    open: async (sourceOf, name) => openNpz(await sourceOf(name)),
  },
  {
    names: /\.npy$/,
    open: async (sourceOf, name) => openNpy(await sourceOf(name)),
  },
  {
    names: /\.bin\.index\.json$/,
    open: (sourceOf, index) => openTorchShards(sourceOf, { index }),
  },
  {
    names: /\.(pt|pth|bin|ckpt|pkl)$/,
    open: async (sourceOf, name) => openTorch(await sourceOf(name)),
  },
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
 * @param location The file or folder, a path or a file URL; the name decides
 * about the format: `.safetensors`, `.npz`, `.npy`, `.pt`, `.pth`, `.bin`,
 * `.ckpt`, `.pkl`, `….index.json`, `model.json` or `…weights_manifest.json`.
 * @throws {TypeError} If it is neither, or a URL of the wrong kind.
 * @throws {RangeError} If the name matches no format, or a folder has no
 * checkpoint or several.
 * @throws {SyntaxError} If a file breaks a rule of its format.
 * @throws {Deno.errors.NotFound} If a file does not exist; also other errors of
 * the system, with the path in their message.
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
): Promise<FileCheckpoint> {
  noMore("open a checkpoint", arguments, 1);
  const path = pathOf("open a checkpoint", location);
  const action = `open ${quoted(path)}`;
  const { isDirectory } = await explained(action, () => Deno.stat(path));
  const file = isDirectory ? await findIn(action, path) : path;
  const [, folder, name] = /^(.*[/\\])?([^/\\]*)$/s.exec(file)!;
  const format = formatOf(name);
  if (format === undefined) {
    throw new RangeError(
      cannot(
        action,
        "its name must end in .safetensors, .npz, .npy, .pt, .pth, .bin, .ckpt, .pkl, .safetensors.index.json, .bin.index.json, model.json or weights_manifest.json",
        describe(name),
      ),
    );
  }
  const files = new OpenFiles(folder ?? "");
  try {
    const checkpoint = await format.open((file) => files.open(file), name);
    const close = () => files.close();
    return { ...checkpoint, path: file, close, [Symbol.dispose]: close };
  } catch (error) {
    files.close();
    throw error;
  }
}

/**
 * Opens a file to read it by range.
 *
 * @param location The file: a path or a file URL.
 * @throws {TypeError} If it is a folder, or no file that has a size.
 * @throws {Deno.errors.NotFound} If it does not exist; also other errors of the
 * system, with the path in their message.
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
  const file = await explained(action, () => Deno.open(path));
  try {
    const { isFile, isDirectory, size } = await file.stat();
    if (!isFile) {
      throw new TypeError(
        cannot(
          action,
          "it must be a file",
          isDirectory ? "a folder" : "a device or pipe",
        ),
      );
    }
    return fileSource(action, file, size);
  } catch (error) {
    file.close();
    throw error;
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

/**
 * Runs a step and returns its result. If the step fails, the error keeps its
 * class, and its message says what was being done and to which file.
 *
 * @param action What is being done: `write "a.safetensors"`.
 * @param step Runs the step.
 */
export async function explained<T>(
  action: string,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!isFromSystem(error)) throw error;
    const { constructor: Class, message } = error;
    // Deno appends its own call and the path: `: open 'a.safetensors'`.
    const reason = message.replace(/(?<=\(os error \d+\)): \w+ '.*$/s, "");
    throw new (Class as ErrorConstructor)(cannot(action, reason), {
      cause: error,
    });
  }
}

function formatOf(name: string): Format | undefined {
  return formats.find(({ names }) => names.test(name));
}

async function findIn(action: string, folder: string): Promise<string> {
  const names = await explained(action, async () => {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).filter((name) => name[0] !== ".");
  });
  const usual = usualNames.find((name) => names.includes(name));
  const found = usual === undefined
    ? names.filter((name) => formatOf(name) !== undefined).sort()
    : [usual];
  const [first] = formats.filter((format) =>
    found.some((name) => formatOf(name) === format)
  );
  const candidates = found.filter((name) => formatOf(name) === first);
  if (candidates.length !== 1) {
    throw new RangeError(
      cannot(
        action,
        "the folder must have one checkpoint",
        candidates.length === 0 ? "none" : candidates.slice(0, 5).join(", "),
      ),
    );
  }
  return `${folder.replace(/[/\\]$/, "")}/${candidates[0]}`;
}

/** Files of a folder, closed together. */
class OpenFiles {
  readonly #folder: string;
  readonly #files: FileSource[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(name: string): Promise<FileSource> {
    const file = await openFile(`${this.#folder}${name}`);
    this.#files.push(file);
    return file;
  }

  close(): void {
    for (const file of this.#files.splice(0)) file.close();
  }
}

function fileSource(
  action: string,
  file: Deno.FsFile,
  size: number,
): FileSource {
  let last: Promise<unknown> = Promise.resolve();
  const close = () => file.close();
  return {
    size,
    read(offset, length) {
      // The file has one position, so each read waits for the one before it.
      const next = last.then(() =>
        explained(action, () => readAt(file, offset, length))
      );
      last = next.catch(() => {});
      return next;
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** Returns fewer bytes at the end of the file. */
async function readAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await file.seek(offset, Deno.SeekMode.Start);
  let end = 0;
  while (end < length) {
    const count = await file.read(bytes.subarray(end));
    if (count === null) break;
    end += count;
  }
  return bytes.subarray(0, end);
}

/** Deno gives system errors a class if it has one, else a code. */
function isFromSystem(error: unknown): error is Error {
  return error instanceof Error &&
    (Object.values(Deno.errors).some((Class) => error instanceof Class) ||
      "code" in error || /\(os error \d+\)/.test(error.message));
}
