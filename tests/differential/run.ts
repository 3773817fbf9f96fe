/**
 * `deno task differential`: draws random cases, asks PyTorch and fanin, and
 * reports where they differ. Ends with code 1 where they do.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { PythonMissing } from "../../notebooks/venv.ts";
import type { KernelName } from "../../lib/numerics/kernels/kernel.ts";
import { currentKernel, useKernel } from "../../mod.ts";
import { spawnWorker } from "../../lib/parallel/spawn.ts";
import { openWorkers } from "../../lib/parallel/workers.ts";
import { buildShared } from "../parallel/threads.ts";
import { type Case, drawCases } from "./cases.ts";
import { type Build, outcomeOf } from "./compare.ts";
import { askPyTorch } from "./oracle.ts";
import { Report } from "./report.ts";

const usage = `deno task differential [options]

Draws random cases, asks PyTorch and fanin, and reports where they differ. At
the first start it makes a Python virtual environment with PyTorch in
.venv-golden/.

  --seed=N     which cases are drawn; the default is 2013
  --cases=N    how many; the default is 2000
  --case=JSON  only this one, as a failure printed it
  --kernel=K   the code that makes numbers: typescript, simd, relaxed-simd; the
               default is auto, the fastest that runs here
  --threads=N  in how many threads; the default is 1. All that can be cut is
               cut, however small
  --help       shows this text`;

async function main(given: string[]): Promise<number> {
  const args = parseArgs(given, {
    boolean: ["help"],
    string: ["seed", "cases", "case", "kernel", "threads"],
    default: { seed: "2013", cases: "2000", kernel: "auto", threads: "1" },
    unknown: (name) => {
      throw new SyntaxError(`${name} is no option\n\n${usage}`);
    },
  });
  if (args.help) {
    console.log(usage);
    return 0;
  }
  const cases = readCases(args.seed, args.cases, args.case);
  useKernel(args.kernel as KernelName | "auto");
  const build = await buildBy(args.threads);
  console.log(`${currentKernel()}, threads: ${args.threads}`);
  // Warnings are for people.
  console.warn = () => {};
  const report = await compareAll(cases, build);
  console.log(`${report}`);
  return report.mismatches === 0 ? 0 : 1;
}

/** Returns the cases that the options ask for, and says which. */
function readCases(seed: string, count: string, given?: string): Case[] {
  if (given !== undefined) return [JSON.parse(given)];
  if (!/^-?\d+$/.test(seed) || !/^[1-9]\d*$/.test(count)) {
    throw new SyntaxError(`--seed and --cases must be integers\n\n${usage}`);
  }
  console.log(`${count} cases of seed ${seed}`);
  return [...drawCases(BigInt(seed), Number(count))];
}

/** Returns the plain call, or what shares its work among threads. */
async function buildBy(threads: string): Promise<Build | undefined> {
  if (!/^[1-9]\d?$/.test(threads)) {
    throw new SyntaxError(`--threads must be from 1 to 99\n\n${usage}`);
  }
  if (threads === "1") return undefined;
  const pool = await openWorkers(Number(threads), spawnWorker);
  let calls = 0;
  return (make) => buildShared(make, pool, { shared: calls++ % 2 === 1 });
}

async function compareAll(
  cases: readonly Case[],
  build: Build | undefined,
): Promise<Report> {
  const report = new Report();
  for await (const [one, answer] of askPyTorch(cases)) {
    const outcome = await outcomeOf(one, answer, build);
    report.add(one, outcome);
    if (outcome.problem !== null) {
      showProgress("");
      console.log(`${JSON.stringify(one)}\n  ${outcome.problem}`);
    }
    showProgress(
      `${report.cases} of ${cases.length} cases, ${report.mismatches} differ`,
    );
  }
  showProgress("");
  return report;
}

/** Shows a line in the place of the last, where people watch. */
function showProgress(line: string): void {
  if (!Deno.stderr.isTerminal()) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}\x1b[K`));
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  const isPlain = error instanceof PythonMissing ||
    error instanceof SyntaxError;
  console.error(isPlain ? error.message : error);
  Deno.exit(1);
}
