/**
 * `deno task differential`: draws random cases, asks PyTorch and fanin, and
 * reports where they differ. Ends with code 1 where they do.
 *
 * `--seed` and `--cases` say which cases and how many; `--case` takes one case
 * as a failure printed it.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { type Case, drawCases } from "./cases.ts";
import { outcomeOf } from "./compare.ts";
import { askPyTorch } from "./oracle.ts";
import { Report } from "./report.ts";

const args = parseArgs(Deno.args, {
  string: ["seed", "cases", "case"],
  default: { seed: "2013", cases: "2000" },
});
const cases: Case[] = args.case === undefined
  ? [...drawCases(BigInt(args.seed), Number(args.cases))]
  : [JSON.parse(args.case)];
console.log(
  args.case === undefined
    ? `${args.cases} cases of seed ${args.seed}`
    : `the case ${args.case}`,
);

// Warnings are for people.
console.warn = () => {};
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
console.log(`${report}`);
if (report.mismatches > 0) Deno.exit(1);

/** Shows a line in the place of the last, where people watch. */
function showProgress(line: string): void {
  if (!Deno.stderr.isTerminal()) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}\x1b[K`));
}
