/**
 * The command line; in a clone, `deno task cli` is short for it.
 *
 * ```sh
 * deno run --allow-read --allow-write jsr:@fanin/fanin/cli fan 33 16 3 3
 * ```
 *
 * @module
 */

import { currentProcess } from "../core/platform.ts";
import { main } from "./main.ts";

export { main };

if (import.meta.main) {
  const { argv, exit } = currentProcess()!;
  exit(await main(argv.slice(2)));
}
