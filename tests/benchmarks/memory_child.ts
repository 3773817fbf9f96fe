/**
 * A process that touches a tensor of 16 M float32 numbers, or fills it, and
 * prints the peak of its memory in bytes. Linux only.
 *
 * Pages of Deno's own program are left out: which of them are read in depends on
 * the code that is compiled, and the system can drop them at any time.
 *
 * @module
 */

import { empty, init, initModel, nn } from "../../mod.ts";

async function work(name: string): Promise<void> {
  if (name === "workers") {
    const build = () => new nn.Linear(4096, 4096, { bias: false });
    await initModel(build, { workers: 2 });
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
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)![1]);
  console.log((kilobytes("VmHWM") - kilobytes("RssFile")) * 1024);
}
