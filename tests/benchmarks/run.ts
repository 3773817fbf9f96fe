/**
 * `deno task bench`: times fanin and its peers by turns, and prints one table.
 *
 * @module
 */

import { join } from "node:path";
import type { plot } from "../../mod.ts";
import { writeAtomically } from "../../notebooks/runner/atomic.ts";
import { PythonMissing } from "../../notebooks/venv.ts";
import { compare, type FindPeer, type Outcome } from "./compare.ts";
import { measureGrowth } from "./growth.ts";
import { growthChart } from "./growth_chart.ts";
import { load, machineOf } from "./machine.ts";
import { measureMemory } from "./memory.ts";
import {
  type JavaScriptPeer,
  javascriptPeers,
  javascriptSide,
} from "./peers/javascript.ts";
import { type PythonPeer, PythonPeers } from "./peers/python.ts";
import { showProgress } from "./progress.ts";
import type { Growth, Results } from "./results.ts";
import { readSettings, type Settings, usage } from "./settings.ts";
import { speedChart } from "./speed_chart.ts";
import { measureStartup } from "./startup.ts";
import { report } from "./table.ts";
import { formatSize } from "./words.ts";
import { worksOf } from "./works.ts";

const folder = import.meta.dirname!;
const out = join(folder, "..", "..", "out", "benchmarks");

async function main(given: readonly string[]): Promise<number> {
  const settings = readSettings(given);
  if (settings === undefined) {
    console.log(usage);
    return 0;
  }
  const before = load();
  const python = await startPython();
  await using process = typeof python === "string" ? null : python;
  const { growth: lines, ...found } = await measure(settings, finder(python));
  const about = await process?.about();
  showProgress("");
  const head = {
    date: new Date().toISOString().slice(0, 10),
    machine: machineOf({ ...about, ...javascriptPeers }, before),
    runs: settings.runs,
  };
  const results: Results = { ...head, ...found };
  console.log(report(results));
  if (results.comparisons.length > 0) {
    await save("results", results, speedChart, settings.write);
  }
  if (lines.length > 0) {
    const growth: Growth = { ...head, lines };
    await save("growth", growth, growthChart, settings.write);
  }
  return results.comparisons.some(({ same }) => same === false) ? 1 : 0;
}

/** Starts Python; a string says why there is none. */
async function startPython(): Promise<PythonPeers | string> {
  try {
    return await PythonPeers.start();
  } catch (error) {
    console.error(error instanceof PythonMissing ? error.message : error);
    return "no Python with PyTorch and NumPy";
  }
}

/** Returns what finds a peer in this process, or in Python's. */
function finder(python: PythonPeers | string): FindPeer {
  return async ({ peer }, task) => {
    if (peer in javascriptPeers) {
      return javascriptSide(peer as JavaScriptPeer, task);
    }
    return typeof python === "string"
      ? python
      : await python.side(peer as PythonPeer, task);
  };
}

interface Found
  extends Pick<Results, "comparisons" | "skipped" | "memory" | "startup"> {
  readonly growth: Growth["lines"];
}

/** Measures what is asked for, part by part. */
async function measure(settings: Settings, find: FindPeer): Promise<Found> {
  const { groups, runs, sizes } = settings;
  const outcomes: Outcome[] = [];
  for (const work of worksOf(groups, sizes)) {
    const name = `${work.title}, ${formatSize(work.task.elements)}`;
    showProgress(name, true);
    outcomes.push(await compare(work, find, runs, roundsOf(name, runs)));
  }
  const { memory, skipped } = groups.includes("memory")
    ? await measureMemory(runs, roundsOf("memory", runs))
    : { memory: [], skipped: [] };
  const startup = groups.includes("startup")
    ? await measureStartup(runs, roundsOf("start-up", runs))
    : [];
  const growth = groups.includes("growth")
    ? await measureGrowth(find, runs, (next) => showProgress(next, true))
    : { lines: [], skipped: [] };
  return {
    comparisons: outcomes.flatMap(({ comparisons }) => comparisons),
    skipped: [
      ...outcomes.flatMap(({ skipped }) => skipped),
      ...skipped,
      ...growth.skipped,
    ],
    memory,
    startup,
    growth: growth.lines,
  };
}

function roundsOf(name: string, runs: number): (done: number) => void {
  return (done) => showProgress(`${name}: ${done} of ${runs} rounds`);
}

/** Writes a result and its chart to out/, and where it is committed if asked. */
async function save<T>(
  name: string,
  value: T,
  draw: (value: T) => plot.Figure,
  write: boolean,
): Promise<void> {
  const files = {
    [`${name}.json`]: `${JSON.stringify(value, null, 2)}\n`,
    [`${name}.svg`]: draw(value).toSvg(),
  };
  await Deno.mkdir(out, { recursive: true });
  for (const place of write ? [out, folder] : [out]) {
    for (const [file, text] of Object.entries(files)) {
      await writeAtomically(join(place, file), text);
    }
  }
  console.log(
    `\n${Object.keys(files).map((file) => join(out, file)).join("\n")}`,
  );
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof SyntaxError ? error.message : error);
    Deno.exit(2);
  }
}
