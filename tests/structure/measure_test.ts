import { assert, assertEquals, assertThrows } from "@std/assert";
import { importsOf } from "./imports.ts";
import { type Measured, tableOf } from "./measure.ts";
import {
  countLoaded,
  initFile,
  measureJourneys,
  testsIn,
} from "./measure/costs.ts";
import { callsOf, executed, type Script } from "./measure/coverage.ts";
import { entriesOf, longestChain, measureHouse } from "./measure/house.ts";

/** A house of three rooms, a dialect and an attic without a room. */
const house: Readonly<Record<string, string>> = {
  "deno.json": JSON.stringify({
    exports: {
      ".": "./mod.ts",
      "./nn": "./lib/nn/mod.ts",
      "./jax": "./lib/dialects/jax/mod.ts",
    },
  }),
  "mod.ts": `/** Doc with an import: import "./lib/doc/none.ts"; */
export { type Shape, tensor } from "./lib/core/tensor.ts";
export * as init from "./lib/init/rules/rules.ts";
export * as nn from "./lib/nn/mod.ts";
`,
  "lib/core/tensor.ts": `export type Shape = number[];
export const tensor = 1;
`,
  "lib/core/kernels/assembly/loop.ts": "export { none } from './none.ts';\n",
  "lib/init/rules/rules.ts": `import type { Shape } from "../../core/tensor.ts";
export const zeros = (shape: Shape) => shape;
`,
  "lib/nn/mod.ts": `import { tensor } from "../core/tensor.ts";
import { zeros } from "../init/rules/rules.ts";
export const Linear = [tensor, zeros];
export const later = () => import("./later.ts");
`,
  "lib/nn/later.ts": "export const later = 1;\n",
  "lib/dialects/jax/mod.ts":
    `export { tensor as key } from "../../core/tensor.ts";
`,
  "notebooks/run.ts": `import { tensor } from "../mod.ts";
console.log(tensor);
`,
};

/** Writes files into a folder that lasts as long as the test. */
async function build(
  files: Readonly<Record<string, string>>,
): Promise<{ root: URL } & AsyncDisposable> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const root = new URL(`file://${folder}/`);
  for (const [path, text] of Object.entries(files)) {
    const file = new URL(path, root);
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  return {
    root,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("measure counts the files, rooms, arrows and names of a house", async () => {
  await using built = await build(house);
  assertEquals(await measureHouse(built.root), {
    files: 6,
    lines: 14,
    rooms: 3,
    folders: 4,
    ranks: 3,
    // To core: of init, nn and mod.ts; nn and mod.ts to init; mod.ts to nn; and
    // of the notebooks to mod.ts.
    arrows: 7,
    names: 5,
    entries: { ".": 2, "./init": 1, "./nn": 2, "./jax": 1 },
  });
});

Deno.test("measure sees one more file, arrow and name", async () => {
  await using built = await build({
    ...house,
    "lib/core/upward.ts": 'export { Linear } from "../nn/mod.ts";\n',
    "lib/init/rules/rules.ts": `${house["lib/init/rules/rules.ts"]}
export const ones = 1;
`,
  });
  const { files, lines, ranks, arrows, names } = await measureHouse(built.root);
  assertEquals(
    { files, lines, ranks, arrows, names },
    { files: 7, lines: 17, ranks: Infinity, arrows: 8, names: 6 },
  );
});

Deno.test("measure tells the kinds of imports, and reads none in comments", async () => {
  await using built = await build(house);
  const imports = await importsOf(built.root);
  const kindOf = (a: string, b: string) =>
    imports.find(({ from, to }) => from === a && to === b)?.kind;
  assertEquals(imports.length, 8);
  assertEquals(kindOf("lib/nn/mod.ts", "lib/core/tensor.ts"), "static");
  assertEquals(kindOf("lib/nn/mod.ts", "lib/nn/later.ts"), "dynamic");
  assertEquals(
    kindOf("lib/init/rules/rules.ts", "lib/core/tensor.ts"),
    "type",
  );
  assertEquals(countLoaded(imports, "mod.ts"), 4);
  assertEquals(countLoaded(imports, "lib/init/rules/rules.ts"), 1);
});

Deno.test("measure takes a namespace for the entry point of its name", async () => {
  await using built = await build(house);
  assertEquals(initFile(built.root), "lib/init/rules/rules.ts");
  const entries = await entriesOf(built.root);
  assertEquals(entries.find(({ entry }) => entry === "./nn"), {
    entry: "./nn",
    file: "lib/nn/mod.ts",
    names: ["Linear", "later"],
  });
});

Deno.test("the longest chain of rooms is found, and a circle is endless", () => {
  assertEquals(longestChain([]), 0);
  assertEquals(longestChain([["a", "b"], ["a", "c"]]), 2);
  assertEquals(longestChain([["a", "c"], ["a", "b"], ["b", "c"]]), 3);
  assertEquals(longestChain([["a", "b"], ["b", "a"]]), Infinity);
});

/** A script as V8 writes it, with functions of 10 characters after another. */
function script(url: string, top: number, ...counts: number[]): Script {
  const named = counts.map((count, i) => ({
    functionName: `f${i}`,
    ranges: [{ startOffset: 10 * i, endOffset: 10 * i + 10, count }],
  }));
  const whole = { startOffset: 0, endOffset: 10 * counts.length, count: top };
  return { url, functions: [{ functionName: "", ranges: [whole] }, ...named] };
}

Deno.test("a journey is what is called oftener than before it", () => {
  const root = new URL("file:///house/lib/");
  const before = callsOf([
    script("file:///house/lib/a.ts", 1, 1, 0, 2),
    script("file:///house/lib/b.ts", 1, 5),
  ], root);
  const after = callsOf([
    script("file:///house/lib/a.ts", 1, 1, 1, 3),
    script("file:///house/lib/b.ts", 1, 5),
    script("file:///house/lib/imported.ts", 1, 0),
    script("file:///house/lib/called.ts", 1, 0, 1),
    script("file:///elsewhere/lib/c.ts", 1, 1),
  ], root);
  assertEquals(executed(before, after), { files: 2, functions: 3 });
  assertEquals(executed(after, after), { files: 0, functions: 0 });
});

/** A library as far as the journeys go: a file for each thing that they call. */
const library: Readonly<Record<string, string>> = {
  "lib/tensors/tensor.ts": `export const empty = (shape: number[]) => ({
  data: new Float32Array(shape[0] * shape[1]),
});
`,
  "lib/init/init.ts": `type Tensor = { data: Float32Array };
const fill = (data: Float32Array) => data.fill(1);
export const kaimingUniform = (tensor: Tensor) => (fill(tensor.data), tensor);
`,
  "lib/random/random.ts": "export const manualSeed = (seed: number) => seed;\n",
  "lib/plot/plot.ts": `import { bundle } from "../notebook/bundle.ts";
export const weights = () => ({ [Symbol.for("Jupyter.display")]: bundle });
`,
  "lib/notebook/bundle.ts": `const text = () => "";
export const bundle = async () => (await import("./late.ts")).late(text());
`,
  "lib/notebook/late.ts": "export const late = (text: string) => ({ text });\n",
  "lib/files/open_checkpoint.ts":
    `const open = (path: string) => Deno.open(path);
export const openCheckpoint = async (path: string) => (await open(path)).close();
`,
  "lib/inspection/mod.ts": `const look = () => {};
export const inspect = () => Promise.resolve(look());
`,
};

const journeys = {
  fill: { files: 2, functions: 3 },
  plot: { files: 3, functions: 4 },
  inspect: { files: 2, functions: 4 },
};

Deno.test("the journeys' files and functions are counted", async () => {
  const mod = `export { empty } from "./lib/tensors/tensor.ts";
export * as init from "./lib/init/init.ts";
export * as plot from "./lib/plot/plot.ts";
export { manualSeed } from "./lib/random/random.ts";
`;
  await using before = await build({
    ...library,
    "deno.json": JSON.stringify({
      exports: {
        ".": "./mod.ts",
        "./inspection": "./lib/inspection/mod.ts",
        "./cli": "./none.ts",
      },
    }),
    "mod.ts": mod,
  });
  assertEquals(await measureJourneys(before.root), journeys);
  const { "lib/files/open_checkpoint.ts": open, ...others } = library;
  await using after = await build({
    ...others,
    "deno.json": JSON.stringify({ exports: { ".": "./mod.ts" } }),
    "lib/inspection/open.ts": open,
    "mod.ts": `${mod}
export { openCheckpoint } from "./lib/inspection/open.ts";
export { inspect } from "./lib/inspection/mod.ts";
`,
  });
  assertEquals(await measureJourneys(after.root), journeys);
});

Deno.test("the count of tests is the last that a run prints", () => {
  assertEquals(
    testsIn("ok | 3 passed | 0 failed (1s)\n12 passed, 0 failed"),
    12,
  );
  assertThrows(() => testsIn("error"), Error, "no count");
});

Deno.test("the table sets checkouts side by side", () => {
  const before: Measured = {
    commit: "aaaaaaa",
    house: {
      files: 336,
      lines: 38440,
      rooms: 19,
      folders: 25,
      ranks: 9,
      arrows: 97,
      names: 80,
      entries: { ".": 77, "./formats": 3 },
    },
    journeys: { fill: { files: 24, functions: 81 } },
    imports: { ".": { modules: 196, median: 54.6, min: 50, max: 60.04 } },
    bundle: { raw: 2047873, gzip: 679000 },
    bundleWithoutPackages: { raw: 545051, gzip: 172484 },
    tests: { seconds: 260.4 },
  };
  const after: Measured = {
    ...before,
    commit: "bbbbbbb+",
    house: { ...before.house, files: 130, entries: { ".": 53, "./new": 3 } },
    tests: { seconds: 90, tests: 1234 },
  };
  const lines = tableOf([before, after]).split("\n");
  const row = (name: string) =>
    lines.find((line) => line.trim().startsWith(name))!.trim().split(/ {2,}/);
  assertEquals(row("commit"), ["commit", "aaaaaaa", "bbbbbbb+"]);
  assertEquals(row("files of lib").slice(1), ["336", "130"]);
  assertEquals(row("lines"), ["lines", "38,440", "38,440"]);
  assertEquals(row("./formats"), ["./formats", "3", "–"]);
  assertEquals(row("./new"), ["./new", "–", "3"]);
  const names = lines.map((line) => line.trim().split(" ")[0]);
  assertEquals(names.indexOf("./new"), names.indexOf("./formats") + 1);
  assertEquals(row("files (functions)").slice(1), ["24 (81)", "24 (81)"]);
  assertEquals(row("ms to import").slice(1), [
    "54.6 (50.0 to 60.0)",
    "54.6 (50.0 to 60.0)",
  ]);
  assertEquals(row("kB of the bundle").slice(1)[0], "2,048 (679)");
  assertEquals(row("tests"), ["tests", "–", "1,234"]);
  assertEquals(row("seconds of tests").slice(1), ["260", "90"]);
  assert(lines.every((line) => line.length === lines[0].length));
});
