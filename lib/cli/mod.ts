/**
 * The command line.
 *
 * ```sh
 * deno task cli fan 33 16 3 3
 * deno task cli --help
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
