/**
 * Snapshot of the command line's texts: the help of every command, and what is
 * printed where it is called wrongly, with exit codes. Run this file to rewrite
 * it:
 *
 *     deno run -A tests/cli/snapshot.ts
 *
 * @module
 */

import { commands } from "../../lib/cli/main.ts";
import { runCommand } from "./fake_terminal.ts";

/** Where it is kept. */
export const snapshotFile: URL = new URL("./snapshot.txt", import.meta.url);

/** Calls that are refused or fail, none of which writes. */
const wrong: readonly string[] = [
  "",
  "fna",
  "--hlep",
  "help int",
  "fan",
  "fan 3",
  "fan 3 x",
  "fan 3 3 --grups 3",
  "fan 3 3 --groups 0",
  "fan 3 3 --groups 2 --groups 3",
  "fan 3 3 --stride",
  "fan 3 3 3 --stride 0",
  "fan 4 3 3 --groups 3",
  "fan 3 3 --axes in=a",
  "init",
  "init kaming_normal 3 3",
  "init normal",
  "init normal 3 --sdt 1",
  "init normal 3 --gain 1",
  "init ones 3 --val 1",
  "init normal 3 --std x",
  "init normal 3 --std -1",
  "init uniform 3 --a 1 --low 2",
  "init uniform 3 --a 1 --b 0",
  "init constant 3",
  "init sparse 3 3",
  "init sparse 3 3 --sparsity 2",
  "init dirac 3 3",
  "init kaiming_normal 3",
  "init kaiming_normal 3 3 --mode fan",
  "init kaiming_normal 3 3 --nonlinearity gelu",
  "init kaiming_normal 3 3 --gain 2 --nonlinearity relu",
  "init variance_scaling 3 3 --distribution cauchy",
  "init normal 3 --dtype int8",
  "init normal 3 --seed 1.5",
  "init normal 3 --seed 18446744073709551616",
  "init normal 3 --name w",
  "init normal 3 -o w.bin",
  "init normal 3 --dtype bfloat16 -o w.npy",
  "inspect",
  "inspect no/such.safetensors",
  "compare one",
  "compare no/such.safetensors no/such.npz",
  "materialize",
  "materialize spec.json",
  "materialize no/such.json --dry-run",
  "materialize spec.json -o model --shard 4/4",
  "materialize spec.json -o model --shard-size 0",
  "materialize spec.json -o model --workers 0",
];

/** Returns the texts, each below the call that prints it. */
export async function snapshot(): Promise<string> {
  const helps = ["--help", ...commands.map(({ name }) => `${name} --help`)];
  const parts: string[] = [];
  for (const call of [...helps, ...wrong]) {
    const args = call.split(" ").filter((arg) => arg !== "");
    const { code, out, error } = await runCommand(args);
    parts.push(
      `$ fanin ${call}`.trimEnd() + `\n${out}${error}(exit ${code})\n`,
    );
  }
  return parts.join("\n");
}

if (import.meta.main) await Deno.writeTextFile(snapshotFile, await snapshot());
