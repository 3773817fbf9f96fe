/**
 * Writes files: as a whole or not at all, and safetensors larger than memory,
 * whose tensors are made one after the other and written at once.
 *
 * @module
 */

import { cannot, describe, quoted, withDefaults } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { bytesOf, checkTensor, outline } from "./formats/bytes.ts";
import { layoutOf, type TensorSpec } from "./formats/safetensors.ts";
import { explained } from "./open.ts";

/** A file that is being written. */
interface FileSink {
  /**
   * Writes bytes. The system does it while the caller goes on; they must stay as
   * they are, and nothing else be written, until it has.
   *
   * @param offset Where in the file.
   * @param bytes The bytes.
   */
  write(offset: number, bytes: Uint8Array): Promise<void>;
}

/**
 * A tensor, or its elements in parts that follow each other, of any shape. A
 * part is asked for while the one before it is being written, in this tensor or
 * another; so its memory may be that of the last but one.
 */
type MadeTensor = Tensor | Iterable<Tensor> | AsyncIterable<Tensor>;

/** Where a tensor's bytes go. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/** Bytes that the system may hold back before it is asked to write them. */
const mostHeld = 2 ** 28;

/**
 * Writes a safetensors file: the same bytes as `encodeSafetensors`, with no
 * more in memory than what is made at a time. As it is written atomically, it
 * is there when all tensors are.
 *
 * @param path The file; what was there is replaced.
 * @param specs The tensors' names, dtypes and shapes.
 * @param make Makes a tensor, or its parts; called in the order of `specs`,
 * whatever the order in the file.
 * @param options Metadata.
 * @throws {RangeError} If what was made is not what its spec says, or a name or
 * shape is none that a file may have.
 * @throws {TypeError} If what was made is no tensor, a dtype is unknown, or the
 * path is a folder's.
 * @throws What `make` throws; errors of the system with the path in their
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
  options: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  const action = `write ${JSON.stringify(path)}`;
  const { metadata } = withDefaults(action, options, { metadata: {} });
  const { head, offsets, lengths } = layoutOf(action, specs, metadata);
  await writeAtomically(path, async (file) => {
    const queue = new Queue(file);
    await queue.write(0, head);
    for (const [index, spec] of specs.entries()) {
      const place = { start: offsets[index], length: lengths[index] };
      await writeMade(action, queue, spec, place, await make(spec, index));
    }
    await queue.end();
  });
}

/**
 * Writes a file: first another one beside it, which then takes its name. If
 * anything fails, the old file stays, or none, and the other one is removed;
 * if the process is killed, it stays as `.NAME.….partial`.
 *
 * @param path The file; what was there is replaced.
 * @param write Writes the contents, in any order of places.
 * @throws {TypeError} If the path is a folder's.
 * @throws What `write` throws; errors of the system with the path in their
 * message.
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
): Promise<void> {
  const action = `write ${JSON.stringify(path)}`;
  await checkTarget(action, path);
  const partial = besideOf(path);
  const file = await explained(
    action,
    () => Deno.open(partial, { write: true, createNew: true }),
  );
  try {
    const flusher = new Flusher(partial);
    try {
      await write(sinkOf(action, file, flusher));
      await explained(action, () => file.sync());
    } finally {
      file.close();
      await flusher.close();
    }
    await explained(action, () => Deno.rename(partial, path));
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}

/**
 * Removes what killed processes left beside a file that they were writing. Only
 * for a file that no other process is writing now: its work would be lost.
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
  const { folder, name } = splitPath(path);
  await explained(`clear what is beside ${JSON.stringify(path)}`, async () => {
    for await (const entry of Deno.readDir(folder === "" ? "." : folder)) {
      const isLeft = entry.name.startsWith(`.${name}.`) &&
        /^[0-9a-f-]{36}\.partial$/.test(entry.name.slice(name.length + 2));
      if (isLeft) await Deno.remove(folder + entry.name);
    }
  });
}

/**
 * Returns the names in a folder, sorted; makes it first if it is missing.
 *
 * @param action What is being done, for the error message.
 * @param folder The folder.
 * @throws Errors of the system.
 */
export function namesIn(action: string, folder: string): Promise<string[]> {
  return explained(action, async () => {
    await Deno.mkdir(folder, { recursive: true });
    const names = await Array.fromAsync(
      Deno.readDir(folder),
      ({ name }) => name,
    );
    return names.sort();
  });
}

/**
 * Removes a file, if it is there.
 *
 * @param path The file.
 * @throws Errors of the system with the path in their message.
 */
export async function removeFile(path: string): Promise<void> {
  await explained(`remove ${JSON.stringify(path)}`, () => Deno.remove(path))
    .catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
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

/** Before hours of work, not after them. */
async function checkTarget(action: string, path: string): Promise<void> {
  const isFolder = /[/\\]$/.test(path) || path === "" ||
    await Deno.stat(path).then((info) => info.isDirectory, () => false);
  if (isFolder) {
    throw new TypeError(
      cannot(action, "it must be a file's path", "a folder's"),
    );
  }
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
  file: Deno.FsFile,
  flusher: Flusher,
): FileSink {
  return {
    write: (offset, bytes) =>
      explained(action, async () => {
        // At once, so that the system begins to write before this returns.
        file.seekSync(offset, Deno.SeekMode.Start);
        let end = 0;
        while (end < bytes.length) {
          end += await file.write(bytes.subarray(end));
        }
        flusher.add(bytes.length);
      }),
  };
}

/** Writes while the caller goes on: one at a time. */
class Queue {
  readonly #file: FileSink;
  #last: Promise<void> = Promise.resolve();

  constructor(file: FileSink) {
    this.#file = file;
  }

  /** Begins to write, when what was written before has ended. */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#last;
    this.#last = this.#file.write(offset, bytes);
    // Whatever waits for it gets the error all the same.
    this.#last.catch(() => {});
  }

  /** Waits for the last. */
  end(): Promise<void> {
    return this.#last;
  }
}

/** Flushes a file that is being written: once in 256 MB, beside the writing. */
class Flusher {
  readonly #path: string;
  /** A second way into the file: calls on one wait for each other. */
  #file: Deno.FsFile | undefined;
  #flushing: Promise<void> | undefined;
  #held = 0;

  /**
   * Begins.
   *
   * @param path The file, which exists.
   */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Says that more was written.
   *
   * @param bytes How many bytes.
   */
  add(bytes: number): void {
    this.#held += bytes;
    if (this.#held < mostHeld || this.#flushing !== undefined) return;
    this.#held = 0;
    this.#file ??= Deno.openSync(this.#path, { write: true });
    // The system tells an error to each file that is open, and so to the writer.
    this.#flushing = this.#file.syncData().catch(() => {})
      .finally(() => this.#flushing = undefined);
  }

  /** Ends, when what was begun is done. */
  async close(): Promise<void> {
    await this.#flushing;
    this.#file?.close();
  }
}
