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

import { main } from "./main.ts";

export { main };

if (import.meta.main) Deno.exit(await main(Deno.args));
