/**
 * The commands of the command line: which one runs, and how its errors are
 * reported.
 *
 * @module
 */

import { isSystemError } from "../checkpoint/files.ts";
import { clip, suggestion } from "../core/options.ts";
import { UsageError } from "./arguments.ts";
import type { ListedCommand } from "./command.ts";
import { Interruption } from "./interrupt.ts";
import { consoleTerminal, type Terminal } from "./terminal.ts";

/** The version in `deno.json`. */
export const version = "0.1.0";

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

/** Characters of an error; messages of the system may be longer. */
const mostCharacters = 400;

/**
 * Runs a command and returns its exit code: 0, or 1 for a finding, or 2 for
 * arguments that make no sense and for what fails, or 130 after Ctrl-C and 143
 * after SIGTERM while a file was written.
 *
 * @param args A command's name and its arguments.
 * @param terminal Where it writes.
 */
export async function runOn(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const [name, ...rest] = args;
  try {
    return await dispatch(name, rest, terminal);
  } catch (error) {
    return reported(error, name, terminal);
  }
}

/**
 * Runs a command on the terminal of the process and returns its exit code: 0, or
 * 1 for a finding, or 2 for arguments that make no sense and for what fails, or
 * 130 after Ctrl-C and 143 after SIGTERM while a file was written.
 *
 * @param args The arguments, as in `Deno.args` and `process.argv.slice(2)`: a
 * command's name, and its own.
 *
 * @example
 * ```ts
 * import { main } from "@fanin/fanin/cli";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await main(["fan", "33", "16", "3", "3"]), 0);
 * ```
 */
export async function main(args: readonly string[]): Promise<number> {
  return await runOn(args, consoleTerminal());
}

async function dispatch(
  name: string | undefined,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (name === undefined) {
    terminal.error(overview());
    return 2;
  }
  if (["--help", "-h", "help"].includes(name)) {
    const [about] = args;
    terminal.out(about === undefined ? overview() : await helpOf(about));
    return 0;
  }
  if (["--version", "-V"].includes(name)) {
    terminal.out(`fanin ${version}`);
    return 0;
  }
  if (asksForHelp(args)) {
    terminal.out(await helpOf(name));
    return 0;
  }
  const command = await find(name).load();
  return await command.run(args, terminal);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}

async function helpOf(name: string): Promise<string> {
  const command = await find(name).load();
  return command.help;
}

function find(name: string): ListedCommand {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  throw new UsageError(
    `Unknown ${name.startsWith("-") ? "option" : "command"} ${clip(name, 60)}${
      suggestion(name, names)
    }`,
  );
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `fanin ${version}: initial weights of neural networks, and checkpoints

Usage: fanin <command> [options]

where fanin is short for: deno task cli, or npx @fanin/fanin

${
    commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
      .join("\n")
  }

  fanin <command> --help  shows a command's options and permissions
  --version               the version

Exit codes: 0 all well, 1 a finding, 2 wrong usage or a failure.`;
}

/** Prints an error in one line, and returns the exit code. */
function reported(
  error: unknown,
  name: string | undefined,
  terminal: Terminal,
): number {
  try {
    terminal.status("");
    // In `fanin … | head` the reader has had enough: no error to report.
    if (isSystemError(error, "EPIPE")) return 2;
    const message = error instanceof Error ? error.message : String(error);
    terminal.error(`error: ${clip(onOneLine(message), mostCharacters)}`);
    if (error instanceof UsageError) {
      const known = commands.some((command) => command.name === name);
      terminal.error(
        `fanin ${known ? `${name} ` : ""}--help says how it is used`,
      );
    }
  } catch {
    // Standard error is closed, too.
  }
  return error instanceof Interruption ? error.code : 2;
}

/** Control characters would move the cursor or color what follows. */
function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").replaceAll(/\p{Cc}/gu, " ");
}
