import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  copyFeatures,
  install,
  type Outcome,
  type Project,
  run,
} from "./project.ts";
import { assertTried } from "./tried.ts";

/** Tries the features, and writes what came of it. */
const program = `
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tried } from "./features.js";
import { mismatches } from "./layers.js";
const start = performance.now();
const fanin = await import("@fanin/fanin");
fanin.tensor([1]);
const started = performance.now() - start;
const checkpoint = await import("@fanin/fanin/checkpoint");
const rows = JSON.parse(readFileSync("layers.json", "utf8"));
const result = await tried(fanin, checkpoint, mismatches, rows, mkdtempSync("model-"));
writeFileSync("tried.json", JSON.stringify({ ...result, started }));
`;

/** A runtime: its name, the package of npm that brings it, and how it starts. */
type Runtime = readonly [name: string, tool: string, command: string];

const runtimes: readonly Runtime[] = [
  ["Deno 2", "", `${Deno.execPath()} run -A`],
  ["Node 22", "node@22", "node_modules/.bin/node"],
  ["Node 24", "node@24", "node_modules/.bin/node"],
  ["Node 26", "node@26", "node_modules/.bin/node"],
  ["Bun 1", "bun@1", "node_modules/.bin/bun"],
];

for (const [name, tool, command] of runtimes) {
  const project = await install(...tool === "" ? [] : [tool]);
  Deno.test({
    name: `in an empty project, the package does all in ${name}`,
    ignore: project === undefined,
    fn: () => assertAll(name, command, project!),
  });
}

async function assertAll(
  name: string,
  command: string,
  project: Project,
): Promise<void> {
  await copyFeatures(project);
  await Deno.writeTextFile(`${project.folder}/main.js`, program);
  const { code, error } = await shell(project, `${command} main.js`);
  assertEquals(code, 0, error);
  const tried = JSON.parse(
    await Deno.readTextFile(`${project.folder}/tried.json`),
  );
  await assertTried(name, tried, await runsCommands(command, project));
}

/** Runs the commands as `npx` and `bunx` do, by the program's file. */
async function runsCommands(
  command: string,
  project: Project,
): Promise<boolean> {
  const fanin = (args: string) =>
    shell(project, `${command} node_modules/@fanin/fanin/bin.js ${args}`);
  const fan = await fanin("fan 33 16 3 3");
  assertEquals([fan.code, fan.error], [0, ""]);
  assertStringIncludes(fan.out, "fan in          = 16 · 9 = 144");
  const init = await fanin("init ones 3 -o w.safetensors");
  assertEquals([init.code, init.error], [0, ""]);
  assertEquals((await fanin("compare w.safetensors w.safetensors")).code, 0);
  const none = await fanin("inspect none.npy");
  assertEquals([none.code, none.out, none.error], [
    2,
    "",
    'error: Cannot open "none.npy": No such file or directory (os error 2)\n',
  ]);
  // `true` has ended before the command begins to write.
  const { out, error } = await fanin("--help | true");
  assertEquals([out, error], ["", ""]);
  return true;
}

function shell({ folder }: Project, line: string): Promise<Outcome> {
  return run("sh", ["-c", line], folder);
}
