/**
 * Inspects a checkpoint in a process of its own. Prints what was found, and the
 * most memory that the process had, in kB, as Linux says it.
 *
 * @module
 */

import { inspect } from "../../lib/checkpoint/mod.ts";
import { openCheckpoint } from "../../lib/checkpoint/open.ts";
import "../../mod.ts";

using checkpoint = await openCheckpoint(Deno.args[0]);
const { findings } = await inspect(checkpoint);
const status = await Deno.readTextFile("/proc/self/status");
console.log(JSON.stringify({
  kilobytes: Number(/VmHWM:\s*(\d+) kB/.exec(status)![1]),
  found: findings.map(({ kind, tensor }) => [kind, tensor]),
}));
