/**
 * `materialize spec.json -o model`: a whole model from the list of its tensors.
 *
 * @module
 */

import type { FloatDtype } from "../core/dtype.ts";
import { cannot } from "../core/options.ts";
import {
  indexName,
  materialize,
} from "../checkpoint/materialize/materialize.ts";
import {
  filesOf,
  type Plan,
  type PlannedTensor,
  planOf,
  type Shard,
} from "../checkpoint/materialize/plan.ts";
import { parseSpec } from "../checkpoint/materialize/spec.ts";
import { readFile } from "../checkpoint/files.ts";
import {
  checkOutputs,
  readArguments,
  readChoice,
  readCount,
  readSeed,
  readSize,
  UsageError,
} from "./arguments.ts";
import type { Command } from "./command.ts";
import { interruptible } from "./interrupt.ts";
import {
  type Column,
  formatBytes,
  jsonHelp,
  printJson,
  Progress,
  tableLines,
  type Terminal,
} from "./terminal.ts";

/** What was asked for. */
interface Request {
  /** The spec's file. */
  readonly path: string;
  /** What it holds. */
  readonly spec: Uint8Array;
  readonly dtype: FloatDtype;
  /** Where to; undefined for a plan alone. */
  readonly folder: string | undefined;
  readonly seed: bigint;
  readonly shardSize: number | undefined;
  readonly shard: Shard;
  readonly workers: number;
  readonly hash: boolean;
  readonly json: boolean;
}

const planColumns: readonly Column[] = [
  { title: "file" },
  { title: "tensors", align: "right" },
  { title: "bytes", align: "right" },
  { title: "words", align: "right" },
  { title: "shard", align: "right" },
];

/** The dtypes that can be filled. */
const floats = ["float32", "float64", "float16", "bfloat16"] as const;

const help = `Makes a model from a list of its tensors, as sharded safetensors.

Usage: fanin materialize <spec.json> -o <folder> [options]

The spec is a JSON array of {"name", "shape", "init", "options", "dtype"}; init
is an initializer by its name here or in torch.nn.init. Each tensor gets the
bytes that PyTorch's initializing the same list in order from one seed gives. It
takes about 70 MB of memory for a model of any size; orthogonal matrices are
made as a whole, sparse ones take one bit more per element.

  -o, --out <folder>      the folder; created if missing
  --seed <n>              the seed of the one generator (default: 0)
  --shard-size <size>     the most bytes of tensors in a file, such as 500MB;
                          2GB by default, or the n-th part with --shard i/n
  --shard <i/n>           write part i of n, from 0 to n - 1: n processes, on
                          as many machines, write the model together
  --workers <k>           threads that draw (default: 1). More pay off if cores
                          are free and the disk is faster than one thread
  --dtype <dtype>         for tensors without one (default: float32)
  --hash                  SHA-256 of each tensor's bytes
  --dry-run               print the plan, draw and write nothing
${jsonHelp}

A part passes over the tensors of the parts before it in milliseconds. Only
truncated normals it has to draw, and throw away: that takes as long as making
them. A process that was killed leaves whole files and no index; the next run
rewrites all of them.

Permissions: --allow-read, --allow-write.

Examples:
  fanin materialize notebooks/specs/gpt2.json -o gpt2
  fanin materialize notebooks/specs/llama-7b.json --dry-run --dtype bfloat16
  parallel fanin materialize spec.json -o model --shard {}/4 ::: 0 1 2 3
  sbatch --array=0-3 notebooks/array_job/materialize.sbatch spec.json model`;

/** The command `materialize`. */
export const materializeCommand: Command = { help, run };

async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const request = await readRequest(args);
  const { spec, shardSize, shard, folder, hash, json } = request;
  const tensors = parseSpec(spec, { dtype: request.dtype });
  const plan = planOf(tensors, shardSize, shard.count);
  const hashes = folder === undefined
    ? {}
    : await write(folder, request, plan, terminal);
  if (json) printJson(terminal, report(request, plan, hashes));
  else if (folder === undefined) terminal.out(planText(plan, shard));
  else if (hash) terminal.out(hashText(hashes));
  return 0;
}

async function readRequest(args: readonly string[]): Promise<Request> {
  const { operands, flags, values } = readArguments(args, {
    flags: ["hash", "dry-run", "json"],
    values: ["out", "seed", "shard-size", "shard", "workers", "dtype"],
    short: { o: "out" },
  });
  const { out, seed = "0", shard = "0/1", workers = "1" } = values;
  const { dtype = "float32", "shard-size": shardSize } = values;
  const isDry = flags["dry-run"];
  const [path, ...others] = operands;
  if (path === undefined || others.length > 0) {
    throw new UsageError(
      cannot("materialize", "one spec must be named", operands.length),
    );
  }
  if (out === undefined && !isDry) {
    throw new UsageError(
      cannot("materialize", "-o <folder> or --dry-run must be given"),
    );
  }
  return {
    folder: isDry ? undefined : out,
    seed: readSeed("--seed", seed),
    shardSize: shardSize === undefined
      ? undefined
      : readSize("--shard-size", shardSize),
    shard: readShard(shard),
    workers: readCount("--workers", workers, 1),
    hash: flags.hash,
    json: flags.json,
    dtype: readChoice("--dtype", dtype, floats),
    path,
    spec: await readFile(`read ${JSON.stringify(path)}`, path),
  };
}

function readShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (!(index < count)) {
    throw new UsageError(
      cannot(
        "read --shard",
        "it must be i/n with i from 0 to n - 1",
        JSON.stringify(text),
      ),
    );
  }
  return { index, count };
}

/** Writes the files, and prints what they are and how long it took. */
async function write(
  folder: string,
  { path, spec, dtype, seed, shardSize, shard, workers, hash }: Request,
  plan: Plan,
  terminal: Terminal,
): Promise<Readonly<Record<string, string>>> {
  const files = filesOf(plan, shard);
  const outputs = [...files.map(({ name }) => name), indexName];
  await checkOutputs(outputs.map((name) => `${folder}/${name}`), [path]);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const progress = new Progress(terminal, bytes);
  const start = performance.now();
  const { hashes } = await interruptible((signal) =>
    materialize(spec, folder, {
      seed,
      dtype,
      shardSize,
      shard,
      workers,
      hash,
      onProgress: (count, name) => progress.add(count, name),
      signal,
    })
  );
  progress.end();
  const seconds = (performance.now() - start) / 1000;
  terminal.error(
    `${
      files.length === 1 ? "1 file" : `${files.length} files`
    } of ${plan.files.length} in ${folder}: ${formatBytes(bytes)} in ${
      seconds.toFixed(1)
    } s, ${formatBytes(bytes / seconds)}/s`,
  );
  return hashes;
}

/**
 * Returns a plan as text: a line for each file, with its tensors, its bytes, the
 * words that it takes from the generator and the process that writes it.
 *
 * @param plan The plan.
 * @param shard Which process asks, of how many.
 */
function planText(plan: Plan, { count }: Shard): string {
  const owners = new Map(
    Array.from(
      { length: count },
      (_, index) =>
        filesOf(plan, { index, count }).map((file) =>
          [file.name, `${index}/${count}`] as const
        ),
    ).flat(),
  );
  const rows = plan.files.map(({ name, tensors, bytes }) => [
    name,
    String(tensors.length),
    formatBytes(bytes),
    wordsText(tensors.map(({ words }) => words)),
    count === 1 ? "" : owners.get(name)!,
  ]);
  const total = [
    "total",
    String(plan.tensors.length),
    formatBytes(plan.bytes),
    wordsText(plan.tensors.map(({ words }) => words)),
    "",
  ];
  const isOne = rows.length === 1;
  const table = tableLines(planColumns, isOne ? rows : [...rows, total]).join(
    "\n",
  );
  return plan.memory === 0
    ? table
    : `${table}\n\nthe largest tensor that is made at once takes ${
      formatBytes(plan.memory)
    } of memory`;
}

/** A sum of which a part is not known before the drawing is a least. */
function wordsText(words: readonly (number | undefined)[]): string {
  const sum = words.reduce<number>((sum, each = 0) => sum + each, 0);
  return `${words.includes(undefined) ? "≥ " : ""}${sum}`;
}

function hashText(hashes: Readonly<Record<string, string>>): string {
  return Object.entries(hashes).map(([name, hash]) => `${hash}  ${name}`)
    .join("\n");
}

/** What `--json` prints; of all files, or with hashes of those written. */
function report(
  { seed, shard }: Request,
  plan: Plan,
  hashes: Readonly<Record<string, string>>,
): unknown {
  const own = filesOf(plan, shard);
  return {
    seed,
    bytes: plan.bytes,
    memory: plan.memory,
    shard,
    files: plan.files.map((file) => ({
      name: file.name,
      bytes: file.bytes,
      isOwn: own.includes(file),
      tensors: file.tensors.map((tensor) => tensorReport(tensor, hashes)),
    })),
  };
}

function tensorReport(
  { name, dtype, shape, init, bytes, words }: PlannedTensor,
  hashes: Readonly<Record<string, string>>,
): unknown {
  const sha256 = hashes[name];
  return { name, dtype, shape, init, bytes, words: words ?? null, sha256 };
}
