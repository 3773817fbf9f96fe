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

export { main } from "./main.ts";
export {
  type Output,
  type Style,
  Terminal,
  type TerminalParts,
} from "./terminal.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
