/**
 * What the command is asked for.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { type Group, groups, M } from "./works.ts";

/** What the command is to do. */
export interface Settings {
  /** The parts of the benchmark. */
  readonly groups: readonly Group[];
  /** How many numbers are filled, 1 M and 16 M where nothing is asked. */
  readonly sizes: readonly number[];
  /** How many samples are taken of each side. */
  readonly runs: number;
  /** Whether the results are to be committed. */
  readonly write: boolean;
}

/** The text of `--help`. */
export const usage = `deno task bench [options]

Times fanin and its peers by turns, and prints one table. PyTorch and NumPy need
Python: the first time, they are installed in a virtual environment in
.venv-golden/. Results and charts go to out/.

  --only=A,B    these parts alone, of:
                ${groups.slice(0, 5).join(", ")},
                ${groups.slice(5).join(", ")}
  --growth      time by size as well, from 10^4 to 10^8 numbers
  --sizes=A,B   how many numbers are filled: 1M,16M; M is 2^20
  --runs=N      samples of each side; the default is 7
  --write       put results and charts into tests/benchmarks/, too
  --help        show this text`;

/**
 * Returns the settings; undefined where help is asked for.
 *
 * @param given The command's arguments.
 * @throws {SyntaxError} If there is no such option, or a value cannot be read.
 */
export function readSettings(given: readonly string[]): Settings | undefined {
  const args = parseArgs([...given], {
    boolean: ["help", "write", "growth"],
    string: ["only", "sizes", "runs"],
    unknown: (name) => {
      throw refusal(`${name} is no option`);
    },
  });
  if (args.help) return undefined;
  const only = args.only === undefined ? undefined : namedGroups(args.only);
  const chosen = only ?? groups.filter((group) => group !== "growth");
  const settings = {
    groups: args.growth && !chosen.includes("growth")
      ? [...chosen, "growth" as const]
      : chosen,
    sizes: listOf(args.sizes ?? "1M,16M").map(sizeOf),
    runs: countOf("--runs", args.runs ?? "7"),
    write: args.write,
  };
  const isPart = only?.some((group) => group !== "growth") ||
    args.sizes !== undefined;
  if (settings.write && isPart) {
    throw refusal("--write needs the whole table, without --only and --sizes");
  }
  return settings;
}

function namedGroups(list: string): Group[] {
  return listOf(list).map((name) => {
    const group = groups.find((group) => group === name);
    if (group === undefined) {
      throw refusal(`--only must name parts of ${groups.join(", ")}: ${name}`);
    }
    return group;
  });
}

function listOf(list: string): string[] {
  return list.split(",").map((item) => item.trim());
}

function sizeOf(text: string): number {
  const [, digits, unit] = /^(\d{1,10})(M?)$/.exec(text) ?? [];
  const size = Number(digits) * (unit === "M" ? M : 1);
  if (!(size >= 16 && size < 2 ** 31)) {
    throw refusal(`--sizes must be from 16 to 2047M: ${text}`);
  }
  return size;
}

function countOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw refusal(`${option} must be a whole number from 1 to 9999: ${text}`);
  }
  return Number(text);
}

function refusal(message: string): SyntaxError {
  return new SyntaxError(`${message}\n\n${usage}`);
}
