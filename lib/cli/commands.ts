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
  {
    name: "init",
    summary: "fill a tensor as PyTorch does, and print or write it",
    load: async () => (await import("./init.ts")).initCommand,
  },
  {
    name: "inspect",
    summary: "look into a checkpoint: statistics, and what is odd",
    load: async () => (await import("./inspect.ts")).inspectCommand,
  },
  {
    name: "compare",
    summary: "say which tensors of two checkpoints differ, and how far",
    load: async () => (await import("./compare.ts")).compareCommand,
  },
  {
    name: "materialize",
    summary: "make a model from a list of its tensors, larger than memory too",
    load: async () => (await import("./materialize.ts")).materializeCommand,
  },
];
