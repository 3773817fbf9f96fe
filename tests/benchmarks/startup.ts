/**
 * How long a fresh process takes to import `mod.ts`, compared with one that
 * imports nothing.
 *
 * @module
 */

import { join } from "node:path";
import { interleave } from "./interleave.ts";
import type { Startup } from "./results.ts";
import { middleOf } from "./samples.ts";

/** At least so many processes each. */
const fewest = 11;

const modules = {
  "nothing": "empty.ts",
  "import mod.ts": "import.ts",
  "import mod.ts, fill ten numbers": "ten.ts",
  "import mod.ts, start 2 workers, a small layer": "workers.ts",
};

/**
 * Returns how long each process takes from its start to its end.
 *
 * @param runs How many processes each; at least 11.
 * @param onRound Called with the number of finished rounds.
 */
export async function measureStartup(
  runs: number,
  onRound?: (done: number) => void,
): Promise<Startup[]> {
  const samples = await interleave(
    Object.values(modules).map((file) => ({ sample: () => timeOf(file) })),
    Math.max(fewest, runs),
    onRound,
  );
  return Object.keys(modules).map((module, index) => ({
    module,
    seconds: middleOf(samples[index]),
  }));
}

async function timeOf(file: string): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-config",
      join(import.meta.dirname!, "startup", file),
    ],
    stderr: "inherit",
  });
  const start = performance.now();
  const { success } = await command.output();
  const seconds = (performance.now() - start) / 1000;
  if (!success) throw new Error(`Cannot time ${file}`);
  return seconds;
}
