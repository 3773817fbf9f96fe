/**
 * The commands that there are. Each is loaded when it is called.
 *
 * @module
 */

import type { ListedCommand } from "./command.ts";

/** The commands, in the order of the help text. */
export const commands: readonly ListedCommand[] = [
  {
    name: "fan",
    summary: "count the inputs and outputs of a weight",
    load: async () => (await import("./fan.ts")).fanCommand,
  },
];
