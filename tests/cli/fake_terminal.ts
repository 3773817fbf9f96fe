/**
 * A terminal that remembers what is written to it.
 *
 * @module
 */

import { runOn } from "../../lib/cli/main.ts";
import { Terminal } from "../../lib/cli/terminal.ts";

/** What kind of terminal it is. */
export interface FakeOptions {
  /** Columns of the console. Default: 80. */
  readonly columns?: number;
  /** Whether standard output is a terminal. Default: no. */
  readonly isTerminal?: boolean;
  /** Whether standard error is a terminal. Default: as standard output. */
  readonly showsStatus?: boolean;
  /** Whether it shows colors. Default: yes. */
  readonly colors?: boolean;
  /** Milliseconds by which each look at the clock moves it. Default: 1000. */
  readonly tick?: number;
}

/** A terminal, and what was written to it. */
export interface Fake {
  /** The terminal. */
  readonly terminal: Terminal;
  /** Returns what was written to standard output. */
  out(): string;
  /** Returns what was written to standard error. */
  error(): string;
}

/**
 * Returns a terminal that remembers what is written to it.
 *
 * @param options What kind of terminal it is.
 */
export function fakeTerminal(options: FakeOptions = {}): Fake {
  const { columns = 80, isTerminal = false, colors = true } = options;
  const { showsStatus = isTerminal, tick = 1000 } = options;
  let [out, error, time] = ["", "", 0];
  const terminal = new Terminal({
    out: { isTerminal, write: (text) => void (out += text) },
    error: { isTerminal: showsStatus, write: (text) => void (error += text) },
    columns,
    colors,
    now: () => time += tick,
  });
  return { terminal, out: () => out, error: () => error };
}

/** What a command wrote, and how it ended. */
export interface Outcome {
  /** The exit code. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly out: string;
  /** What it wrote to standard error. */
  readonly error: string;
}

/**
 * Runs a command in this process.
 *
 * @param args Its name and arguments.
 * @param options The terminal on which it runs.
 */
export async function runCommand(
  args: readonly string[],
  options: FakeOptions = {},
): Promise<Outcome> {
  const fake = fakeTerminal(options);
  const code = await runOn(args, fake.terminal);
  return { code, out: fake.out(), error: fake.error() };
}
