import {
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { pathToFileURL } from "node:url";
import { bundle } from "../../notebooks/bundle.ts";

const golden = new URL("../golden/", import.meta.url);
let dir = "";

interface Module {
  readonly specifier: string;
  readonly dependencies?: unknown;
}

Deno.test.beforeAll(async () => {
  dir = await Deno.makeTempDir();
  await bundle(dir);
});

Deno.test.afterAll(() => Deno.remove(dir, { recursive: true }));

Deno.test("the bundle imports nothing, and names no folder of this machine", async () => {
  const [graph, cache] = await Promise.all([
    run(Deno.execPath(), "info", "--json", "--no-config", "fanin.js"),
    run(Deno.execPath(), "info", "--json"),
  ]);
  const { modules } = JSON.parse(graph.text) as { modules: Module[] };
  const [types, ...others] = modules.filter(({ specifier }) =>
    !specifier.startsWith(`${pathToFileURL(dir)}/types/`)
  );
  assertEquals(types.specifier, `${pathToFileURL(dir)}/fanin.d.ts`);
  assertEquals(
    others.map(({ specifier, dependencies }) => [specifier, dependencies]),
    [[`${pathToFileURL(dir)}/fanin.js`, undefined]],
  );
  for (const name of filesIn(dir)) {
    const text = await Deno.readTextFile(name);
    for (const folder of [JSON.parse(cache.text).denoDir, Deno.cwd(), dir]) {
      assertFalse(text.includes(folder.slice(1)), `${name} names ${folder}`);
    }
  }
});

Deno.test("one Tensor class serves the namespaces of all entry points", async () => {
  await Deno.writeTextFile(`${dir}/namespaces.ts`, namespaces);
  const { code, text } = await run(Deno.execPath(), "run", "namespaces.ts");
  assertEquals([text, code], ["[ 0, 1, 2 ] init nn plot checkpoint\n", 0]);
});

Deno.test("an error in the bundle is traced to its source", async () => {
  await Deno.writeTextFile(
    `${dir}/fault.js`,
    `import { fan } from "./fanin.js"; fan([3]);`,
  );
  const { text } = await run("node", "--enable-source-maps", "fault.js");
  assertMatch(text, /lib\/core\/\w+\.ts:\d+|lib\/init\/scaling\.ts:\d+/);
});

Deno.test("a right program type-checks against the bundle, and a wrong one does not", async () => {
  await Deno.writeTextFile(`${dir}/right.ts`, right);
  await Deno.writeTextFile(`${dir}/wrong.ts`, wrong);
  const { code, text } = await run(
    Deno.execPath(),
    "check",
    "--no-config",
    "right.ts",
    "wrong.ts",
  );
  assertEquals(code, 1);
  assertFalse(text.includes("/right.ts:"), text);
  assertStringIncludes(text, `"fan_on"`);
  assertStringIncludes(text, "'kaimingOdd'");
  assertStringIncludes(text, "Found 2 errors.");
});

const node = await hasNode();
if (!node) console.log("NOT RUN: no Node");

Deno.test({
  name: "the bundle in Node gives the layers that PyTorch gives",
  ignore: !node,
  async fn() {
    await Deno.copyFile(new URL("layers.js", golden), `${dir}/layers.js`);
    await Deno.writeTextFile(`${dir}/package.json`, `{ "type": "module" }`);
    await Deno.writeTextFile(`${dir}/main.js`, inNode);
    const rows = new URL("layers.json", golden);
    const { code, text } = await run("node", "main.js", rows.href);
    // Node 20 has no relaxed SIMD.
    assertMatch(text, /^(relaxed-)?simd\nmismatches: \[\]\n$/);
    assertEquals(code, 0);
  },
});

Deno.test({
  name: "in Node, threads of the bundle give the bytes of the plain call",
  ignore: !node,
  async fn() {
    await Deno.writeTextFile(`${dir}/package.json`, `{ "type": "module" }`);
    await Deno.writeTextFile(`${dir}/threads.js`, threads);
    const { code, text } = await run("node", "threads.js");
    assertEquals(text, "2 true true\n");
    assertEquals(code, 0);
  },
});

const threads = `
import { empty, Generator, init, initModel, startWorkers } from "./fanin.js";
const workers = await startWorkers(2);
const [one, two] = [new Generator(5), new Generator(5)];
const build = (generator) => init.normal(empty([3000001]), { generator });
const made = await initModel(() => build(one), { workers });
workers.close();
console.log(workers.count, made.equals(build(two)), \`\${one.getState()}\` === \`\${two.getState()}\`);
`;

const namespaces = `
import * as fanin from "./fanin.js";
const bytes = fanin.checkpoint.encodeSafetensors({ w: fanin.tensor([0, 1, 2]) });
const { tensors } = fanin.checkpoint.decodeSafetensors(bytes);
const names = Object.keys(fanin).filter((name) => typeof fanin[name] === "object");
const known = ["init", "nn", "plot", "checkpoint"].filter((name) => names.includes(name));
if (!(tensors.w instanceof fanin.Tensor)) throw new Error("a second Tensor");
console.log(tensors.w.toArray(), known.join(" "));
`;

const right = `
import { checkpoint, type Tensor, fan, init, nn } from "./fanin.js";
const layer: nn.Module = new nn.Conv2d(16, 33, 3, { stride: 2 });
const weight: Tensor = new nn.Linear(1, 10, { bias: false }).weight;
init.kaimingNormal(weight, { mode: "fan_out", nonlinearity: "relu" });
const fanIn: number = fan(weight).fanIn;
const bytes: Uint8Array = checkpoint.encodeSafetensors({ weight });
console.log(layer, fanIn, bytes);
`;

const wrong = `
import { init, nn } from "./fanin.js";
init.kaimingNormal(new nn.Linear(1, 10).weight, { mode: "fan_on" });
init.kaimingOdd(new nn.Linear(1, 10).weight);
`;

const inNode = `
import { readFile } from "node:fs/promises";
import * as fanin from "./fanin.js";
import { mismatches } from "./layers.js";
const rows = JSON.parse(await readFile(new URL(process.argv[2]), "utf8"));
console.log(fanin.currentKernel());
console.log("mismatches:", JSON.stringify(await mismatches(fanin, rows)));
`;

function* filesIn(folder: string): Iterable<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesIn(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

async function run(command: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: dir,
    env: { NO_COLOR: "1" },
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, text: code === 0 ? text : errors };
}

async function hasNode(): Promise<boolean> {
  try {
    return (await new Deno.Command("node", { args: ["--version"] }).output())
      .success;
  } catch {
    return false;
  }
}
