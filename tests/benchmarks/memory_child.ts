/**
 * A process that touches a tensor of 16 M float32 numbers, or fills it, and
 * prints the peak of its memory in bytes. Linux only.
 *
 * @module
 */

import { empty, init, nn } from "../../mod.ts";
import { initModel } from "./not_yet.ts";

async function work(name: string): Promise<void> {
  if (name === "workers") {
    const build = () => new nn.Linear(4096, 4096, { bias: false });
    await initModel!(build, { workers: 2 });
    return;
  }
  const tensor = empty([2 ** 24]);
  tensor.data.fill(1);
  if (name === "touch") return;
  init[name as "uniform" | "normal" | "truncNormal"](tensor);
}

if (import.meta.main) {
  await work(Deno.args[0]);
  const status = Deno.readTextFileSync("/proc/self/status");
  console.log(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) * 1024);
}
