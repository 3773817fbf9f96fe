/**
 * A checkpoint by the path of its file or folder, whatever its format.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import type { Checkpoint } from "../formats/checkpoint.ts";
import { keepingLast } from "../formats/keeping_last.ts";
import { openNpy } from "../formats/npy/open.ts";
import { openNpz } from "../formats/npz/open.ts";
import { openSafetensors } from "../formats/safetensors/open.ts";
import { openSafetensorsShards } from "../formats/safetensors/shards.ts";
import type { SourceOpener } from "../formats/source.ts";
import { openTfjs } from "../formats/tfjs/open.ts";
import { explained } from "./errors.ts";
import { type FileSource, openFile } from "./source.ts";

/** A checkpoint whose files are open, to be closed after use. */
export interface FileCheckpoint extends Checkpoint, Disposable {
  /** The file that was opened; its index or manifest where there are several. */
  readonly path: string;
  /** Closes the files. */
  close(): void;
}

/** A format of checkpoints. */
interface Format {
  /** The names of its files. */
  readonly names: RegExp;
  /** Opens a file; further ones by their names, in its folder. */
  open(sourceOf: SourceOpener, name: string): Promise<Checkpoint>;
}

/** The formats; in a folder, an earlier one goes before a later one. */
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
    open: async (sourceOf, name) =>
      keepingLast(await openNpz(await sourceOf(name))),
  },
  {
    names: /\.npy$/,
    open: async (sourceOf, name) => openNpy(await sourceOf(name)),
  },
];

/**
 * The formats' usual names. In a folder they go before all others, in this
 * order, which is that of transformers.
 */
const usualNames: readonly string[] = [
  "model.safetensors",
  "model.safetensors.index.json",
  "model.json",
  "weights_manifest.json",
];

/**
 * Opens a checkpoint: a safetensors file, the index of several, an npz or npy
 * file, a manifest of TensorFlow.js, or a folder that has one of them. Only
 * headers are read; a part of an array in an npz file takes the whole into
 * memory.
 *
 * @param path The file or folder; the format goes by the name:
 * `.safetensors`, `.safetensors.index.json`, `.npz`, `.npy`, `model.json` or
 * `…weights_manifest.json`.
 * @throws {RangeError} If the name is of no format, or a folder has no
 * checkpoint or several.
 * @throws {SyntaxError} If a file breaks a rule of its format.
 * @throws {Deno.errors.NotFound} If a file does not exist; other errors of the
 * system likewise, with the path in their message.
 *
 * @example
 * ```ts
 * import { tensor } from "../core/create.ts";
 * import { encodeSafetensors } from "../formats/safetensors/encode.ts";
 * import { openCheckpoint } from "./open_checkpoint.ts";
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
export async function openCheckpoint(path: string): Promise<FileCheckpoint> {
  const action = `open ${JSON.stringify(path)}`;
  const { isDirectory } = await explained(action, () => Deno.stat(path));
  const file = isDirectory ? await findIn(action, path) : path;
  const [, folder, name] = /^(.*[/\\])?([^/\\]*)$/s.exec(file)!;
  const format = formatOf(name);
  if (format === undefined) {
    throw new RangeError(
      `Cannot ${action} as its name must end in .safetensors, .safetensors.index.json, .npz, .npy, model.json or weights_manifest.json: current value is ${
        describe(name)
      }`,
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
      `Cannot ${action} as the folder must have one checkpoint: current value is ${
        candidates.length === 0 ? "none" : candidates.slice(0, 5).join(", ")
      }`,
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
