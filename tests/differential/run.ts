/**
 * `deno task differential`: draws random cases, asks PyTorch and fanin, and
 * reports where they differ. Ends with code 1 where they do.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { PythonMissing } from "../../notebooks/venv.ts";
import { type Case, drawCases } from "./cases.ts";
import { outcomeOf } from "./compare.ts";
import { askPyTorch } from "./oracle.ts";
import { Report } from "./report.ts";

const usage = `deno task differential [options]

Draws random cases, asks PyTorch and fanin, and reports where they differ. At
the first start it makes a Python virtual environment with PyTorch in
.venv-golden/.

  --seed=N     which cases are drawn; the default is 2013
  --cases=N    how many; the default is 2000
  --case=JSON  only this one, as a failure printed it
  --help       shows this text`;

async function main(given: string[]): Promise<number> {
  const args = parseArgs(given, {
    boolean: ["help"],
    string: ["seed", "cases", "case"],
    default: { seed: "2013", cases: "2000" },
    unknown: (name) => {
      throw new SyntaxError(`${name} is no option\n\n${usage}`);
    },
  });
  if (args.help) {
    console.log(usage);
    return 0;
  }
  const cases = readCases(args.seed, args.cases, args.case);
  // Warnings are for people.
  console.warn = () => {};
  const report = await compareAll(cases);
  console.log(`${report}`);
  return report.mismatches === 0 ? 0 : 1;
}

/** Returns the cases that the options ask for, and says which. */
function readCases(seed: string, count: string, given?: string): Case[] {
  if (given !== undefined) return [JSON.parse(given)];
  if (!/^-?\d+$/.test(seed) || !/^[1-9]\d*$/.test(count)) {
    throw new SyntaxError(`--seed and --cases must be integers\n\n${usage}`);
  }
  console.log(`${count} cases of seed ${seed}`);
  return [...drawCases(BigInt(seed), Number(count))];
}

async function compareAll(cases: readonly Case[]): Promise<Report> {
  const report = new Report();
  for await (const [one, answer] of askPyTorch(cases)) {
    const outcome = await outcomeOf(one, answer);
    report.add(one, outcome);
    if (outcome.problem !== null) {
      showProgress("");
      console.log(`${JSON.stringify(one)}\n  ${outcome.problem}`);
    }
    showProgress(
      `${report.cases} of ${cases.length} cases, ${report.mismatches} differ`,
    );
  }
  showProgress("");
  return report;
}

/** Shows a line in the place of the last, where people watch. */
function showProgress(line: string): void {
  if (!Deno.stderr.isTerminal()) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}\x1b[K`));
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  const isPlain = error instanceof PythonMissing ||
    error instanceof SyntaxError;
  console.error(isPlain ? error.message : error);
  Deno.exit(1);
}
