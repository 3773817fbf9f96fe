/**
 * The type of a command.
 *
 * @module
 */

import type { Terminal } from "./terminal.ts";

/** A command, loaded. */
export interface Command {
  /** What `--help` prints: usage, options, permissions, examples. */
  readonly help: string;
  /**
   * Runs the command and returns its exit code: 0, or 1 for a finding.
   *
   * @param args What follows the command's name.
   * @param terminal Where it writes.
   * @throws {UsageError} If the arguments are wrong; the exit code is then 2,
   * as for any error.
   */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** A command in the list, loaded when it is called. */
export interface ListedCommand {
  /** Its name on the command line. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly summary: string;
  /** Loads it. */
  load(): Promise<Command>;
}
