/**
 * Writes files completely or not at all, and safetensors files larger than
 * memory, whose tensors are made and written one by one.
 *
 * @module
 */

import { cannot, describe, quoted, withDefaults } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import {
  explained,
  fileSystem,
  OpenFile,
  type Stats,
  unlessMissing,
} from "./files.ts";
import { bytesOf, checkTensor, outline } from "./formats/bytes.ts";
import { layoutOf, type TensorSpec } from "./formats/safetensors.ts";

/** A file that is being written. */
interface FileSink {
  /**
   * Writes bytes in the background. Until that is done, the caller must not
   * change them or write anything else.
   *
   * @param offset Where in the file.
   * @param bytes The bytes.
   */
  write(offset: number, bytes: Uint8Array): Promise<void>;
}

/**
 * A tensor, or its elements in parts that follow each other, of any shape. A
 * part is requested while the one before it is being written, in this tensor or
 * another, so it may reuse the memory of the last but one.
 */
type MadeTensor = Tensor | Iterable<Tensor> | AsyncIterable<Tensor>;

/** What a path leads to. */
interface Target {
  /** The file, after all links. */
  readonly path: string;
  /** Who may read and write the file that is there, if one is. */
  readonly mode: number | undefined;
}

/** Where a tensor's bytes go. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/** Bytes that the system may buffer before they are flushed. */
const mostHeld = 2 ** 28;

/** The bits of a mode that say who may do what; the others are its kind. */
const permissionBits = 0o7777;

/**
 * Writes a safetensors file: the same bytes as `encodeSafetensors`, with only
 * what is made at a time in memory. It appears atomically, when all tensors are
 * written.
 *
 * @param path The file, or a link to it; what was there is replaced.
 * @param specs The tensors' names, dtypes and shapes.
 * @param make Makes a tensor, or its parts; called in the order of `specs`,
 * whatever the order in the file.
 * @param options Metadata, and a signal that aborts.
 * @throws {RangeError} If a tensor does not match its spec, or a file cannot
 * have a name or shape.
 * @throws {TypeError} If `make` returns no tensor, a dtype is unknown, or the
 * path is that of a folder, a device, a pipe or a socket.
 * @throws What `make` throws; the signal's reason, if it aborted; errors of the system with the path in their
 * message.
 *
 * @example
 * ```ts
 * import { empty } from "../core/tensor.ts";
 * import { decodeSafetensors } from "./formats/safetensors.ts";
 * import { writeSafetensors } from "./write.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/model.safetensors`;
 * const specs = [{ name: "w", dtype: "float32", shape: [2, 3] }] as const;
 * await writeSafetensors(path, specs, ({ shape }) => empty(shape));
 * const { tensors } = decodeSafetensors(await Deno.readFile(path));
 * assertEquals(tensors.w.toArray(), [[0, 0, 0], [0, 0, 0]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeSafetensors(
  path: string,
  specs: readonly TensorSpec[],
  make: (
    spec: TensorSpec,
    index: number,
  ) => MadeTensor | Promise<MadeTensor>,
  options: {
    readonly metadata?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<void> {
  const action = `write ${JSON.stringify(path)}`;
  const { metadata, signal } = withDefaults(action, options, {
    metadata: {},
    signal: undefined as AbortSignal | undefined,
  });
  const { head, offsets, lengths } = layoutOf(action, specs, metadata);
  await writeAtomically(path, async (file) => {
    const queue = new Queue(file);
    await queue.write(0, head);
    for (const [index, spec] of specs.entries()) {
      const place = { start: offsets[index], length: lengths[index] };
      await writeMade(action, queue, spec, place, await make(spec, index));
    }
    await queue.end();
  }, signal);
}

/**
 * Writes a file: first a temporary one next to it, which then takes its name and
 * the permissions of the file that was there. If anything fails, the old file
 * stays, if any, and the temporary one is removed; if the process is killed,
 * that stays as `.NAME.….partial`. A link stays: the file that it leads to is
 * written, whether it is there or not.
 *
 * Of several processes that write one file at a time, the last to end wins.
 *
 * @param path The file, or a link to it; what was there is replaced.
 * @param write Writes the contents, in any order of places.
 * @param signal Aborts until the file has its name. Default: nothing aborts.
 * @throws {TypeError} If the path is that of a folder, a device, a pipe or a
 * socket; nothing was written then.
 * @throws What `write` throws; the signal's reason, if it aborted; errors of the
 * system with the path in their message.
 *
 * @example
 * ```ts
 * import { writeAtomically } from "./write.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/hello.txt`;
 * await writeAtomically(path, async (file) => {
 *   await file.write(3, new TextEncoder().encode("lo"));
 *   await file.write(0, new TextEncoder().encode("hel"));
 * });
 * assertEquals(await Deno.readTextFile(path), "hello");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeAtomically(
  path: string,
  write: (file: FileSink) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const action = `write ${JSON.stringify(path)}`;
  const target = await targetOf(action, path);
  const partial = besideOf(target.path);
  // Others may read it no sooner than it has the mode of the old file.
  const mode = target.mode === undefined ? undefined : 0o600;
  const file = await explained(
    action,
    () => OpenFile.open(action, partial, "wx", mode),
  );
  try {
    const flusher = new Flusher(action, partial);
    try {
      await write(sinkOf(action, file, flusher, signal));
      await explained(action, () => file.sync());
    } finally {
      file.close();
      await flusher.close();
    }
    signal?.throwIfAborted();
    await putInPlace(action, partial, target);
  } catch (error) {
    await fileSystem(action).promises.unlink(partial).catch(() => {});
    throw error;
  }
}

/**
 * Removes the temporary files that killed processes left next to a file. Call
 * it only if no other process is writing the file, whose work would be lost.
 *
 * @param path The file.
 * @throws Errors of the system with the path in their message.
 *
 * @example
 * ```ts
 * import { removePartials } from "./write.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const left = `.a.${crypto.randomUUID()}.partial`;
 * await Deno.writeTextFile(`${folder}/${left}`, "half");
 * await removePartials(`${folder}/a`);
 * assertEquals([...Deno.readDirSync(folder)], []);
 * await Deno.remove(folder);
 * ```
 */
export async function removePartials(path: string): Promise<void> {
  const action = `remove temporary files next to ${JSON.stringify(path)}`;
  const { folder, name } = splitPath((await targetOf(action, path)).path);
  const { readdir, unlink } = fileSystem(action).promises;
  await explained(action, async () => {
    for (const found of await readdir(folder === "" ? "." : folder)) {
      const isLeft = found.startsWith(`.${name}.`) &&
        /^[0-9a-f-]{36}\.partial$/.test(found.slice(name.length + 2));
      if (isLeft) await unlink(folder + found);
    }
  });
}

/**
 * Returns the names in a folder, sorted; creates it first if it is missing.
 *
 * @param action What is being done, for the error message.
 * @param folder The folder.
 * @throws Errors of the system.
 */
export function namesIn(action: string, folder: string): Promise<string[]> {
  const { mkdir, readdir } = fileSystem(action).promises;
  return explained(action, async () => {
    await mkdir(folder, { recursive: true });
    return (await readdir(folder)).sort();
  });
}

/**
 * Removes a file, if it is there.
 *
 * @param path The file.
 * @throws Errors of the system with the path in their message.
 */
export async function removeFile(path: string): Promise<void> {
  const action = `remove ${JSON.stringify(path)}`;
  const { unlink } = fileSystem(action).promises;
  await unlessMissing(action, () => unlink(path));
}

async function writeMade(
  action: string,
  queue: Queue,
  spec: TensorSpec,
  { start, length }: Place,
  made: MadeTensor,
): Promise<void> {
  const what = `tensor ${quoted(spec.name)}`;
  let end = 0;
  for await (const part of partsOf(action, what, spec, made)) {
    checkTensor(action, `a part of ${what}`, part);
    const bytes = bytesOf(part);
    if (part.dtype !== spec.dtype || end + bytes.length > length) {
      throw new RangeError(
        cannot(
          action,
          `${what} must be ${outline(spec)} in all`,
          `${outline(part)} after ${end} of ${length} bytes`,
        ),
      );
    }
    await queue.write(start + end, bytes);
    end += bytes.length;
  }
  if (end !== length) {
    throw new RangeError(
      cannot(action, `${what} must have ${length} bytes`, end),
    );
  }
}

function partsOf(
  action: string,
  what: string,
  spec: TensorSpec,
  made: MadeTensor,
): Iterable<Tensor> | AsyncIterable<Tensor> {
  if (
    typeof made === "object" && made !== null &&
    (Symbol.iterator in made || Symbol.asyncIterator in made)
  ) {
    return made;
  }
  checkTensor(action, what, made);
  if (formatShape(made.shape) !== formatShape(spec.shape)) {
    throw new RangeError(
      cannot(
        action,
        `${what} must be ${outline(spec)}`,
        describe(outline(made)),
      ),
    );
  }
  return [made];
}

/** Called before hours of work rather than after them. */
async function targetOf(action: string, path: string): Promise<Target> {
  const { lstat, readlink, realpath } = fileSystem(action).promises;
  if (/[/\\]$/.test(path) || path === "") throw notAFile(action, "a folder's");
  const stats = await unlessMissing(action, () => lstat(path));
  if (stats === undefined) return { path, mode: undefined };
  if (!stats.isSymbolicLink()) {
    checkKind(action, stats);
    return { path, mode: stats.mode & permissionBits };
  }
  const real = await unlessMissing(action, () => realpath(path));
  if (real !== undefined) return await targetOf(action, real);
  const next = await explained(action, () => readlink(path));
  const isAbsolute = /^([/\\]|[a-z]:)/i.test(next);
  return await targetOf(
    action,
    isAbsolute ? next : splitPath(path).folder + next,
  );
}

function checkKind(action: string, stats: Stats): void {
  if (stats.isDirectory()) throw notAFile(action, "a folder's");
  if (!stats.isFile()) {
    throw notAFile(action, "that of a device, pipe or socket");
  }
}

function notAFile(action: string, found: string): TypeError {
  return new TypeError(cannot(action, "it must be a file's path", found));
}

/** Gives a whole temporary file the mode and the name of the target. */
async function putInPlace(
  action: string,
  partial: string,
  { path, mode }: Target,
): Promise<void> {
  const { chmod, rename, stat } = fileSystem(action).promises;
  const stats = await unlessMissing(action, () => stat(partial));
  if (stats === undefined) {
    throw new Error(
      cannot(
        action,
        "its temporary file must stay until it is whole",
        "none; another process that writes the same file removed it",
      ),
    );
  }
  await explained(action, async () => {
    // Not all disks have modes to change.
    if (mode !== undefined && (stats.mode & permissionBits) !== mode) {
      await chmod(partial, mode);
    }
    await rename(partial, path);
  });
}

/** In the same folder, so that renaming does not copy. */
function besideOf(path: string): string {
  const { folder, name } = splitPath(path);
  return `${folder}.${name}.${crypto.randomUUID()}.partial`;
}

function splitPath(path: string): { folder: string; name: string } {
  const [, folder = "", name] = /^(.*[/\\])?([^/\\]*)$/s.exec(path)!;
  return { folder, name };
}

function sinkOf(
  action: string,
  file: OpenFile,
  flusher: Flusher,
  signal: AbortSignal | undefined,
): FileSink {
  return {
    write: (offset, bytes) =>
      explained(action, async () => {
        signal?.throwIfAborted();
        await file.write(offset, bytes);
        flusher.add(bytes.length);
      }),
  };
}

/** Writes in the background, one write at a time. */
class Queue {
  readonly #file: FileSink;
  #last: Promise<void> = Promise.resolve();

  constructor(file: FileSink) {
    this.#file = file;
  }

  /** Starts a write when the previous one has ended. */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#last;
    this.#last = this.#file.write(offset, bytes);
    // Callers that await it still get the error.
    this.#last.catch(() => {});
  }

  /** Waits for the last write. */
  end(): Promise<void> {
    return this.#last;
  }
}

/** Flushes a file while it is being written, every 256 MB. */
class Flusher {
  readonly #action: string;
  readonly #path: string;
  /** A second handle: calls on a single one may wait for each other. */
  #file: Promise<OpenFile> | undefined;
  #flushing: Promise<void> | undefined;
  #held = 0;

  /**
   * Begins.
   *
   * @param action What is being done, for the error message.
   * @param path The file, which exists.
   */
  constructor(action: string, path: string) {
    this.#action = action;
    this.#path = path;
  }

  /**
   * Reports that more was written.
   *
   * @param bytes How many bytes.
   */
  add(bytes: number): void {
    this.#held += bytes;
    if (this.#held < mostHeld || this.#flushing !== undefined) return;
    this.#held = 0;
    this.#file ??= OpenFile.open(this.#action, this.#path, "r+");
    // The system reports an error on each open handle, so the writer sees it
    // too.
    this.#flushing = this.#file.then((file) => file.syncData()).catch(() => {})
      .finally(() => this.#flushing = undefined);
  }

  /** Ends, when what was begun is done. */
  async close(): Promise<void> {
    await this.#flushing;
    // If it could not be opened, nothing is to be closed.
    await this.#file?.then((file) => file.close(), () => {});
  }
}
