/**
 * Materializes a spec in a process of its own, which may kill itself.
 *
 * Arguments: the spec's file, the folder, options in JSON, and after how many
 * bytes the process is killed, if it is. Prints the most memory that it had, in
 * kB, where the system says that.
 *
 * @module
 */

import { materialize } from "../../../lib/checkpoint/mod.ts";

const [spec, folder, options, last] = Deno.args;
let done = 0;
await materialize(await Deno.readFile(spec), folder, {
  ...JSON.parse(options),
  onProgress(bytes: number) {
    done += bytes;
    if (last !== undefined && done > Number(last)) {
      Deno.kill(Deno.pid, "SIGKILL");
    }
  },
});
if (Deno.build.os === "linux") {
  const status = await Deno.readTextFile("/proc/self/status");
  console.log(/VmHWM:\s*(\d+) kB/.exec(status)![1]);
}
