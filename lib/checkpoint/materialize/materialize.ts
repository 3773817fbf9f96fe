/**
 * A model from a spec to a folder of safetensors files, in bounded memory, by
 * one process or by several that know nothing of each other.
 *
 * @module
 */

import "../../numerics/kernels/offer.ts";

import {
  cannot,
  checkCallbacks,
  describe,
  withDefaults,
} from "../../core/options.ts";
import type { FloatDtype } from "../../core/dtype.ts";
import type { Tensor } from "../../core/tensor.ts";
import { spawnWorker } from "../../parallel/spawn.ts";
import {
  checkThreads,
  type OpenWorkers,
  openWorkers,
} from "../../parallel/workers.ts";
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
import { Buffers, partsOf, skip } from "./parts.ts";
import { filesOf, type Plan, type PlannedFile, planOf } from "./plan.ts";
import { parseSpec, type Spec, type SpecTensor } from "./spec.ts";

/** Options of {@linkcode materialize}. */
export interface MaterializeOptions {
  /** The dtype of tensors that name none. Default: float32. */
  readonly dtype?: FloatDtype;
  /** The seed, as `manualSeed` takes it. Default: 0. */
  readonly seed?: number | bigint;
  /**
   * The most bytes of tensors in a file. Default: 2 GB, or for several
   * processes so much less that each may have a file.
   */
  readonly shardSize?: number;
  /** Which of several processes this is. Default: the only one. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** How many threads draw. Default: 1. */
  readonly workers?: number;
  /** Whether to return the SHA-256 of each tensor's bytes. Default: false. */
  readonly hash?: boolean;
  /**
   * Called when a part was drawn, with its bytes and the tensor's name.
   * Default: nothing is.
   */
  readonly onProgress?: (bytes: number, name: string) => void;
}

/**
 * What was written.
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
};

/** The size of a part, in bytes. */
const partSize = 2 ** 22;

/** The same for several threads, each of which must find its place first. */
const sharedPartSize = 2 ** 24;

/** The index's name in the folder. */
const indexName = "model.safetensors.index.json";

/** The names of a model's files. */
const modelFile = /^model(-\d{5,}-of-\d{5,})?\.safetensors$/;

/**
 * Writes a model to a folder of safetensors files: each tensor has the bytes that
 * PyTorch's initializers give it if they fill the spec's tensors in order from one
 * seed.
 *
 * A spec is an array with an object for each tensor, or its JSON: `name`, `shape`,
 * `init` (an initializer of `init`, or its name in `torch.nn.init`), and, where
 * they are not the defaults, `options` (those of the initializer, or PyTorch's
 * names of them) and `dtype`.
 *
 * Beside a part of a tensor nothing is in memory, but for orthogonal matrices,
 * which are made as a whole, and one bit per element of sparse ones.
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
 * @param spec The tensors in the order in which they are drawn.
 * @param folder Where to, a path or a file URL; it is made if it is missing.
 * @param options The seed, the files, and where progress goes.
 * @returns What was written.
 * @throws {SyntaxError} If the spec is no such JSON.
 * @throws {RangeError} If the spec has a name twice, an initializer is unknown, or
 * refuses the shape or an option. The message names the tensor. If an option is out of its range, or the folder has files
 * of another model: of another number of files, too.
 * @throws {TypeError} If a member of the spec, or an option, is of the wrong kind, or
 * unknown.
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
  const { seed, dtype, shardSize, workers, hash, onProgress, ...given } =
    withDefaults(action, options, defaults);
  const shard = withDefaults(action, given.shard, defaults.shard, "shard");
  checkThreads(action, workers);
  checkCallbacks(action, { onProgress });
  const tensors = parseSpec(spec, { dtype });
  const path = pathOf(action, folder);
  const generator = new Generator(seed);
  const plan = planOf(tensors, shardSize, shard.count);
  const files = filesOf(plan, shard);
  await prepareFolder(path, plan, files);
  using others: OpenWorkers = await openWorkers(workers, spawnWorker);
  const size = workers === 1 ? partSize : sharedPartSize;
  const buffers = new Buffers(size, workers > 1);
  const drawing = { generator, buffers, threads: others.threads };
  // Loaded here alone: a browser that reads checkpoints has no such module.
  const createHash = hash ? (await import("node:crypto")).createHash : null;
  const hashes: [name: string, sha256: string][] = [];
  const make = async function* (tensor: SpecTensor) {
    const sha256 = createHash?.("sha256");
    for await (const part of partsOf(tensor, drawing)) {
      sha256?.update(bytesOf(part));
      yield part;
      onProgress(part.data.byteLength, tensor.name);
    }
    if (sha256 !== undefined) hashes.push([tensor.name, sha256.digest("hex")]);
  };
  if (files.length > 0) await skip(tensors.slice(0, files[0].start), drawing);
  for (const file of files) await writeFile(path, file, make);
  await finishFolder(path, plan);
  const names = files.map(({ name }) => name);
  return { files: names, hashes: Object.fromEntries(hashes) };
}

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

/**
 * Makes a folder if it is missing. Removes the index of an earlier run, and what
 * killed processes left of the files that this process writes.
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

/** Writes the index, if there are several files. */
async function finishFolder(folder: string, plan: Plan): Promise<void> {
  if (plan.files.length === 1) return;
  const bytes = new TextEncoder().encode(indexText(plan));
  await writeAtomically(
    `${folder}/${indexName}`,
    (file) => file.write(0, bytes),
  );
}
