/**
 * Writes a model from a spec to a folder of safetensors files, in bounded
 * memory, by one process or by several that do not communicate.
 *
 * @module
 */

import "../../numerics/kernels/offer.ts";

import { builtin } from "../../core/platform.ts";
import {
  cannot,
  checkCallbacks,
  checkSignal,
  describe,
  withDefaults,
} from "../../core/options.ts";
import type { FloatDtype } from "../../core/dtype.ts";
import type { Tensor } from "../../core/tensor.ts";
import { Turns } from "../../core/turns.ts";
import { spawnWorker } from "../../parallel/spawn.ts";
import { checkThreads, openWorkers } from "../../parallel/workers.ts";
import { Generator } from "../../random/torch/generator.ts";
import { bytesOf } from "../formats/bytes.ts";
import { pathOf } from "../open.ts";
import {
  namesIn,
  removeFile,
  removePartials,
  writeAtomically,
  writeSafetensors,
} from "../write.ts";
import { checkOthers } from "./others.ts";
import { Buffers, type Drawing, partsOf, skip } from "./parts.ts";
import { filesOf, type Plan, type PlannedFile, planOf } from "./plan.ts";
import { parseSpec, type Spec, type SpecTensor } from "./spec.ts";

/** Options of {@linkcode materialize}. */
export interface MaterializeOptions {
  /** The dtype of tensors without one. Default: float32. */
  readonly dtype?: FloatDtype;
  /** The seed, as `manualSeed` takes it. Default: 0. */
  readonly seed?: number | bigint;
  /**
   * The most bytes of tensors in a file. Default: 2 GB, or less for several
   * processes, so each has a file.
   */
  readonly shardSize?: number;
  /** Which of several processes this is. Default: the only one. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** How many threads draw. Default: 1. */
  readonly workers?: number;
  /** Whether to return the SHA-256 of each tensor's bytes. Default: false. */
  readonly hash?: boolean;
  /**
   * Called after each drawn part with its size in bytes and the tensor's name.
   * Default: nothing is.
   */
  readonly onProgress?: (bytes: number, name: string) => void;
  /**
   * Aborts: the promise then rejects with the signal's reason, and the file that
   * was being written is removed. Files that were complete stay. Default:
   * nothing aborts.
   */
  readonly signal?: AbortSignal;
}

/** What of Node's hashes is used. */
interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}

/**
 * The written files.
 *
 * @internal
 */
export interface Materialized {
  /** The files that this process wrote, in order. */
  readonly files: readonly string[];
  /** The SHA-256 of the tensors that it wrote, by name, if asked for. */
  readonly hashes: Readonly<Record<string, string>>;
}

const action = "materialize a model";

const defaults = {
  seed: 0 as number | bigint,
  dtype: "float32" as FloatDtype,
  shardSize: undefined as number | undefined,
  shard: { index: 0, count: 1 },
  workers: 1,
  hash: false,
  onProgress: (() => {}) as (bytes: number, name: string) => void,
  signal: undefined as AbortSignal | undefined,
};

/** The size of a part, in bytes. */
const partSize = 2 ** 22;

/** The same for several threads, since each must first find its place. */
const sharedPartSize = 2 ** 24;

/** The index's name in the folder. */
export const indexName = "model.safetensors.index.json";

/** The names of a model's files. */
const modelFile = /^model(-\d{5,}-of-\d{5,})?\.safetensors$/;

/**
 * Writes a model to a folder of safetensors files: each tensor has the bytes
 * that PyTorch's initializers give when they fill the spec's tensors in order
 * from one seed.
 *
 * A spec is an array with an object for each tensor, or its JSON: `name`, `shape`,
 * `init` (an initializer of `init`, or its name in `torch.nn.init`), and, where
 * they are not the defaults, `options` (those of the initializer, or PyTorch's
 * names of them) and `dtype`.
 *
 * Only a part of a tensor is in memory at a time, except for orthogonal
 * matrices, which are made as a whole, and one bit per element of sparse ones.
 *
 * The files have Hugging Face's names. Each is written completely or not at
 * all; the index is removed before the first file is written, and written after
 * the last: so a killed process leaves no index, and running it again gives the
 * same files and removes half-written ones.
 *
 * Several processes, on as many machines, give the same files as a single one
 * with their `shardSize`. Each skips the tensors of the processes before it by
 * a jump of the generator, which takes milliseconds. It must draw and discard
 * only truncated normals, since their number of words becomes known only by
 * drawing. Each process writes the index, the same bytes; the model is complete
 * when all have ended. A process compares the files that are there with the spec
 * and the seed, before and after its work: names, dtypes, shapes and the first
 * 4 kB of each tensor, up to the first truncated normals, and from its own last
 * tensor on. If they are of another model, it is refused and there is no index.
 * Orthogonal and sparse matrices of more than 65,536 elements are not compared.
 *
 * @param spec The tensors in order of drawing.
 * @param folder The folder, a path or a file URL; it is created if missing.
 * @param options The seed, the files, and the progress callback.
 * @returns The written files.
 * @throws {SyntaxError} If the spec is not valid JSON.
 * @throws {RangeError} If the spec has a name twice, an initializer is unknown,
 * or refuses the shape or an option. The message names the tensor. If an option
 * is out of its range, or the folder has files of another spec, of a different
 * number of files, or, from other processes, of another seed.
 * @throws {Error} If `workers` is above 1, and the platform refuses one: nothing
 * was written then.
 * @throws {TypeError} If a member of the spec, or an option, is of the wrong kind, or
 * unknown.
 * @throws The signal's reason, if it aborted.
 * @throws Errors of the system with the path in their message.
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "@fanin/fanin";
 * import { compare, materialize } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const spec = [
 *   { name: "weight", shape: [300, 400], init: "kaimingUniform", options: { a: Math.sqrt(5) } },
 *   { name: "bias", shape: [300], init: "uniform", options: { low: -1 / 20, high: 1 / 20 } },
 * ];
 * const { files } = await materialize(spec, folder, { seed: 1 });
 * assertEquals(files, ["model.safetensors"]);
 * manualSeed(1);
 * assertEquals((await compare(folder, new nn.Linear(400, 300))).equal, true);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function materialize(
  spec: Spec,
  folder: string | URL,
  options: MaterializeOptions = {},
): Promise<Materialized> {
  const {
    seed,
    dtype,
    shardSize,
    workers,
    hash,
    onProgress,
    signal,
    ...given
  } = withDefaults(action, options, defaults);
  const shard = withDefaults(action, given.shard, defaults.shard, "shard");
  checkThreads(action, workers);
  checkCallbacks(action, { onProgress });
  checkSignal(action, signal);
  const tensors = parseSpec(spec, { dtype });
  const path = pathOf(action, folder);
  const generator = new Generator(seed);
  const plan = planOf(tensors, shardSize, shard.count);
  const files = filesOf(plan, shard);
  const helpers = await openWorkers(workers, spawnWorker);
  const turns = new Turns(signal);
  try {
    await prepareFolder(path, plan);
    const others = { folder: path, plan, own: files, turns };
    await checkOthers(others, new Generator(seed));
    await clearFolder(path, files);
    const size = workers === 1 ? partSize : sharedPartSize;
    const buffers = new Buffers(size, workers > 1);
    const drawing = { generator, buffers, threads: helpers.threads, turns };
    const { make, hashes } = makerOf(drawing, hash, onProgress);
    if (files.length > 0) await skip(tensors.slice(0, files[0].start), drawing);
    for (const file of files) await writeFile(path, file, make);
    try {
      await finishFolder(path, plan);
      // Not before: of two that end at once, the second must see the first.
      const areAll = await checkOthers(others, new Generator(seed));
      const next = plan.files.indexOf(files.at(-1)!) + 1;
      if (!areAll) await checkOthers(others, generator, next);
    } catch (error) {
      await removeFile(`${path}/${indexName}`);
      throw error;
    }
    const names = files.map(({ name }) => name);
    return { files: names, hashes: Object.fromEntries(hashes) };
  } finally {
    turns.close();
    helpers.close();
  }
}

/**
 * Returns the index's text, as Hugging Face writes it.
 *
 * @param plan The plan of the files.
 * @see `save_torch_model`, huggingface_hub 1.0
 */
export function indexText({ files, bytes }: Plan): string {
  const places = files.flatMap(({ name, tensors }) =>
    tensors.map((tensor) => [tensor.name, name] as const)
  ).sort(([a], [b]) => a < b ? -1 : 1);
  const index = {
    metadata: { total_size: bytes },
    weight_map: Object.fromEntries(places),
  };
  return `${JSON.stringify(index, null, 2)}\n`;
}

/** Creates a folder if it is missing; refuses one of other files. */
async function prepareFolder(folder: string, plan: Plan): Promise<void> {
  const action = `materialize a model in ${JSON.stringify(folder)}`;
  const names = await namesIn(action, folder);
  const planned = plan.files.map(({ name }) => name);
  const other = names.find((name) =>
    modelFile.test(name) && !planned.includes(name)
  );
  if (other !== undefined) {
    throw new RangeError(
      cannot(
        action,
        `it must have no files of another model than ${planned[0]}`,
        describe(other),
      ),
    );
  }
}

/**
 * Removes the index of an earlier run, and what killed processes left of the
 * files that this process writes.
 */
async function clearFolder(
  folder: string,
  files: readonly PlannedFile[],
): Promise<void> {
  await removeFile(`${folder}/${indexName}`);
  for (const { name } of files) await removePartials(`${folder}/${name}`);
}

/** Returns what makes the parts of a tensor, and the hashes of those it made. */
function makerOf(
  drawing: Drawing,
  hash: boolean,
  onProgress: (bytes: number, name: string) => void,
): {
  make: (tensor: SpecTensor) => AsyncIterable<Tensor>;
  hashes: readonly [name: string, sha256: string][];
} {
  const hashes: [name: string, sha256: string][] = [];
  const make = async function* (tensor: SpecTensor) {
    const sha256 = hash ? startHash() : undefined;
    for await (const part of partsOf(tensor, drawing)) {
      sha256?.update(bytesOf(part));
      yield part;
      onProgress(part.data.byteLength, tensor.name);
      await drawing.turns?.pause();
    }
    if (sha256 !== undefined) hashes.push([tensor.name, sha256.digest("hex")]);
  };
  return { make, hashes };
}

/** Our own SHA-256 takes all bytes at once. */
function startHash(): Hash {
  const crypto = builtin("node:crypto") as {
    createHash(name: string): Hash;
  };
  return crypto.createHash("sha256");
}

function writeFile(
  folder: string,
  { name, tensors }: PlannedFile,
  make: (tensor: SpecTensor) => AsyncIterable<Tensor>,
): Promise<void> {
  return writeSafetensors(
    `${folder}/${name}`,
    tensors,
    (_, index) => make(tensors[index]),
    // Without this, transformers refuses the file.
    { metadata: { format: "pt" } },
  );
}

/** Writes the index, if there are several files. */
async function finishFolder(folder: string, plan: Plan): Promise<void> {
  if (plan.files.length === 1) return;
  const bytes = new TextEncoder().encode(indexText(plan));
  await writeAtomically(
    `${folder}/${indexName}`,
    (file) => file.write(0, bytes),
  );
}
