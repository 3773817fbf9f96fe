/**
 * `deno task fuzz`: reads hostile files of every format and counts why each is
 * refused. Ends with code 1 after a crash or a hang.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import type { Kinds } from "./hostile_files.ts";
import { formatTally, type Tally } from "./tally.ts";

const usage = `deno task fuzz [options]

Reads hostile safetensors, npy, npz and PyTorch files and TensorFlow.js
manifests, and counts why each is refused.

  --seed=N   which files are drawn; the default is 2013
  --files=N  how many; the default is 100000
  --torch    draws files of PyTorch alone
  --help     shows this text`;

/** Without a sign of life for so long, a file hangs; 100 take 0.1 s. */
const patience = 60_000;

async function main(given: string[]): Promise<number> {
  const args = parseArgs(given, {
    boolean: ["help", "torch"],
    string: ["seed", "files"],
    default: { seed: "2013", files: "100000" },
    unknown: (name) => {
      throw new SyntaxError(`${name} is no option\n\n${usage}`);
    },
  });
  if (args.help) {
    console.log(usage);
    return 0;
  }
  if (!/^-?\d+$/.test(args.seed) || !/^[1-9]\d*$/.test(args.files)) {
    throw new SyntaxError(`--seed and --files must be integers\n\n${usage}`);
  }
  console.log(`${args.files} files of seed ${args.seed}`);
  const tally = await watched(
    BigInt(args.seed),
    Number(args.files),
    args.torch ? "torch" : "any",
  );
  showProgress("");
  for (const crash of tally.crashes) console.log(crash);
  console.log(formatTally(tally));
  const peak = Math.round(Deno.memoryUsage().rss / 2 ** 20);
  console.log(`0 hangs; ${peak} MiB of memory at the end`);
  return tally.crashes.length === 0 ? 0 : 1;
}

/** Lets a worker read the files, and checks that it makes progress. */
function watched(
  seed: bigint,
  count: number,
  kinds: Kinds,
): Promise<Tally> {
  const worker = new Worker(import.meta.resolve("./worker.ts"), {
    type: "module",
  });
  const { promise, resolve, reject } = Promise.withResolvers<Tally>();
  let last = 0;
  const hang = () =>
    reject(new Error(`1 hang, among the 100 files from number ${last} on`));
  let clock = setTimeout(hang, patience);
  worker.onmessage = ({ data }) => {
    clearTimeout(clock);
    if (data.tally !== undefined) return resolve(data.tally);
    last = data.index;
    clock = setTimeout(hang, patience);
    showProgress(`${last} of ${count} files`);
  };
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage({ seed, count, kinds });
  return promise.finally(() => {
    clearTimeout(clock);
    worker.terminate();
  });
}

/** Shows a line in the place of the last, where people watch. */
function showProgress(line: string): void {
  if (!Deno.stderr.isTerminal()) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}\x1b[K`));
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(error instanceof SyntaxError ? error.message : error);
  Deno.exit(1);
}
