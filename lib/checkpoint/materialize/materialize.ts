/**
 * A model from a spec to a folder of safetensors files, in bounded memory, by
 * one process or by several that know nothing of each other.
 *
 * @module
 */

import "../../numerics/kernels/offer.ts";

import { createHash, type Hash } from "node:crypto";
import { cannot, describe, withDefaults } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { spawnWorker } from "../../parallel/spawn.ts";
import {
  checkThreads,
  type OpenWorkers,
  openWorkers,
} from "../../parallel/workers.ts";
import { Generator } from "../../random/torch/generator.ts";
import { bytesOf } from "../formats/bytes.ts";
import {
  namesIn,
  removeFile,
  removePartials,
  writeAtomically,
  writeSafetensors,
} from "../write.ts";
import { Buffers, partsOf, skip } from "./parts.ts";
import {
  filesOf,
  type Plan,
  type PlannedFile,
  planOf,
  type Shard,
} from "./plan.ts";
import type { SpecTensor } from "./spec.ts";

/** The index's name in the folder. */
const indexName = "model.safetensors.index.json";

/**
 * Returns the index's text, as Hugging Face writes it.
 *
 * @param plan What is in the files.
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

/** The names of a model's files. */
const modelFile = /^model(-\d{5,}-of-\d{5,})?\.safetensors$/;

/**
 * Makes a folder if it is missing. Removes the index of an earlier run, and what
 * killed processes left of the files that this process writes.
 *
 * @param folder The folder.
 * @param plan The files of all processes.
 * @param files Those of this process.
 * @throws {RangeError} If there are files of another model.
 * @throws Errors of the system with the path in their message.
 */
async function prepareFolder(
  folder: string,
  plan: Plan,
  files: readonly PlannedFile[],
): Promise<void> {
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
  await removeFile(`${folder}/${indexName}`);
  for (const { name } of files) await removePartials(`${folder}/${name}`);
}

/**
 * Writes the index, if there are several files.
 *
 * @param folder The folder.
 * @param plan The files of all processes.
 * @throws Errors of the system with the path in their message.
 */
async function finishFolder(folder: string, plan: Plan): Promise<void> {
  if (plan.files.length === 1) return;
  const bytes = new TextEncoder().encode(indexText(plan));
  await writeAtomically(
    `${folder}/${indexName}`,
    (file) => file.write(0, bytes),
  );
}

/** Takes the parts of tensors, if it is asked to. */
export class Hasher {
  readonly #isAsked: boolean;
  readonly #hashes = new Map<string, Hash>();

  /**
   * Begins.
   *
   * @param isAsked Whether to do anything.
   */
  constructor(isAsked: boolean) {
    this.#isAsked = isAsked;
  }

  /**
   * Begins a tensor, which may have no parts.
   *
   * @param name The tensor's name.
   */
  begin(name: string): void {
    if (this.#isAsked) this.#hashes.set(name, createHash("sha256"));
  }

  /**
   * Takes a part.
   *
   * @param name The name of a tensor that was begun.
   * @param part The next of its parts.
   */
  add(name: string, part: Tensor): void {
    this.#hashes.get(name)?.update(bytesOf(part));
  }

  /** Returns the tensors' hashes by name, in hexadecimal. */
  hashes(): Record<string, string> {
    const entries = [...this.#hashes].map(([name, hash]) =>
      [name, hash.digest("hex")] as const
    );
    return Object.fromEntries(entries);
  }
}

/** Options of {@linkcode materialize}. */
interface MaterializeOptions {
  /** The seed, as `manualSeed` takes it. Default: 0. */
  readonly seed?: number | bigint;
  /**
   * The most bytes of tensors in a file. Default: 2 GB, or for several
   * processes so much less that each may have a file.
   */
  readonly shardSize?: number;
  /** Which of several processes this is. Default: the only one. */
  readonly shard?: Shard;
  /** How many threads draw. Default: 1. */
  readonly workers?: number;
  /** Whether to return the SHA-256 of each tensor's bytes. Default: false. */
  readonly hash?: boolean;
  /**
   * Called with a tensor's name and the bytes of it that were drawn since the
   * last call.
   */
  readonly onProgress?: (bytes: number, name: string) => void;
}

/** What was written. */
interface Materialized {
  /** The plan of all processes. */
  readonly plan: Plan;
  /** The files that this process wrote, in order. */
  readonly files: readonly string[];
  /** The SHA-256 of the tensors that it wrote, by name, if asked for. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** The size of a part, in bytes. */
const partSize = 2 ** 22;
/** The same for several threads, each of which must find its place first. */
const sharedPartSize = 2 ** 24;

const action = "materialize a model";

/**
 * Writes a model: each tensor has the bytes that PyTorch's initializers give it
 * if they fill the spec's tensors in order from one seed. Beside a part of a
 * tensor it holds in memory only what {@linkcode Plan.memory} says.
 *
 * The files are named as Hugging Face names them. Each is there as a whole or
 * not at all; the index is removed before the first file is written, and written
 * after the last: so a process that was killed leaves no index, and running it
 * again gives the same files as if it had not been killed. What it left half
 * written is removed then.
 *
 * Several processes, on as many machines, give the same files as one that was
 * given their `shardSize`. Each passes over the tensors of those before it by a
 * jump of the generator, which takes milliseconds. Only truncated normals it has
 * to draw and throw away, since how many words they take shows in the drawing.
 * Each process writes the index, the same bytes; it is complete when all have
 * ended.
 *
 * @param spec The tensors, from `parseSpec`.
 * @param folder Where to; it is made if it is missing.
 * @param options The seed, the files and who is told.
 * @returns What was written.
 * @throws {RangeError} If an option is out of its range, or the folder has files
 * of another model: of another number of files, too.
 * @throws {TypeError} If an option is of the wrong kind, or unknown.
 * @throws Errors of the system with the path in their message.
 *
 * @example
 * ```ts
 * import { materialize } from "./materialize.ts";
 * import { parseSpec } from "./spec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const json = '[{"name": "w", "shape": [3, 2], "init": "xavierNormal"}]';
 * const folder = await Deno.makeTempDir();
 * const spec = parseSpec(new TextEncoder().encode(json));
 * const { files } = await materialize(spec, folder, { seed: 1 });
 * assertEquals(files, ["model.safetensors"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function materialize(
  spec: readonly SpecTensor[],
  folder: string,
  options: MaterializeOptions = {},
): Promise<Materialized> {
  const { seed, shard, shardSize, workers, hash, onProgress } = withDefaults(
    action,
    options,
    {
      seed: 0 as number | bigint,
      shardSize: undefined as number | undefined,
      shard: { index: 0, count: 1 },
      workers: 1,
      hash: false,
      onProgress: (() => {}) as (bytes: number, name: string) => void,
    },
  );
  checkThreads(action, workers);
  const generator = new Generator(seed);
  const plan = planOf(spec, shardSize, shard.count);
  const files = filesOf(plan, shard);
  await prepareFolder(folder, plan, files);
  using others: OpenWorkers = await openWorkers(workers, spawnWorker);
  const size = workers === 1 ? partSize : sharedPartSize;
  const buffers = new Buffers(size, workers > 1);
  const drawing = { generator, buffers, threads: others.threads };
  const hasher = new Hasher(hash);
  const make = async function* (tensor: SpecTensor) {
    hasher.begin(tensor.name);
    for await (const part of partsOf(tensor, drawing)) {
      hasher.add(tensor.name, part);
      yield part;
      onProgress(part.data.byteLength, tensor.name);
    }
  };
  if (files.length > 0) await skip(spec.slice(0, files[0].start), drawing);
  for (const file of files) await writeFile(folder, file, make);
  await finishFolder(folder, plan);
  const names = files.map(({ name }) => name);
  return { plan, files: names, hashes: hasher.hashes() };
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
    // Else transformers refuses the file.
    { metadata: { format: "pt" } },
  );
}
