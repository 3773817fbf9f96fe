/**
 * Opens files and checkpoints of any format by their paths. Each format is a
 * file in `formats/` and an entry here.
 *
 * @module
 */

import { type ClosedByUsing, closing } from "../core/closing.ts";
import { cannot, describe, noMore, quoted } from "../core/options.ts";
import type { Checkpoint } from "../core/source.ts";
import { explained, fileSystem, OpenFile } from "./files.ts";
import type { ByteSource, SourceOpener } from "./formats/bytes.ts";

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

/** The formats; in a folder, earlier ones take precedence. Loaded when used. */
const formats: readonly Format[] = [
  {
    names: /\.safetensors\.index\.json$/,
    async open(sourceOf, index) {
      const { openShards } = await import("./formats/shards.ts");
      return await openShards(sourceOf, { index });
    },
  },
  {
    names: /\.safetensors$/,
    async open(sourceOf, name) {
      const format = await import("./formats/safetensors.ts");
      return await format.openSafetensors(await sourceOf(name));
    },
  },
  {
    names: /(^|[-_.])weights_manifest\.json$|^model\.json$/,
    async open(sourceOf, manifest) {
      const format = await import("./formats/tfjs.ts");
      return await format.openTfjs(sourceOf, { manifest });
    },
  },
  {
    names: /\.npz$/,
    async open(sourceOf, name) {
      const format = await import("./formats/npz.ts");
      return await format.openNpz(await sourceOf(name));
    },
  },
  {
    names: /\.npy$/,
    async open(sourceOf, name) {
      const format = await import("./formats/npy.ts");
      return await format.openNpy(await sourceOf(name));
    },
  },
  {
    names: /\.bin\.index\.json$/,
    async open(sourceOf, index) {
      const { openShards } = await import("./formats/shards.ts");
      return await openShards(sourceOf, { index });
    },
  },
  {
    names: /\.(pt|pth|bin|ckpt|pkl)$/,
    async open(sourceOf, name) {
      const format = await import("./formats/torch.ts");
      return await format.openTorch(await sourceOf(name));
    },
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
 * @throws {TypeError} If it is neither, or a URL of the wrong kind, or the
 * platform has no files.
 * @throws {RangeError} If the name matches no format, or a folder has no
 * checkpoint or several.
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
): Promise<FileCheckpoint> {
  noMore("open a checkpoint", arguments, 1);
  const path = pathOf("open a checkpoint", location);
  const action = `open ${quoted(path)}`;
  const { stat } = fileSystem(action).promises;
  const stats = await explained(action, () => stat(path));
  const file = stats.isDirectory() ? await findIn(action, path) : path;
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
    return closing({ ...checkpoint, path: file, close: () => files.close() });
  } catch (error) {
    files.close();
    throw error;
  }
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
  const file = await explained(action, () => OpenFile.open(action, path, "r"));
  try {
    const stats = file.stat();
    if (!stats.isFile()) {
      throw new TypeError(
        cannot(
          action,
          "it must be a file",
          stats.isDirectory() ? "a folder" : "a device or pipe",
        ),
      );
    }
    return closing({
      size: stats.size,
      read: (offset: number, length: number) =>
        explained(action, () => file.read(offset, length)),
      close: () => file.close(),
    });
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

function formatOf(name: string): Format | undefined {
  return formats.find(({ names }) => names.test(name));
}

async function findIn(action: string, folder: string): Promise<string> {
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
