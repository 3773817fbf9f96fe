import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { copyFeatures, install, type Project, run } from "./project.ts";
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

/** The runtimes, the packages of npm that bring them, and their programs. */
const runtimes: readonly [name: string, tool: string, bin: string][] = [
  ["Node 22", "node@22", "node"],
  ["Node 24", "node@24", "node"],
  ["Node 26", "node@26", "node"],
  ["Bun 1", "bun@1", "bun"],
];

for (const [name, tool, bin] of runtimes) {
  const project = await install(tool);
  Deno.test({
    name: `in an empty project, the package does all in ${name}`,
    ignore: project === undefined,
    fn: () => assertAll(name, bin, project!),
  });
}

async function assertAll(
  name: string,
  bin: string,
  project: Project,
): Promise<void> {
  await copyFeatures(project);
  await Deno.writeTextFile(`${project.folder}/main.js`, program);
  const { code, error } = await project.bin(bin, "main.js");
  assertEquals(code, 0, error);
  const tried = JSON.parse(
    await Deno.readTextFile(`${project.folder}/tried.json`),
  );
  await assertTried(name, tried, await runsCommands(bin, project));
}

/** Runs the commands as `npx` and `bunx` do, by the program's file. */
async function runsCommands(bin: string, project: Project): Promise<boolean> {
  const fanin = (...args: string[]) =>
    project.bin(bin, "node_modules/.bin/fanin", ...args);
  const fan = await fanin("fan", "33", "16", "3", "3");
  assertEquals([fan.code, fan.error], [0, ""]);
  assertStringIncludes(fan.out, "fan in          = 16 · 9 = 144");
  const init = await fanin("init", "ones", "3", "-o", "w.safetensors");
  assertEquals([init.code, init.error], [0, ""]);
  assertEquals(
    (await fanin("compare", "w.safetensors", "w.safetensors")).code,
    0,
  );
  const none = await fanin("inspect", "none.npy");
  assertEquals([none.code, none.out, none.error], [
    2,
    "",
    'error: Cannot open "none.npy": No such file or directory (os error 2)\n',
  ]);
  const { out } = await run("sh", [
    "-c",
    `node_modules/.bin/${bin} node_modules/.bin/fanin --help | head -n 1`,
  ], project.folder);
  assert(out.startsWith("fanin "), out);
  return true;
}
