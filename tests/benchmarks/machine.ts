/**
 * The machine that a benchmark runs on.
 *
 * @module
 */

import { cpus } from "node:os";
import { currentKernel } from "../../mod.ts";
import type { Machine } from "./results.ts";
import { middleOf } from "./samples.ts";

/**
 * Returns what is known of the machine.
 *
 * @param peers The peers and their versions.
 * @param before The load before the run.
 */
export function machineOf(
  peers: Readonly<Record<string, string>>,
  before: number,
): Machine {
  return {
    processor: cpus()[0]?.model ?? "unknown processor",
    cores: navigator.hardwareConcurrency,
    system: `${Deno.build.os} ${Deno.build.arch}`,
    deno: `${Deno.version.deno}, V8 ${Deno.version.v8}`,
    fanin: currentKernel(),
    peers,
    touch: touch(),
    load: [before, load()],
  };
}

/**
 * Returns how many seconds the first touch of new memory costs for each
 * float32: making layers costs at least that, in any library.
 */
function touch(): number {
  const length = 2 ** 22;
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    new Float32Array(length).fill(1);
    return (performance.now() - start) / 1000 / length;
  });
  return middleOf(times).median;
}

/** Returns how many tasks wanted a core in the last minute. */
export function load(): number {
  return Deno.loadavg()[0];
}
