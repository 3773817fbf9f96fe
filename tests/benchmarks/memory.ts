/**
 * How much memory a fill needs beyond the tensor: a process that fills against
 * one that only touches it, each by its peak.
 *
 * @module
 */

import { join } from "node:path";
import { interleave } from "./interleave.ts";
import type { Memory, Skipped } from "./results.ts";
import { middleOf } from "./samples.ts";

const folder = import.meta.dirname!;
const fills = ["uniform", "normal", "truncNormal"];

/** The works, as `memory_child.ts` names them. */
const works = [
  ...fills.map((name) => ({ name, threads: 1 })),
  { name: "workers", threads: 2 },
];

/**
 * Returns what fills of 16 M float32 numbers need.
 *
 * @param runs How many processes for each.
 * @param onRound Called with the number of finished rounds.
 */
export async function measureMemory(
  runs: number,
  onRound?: (done: number) => void,
): Promise<{ memory: Memory[]; skipped: Skipped[] }> {
  const skip = (work: string, reason: string) => ({
    memory: [],
    skipped: [{ work, by: "fanin", reason }],
  });
  if (Deno.build.os !== "linux") {
    return skip("memory", "only Linux tells the peak, in /proc/self/status");
  }
  const [touched, ...peaks] = await interleave(
    [{ name: "touch" }, ...works].map(({ name }) => ({
      sample: () => peakOf(name),
    })),
    runs,
    onRound,
  );
  const base = middleOf(touched).median;
  return {
    memory: works.map(({ name, threads }, index) => ({
      work: threads === 1 ? name : "uniform by 2 workers, a new layer",
      threads,
      bytes: middleOf(peaks[index].map((peak) => peak - base)),
    })),
    skipped: [],
  };
}

/** The peak of a process in bytes, as the kernel counted it. */
async function peakOf(work: string): Promise<number> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", join(folder, "memory_child.ts"), work],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot measure the memory of ${work}`);
  return Number(new TextDecoder().decode(stdout));
}
