/**
 * The command line; in a clone, `deno task cli` is short for it.
 *
 * ```sh
 * deno run --allow-read --allow-write jsr:@fanin/fanin/cli fan 33 16 3 3
 * ```
 *
 * @module
 */

import { main } from "./main.ts";

export { main };

if (import.meta.main) Deno.exit(await main(Deno.args));
