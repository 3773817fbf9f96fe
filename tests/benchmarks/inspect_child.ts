/**
 * A process that inspects a file, and prints the seconds that it took and the
 * peak of its memory in bytes. Linux only.
 *
 * @module
 */

import { inspect } from "../../lib/checkpoint/mod.ts";

if (import.meta.main) {
  const start = performance.now();
  await inspect(Deno.args[0]);
  const seconds = (performance.now() - start) / 1000;
  const status = Deno.readTextFileSync("/proc/self/status");
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status)!;
  console.log(JSON.stringify({ seconds, bytes: Number(kilobytes) * 1024 }));
}
