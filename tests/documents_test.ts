import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fanin from "../mod.ts";
import { type Fan, fan, manualSeed, nn, propagate } from "../mod.ts";
import * as checkpoint from "../lib/checkpoint/mod.ts";
import * as testing from "../lib/testing.ts";
import { runOn } from "../lib/cli/main.ts";
import { Terminal } from "../lib/cli/terminal.ts";
import { drawPictures, folder } from "../notebooks/pictures.ts";
import { readDocument, tablePair, tables } from "./documents.ts";
import { filesBelow } from "./structure/graph.ts";

/** Every document, by its path. */
const documents = ["", ".github", "lib", "notebooks", "tests"].flatMap((
  folder,
) => folder === "" ? ["README.md"] : filesBelow(folder, ".md"));

for (const [name, { file }] of Object.entries(tables)) {
  Deno.test(`${file} has the table of ${name} that the code makes`, async () => {
    const { committed, current } = await tablePair(name);
    assertEquals(committed, current);
  });
}

Deno.test("the README has at most 200 lines", async () => {
  assert((await readDocument("README.md")).trimEnd().split("\n").length <= 200);
});

Deno.test("the README counts the numbers of the table of exactness", async () => {
  const { committed } = await tablePair("exactness");
  const numbers = committed.slice(1)
    .map(([, , count]) => Number(count.replaceAll(",", "")));
  const sum = numbers.reduce((total, count) => total + count, 0);
  const text = new Intl.NumberFormat("en").format(sum);
  assertStringIncludes(
    (await readDocument("README.md")).replaceAll("\n", " "),
    `Each test run generates ${text} numbers`,
  );
});

Deno.test("the README states the true numbers of initializers and layers", async () => {
  const readme = await readDocument("README.md");
  const rules = Object.keys(fanin.init.initializers).length;
  assertStringIncludes(readme, `${rules} rules: PyTorch's 14`);
  const classes = Object.values(fanin.nn).filter((value) =>
    typeof value === "function" && /^class/.test(String(value))
  );
  assertStringIncludes(readme, `${classes.length} layers from`);
  const made = Object.keys(fanin.recipes).length;
  assertStringIncludes(readme, `or a recipe of ${made}: `);
});

Deno.test("the derivation in init's README is what fan prints", async () => {
  const text = String(fan([33, 16, 3, 3]));
  assertStringIncludes(await readDocument("lib/init/README.md"), text);
});

Deno.test("the counts of connections in init's README are what fan gives", async () => {
  const row = /^\|[^|]*\| `(fan\((\[.*?\]), .*\))` +\| (.*?) +\| (.*?) +\|$/gm;
  const rows = [...(await readDocument("lib/init/README.md")).matchAll(row)];
  assertEquals(rows.length, 6);
  for (const [, call, shape, plain, connections] of rows) {
    const text = ({ fanIn, fanOut }: Fan) => `${fanIn}, ${fanOut}`;
    assertEquals(text(new Function("fan", `return ${call}`)(fan)), connections);
    if (plain !== "–") assertEquals(text(fan(JSON.parse(shape))), plain);
  }
});

Deno.test("the README's pictures are what the code draws", async () => {
  const readme = await readDocument("README.md");
  for (const [name, svg] of Object.entries(drawPictures())) {
    assertEquals(await Deno.readTextFile(new URL(name, folder)), svg);
    assertStringIncludes(readme, `](notebooks/pictures/${name})`);
  }
});

Deno.test("every inline call of the README runs", async () => {
  const readme = (await readDocument("README.md")).replaceAll(
    /```.*?```/gs,
    "",
  );
  const calls = [...readme.matchAll(/`((?:new )?[a-z][\w.]*\([^`]*\))`/g)]
    .map(([, call]) => call)
    // A method's signature, and PyTorch's own call.
    .filter((call) => !/^(torch\.|fill\(tensor, )/.test(call));
  assert(calls.length >= 10, String(calls));
  const scope = {
    ...fanin,
    ...checkpoint,
    ...testing,
    conv: new nn.Conv2d(16, 33, 3),
    model: new nn.Linear(20, 30),
    runs: propagate({ depth: 2, width: 8, batch: 4 }),
  };
  manualSeed(0);
  for (const call of calls) {
    const run = new Function(...Object.keys(scope), `return ${call};`);
    assert(await run(...Object.values(scope)) !== undefined, call);
  }
});

Deno.test("the README's test of a model passes, and fails for a wrong model", async () => {
  const readme = await readDocument("README.md");
  const [, test] = /^```ts ignore\n(.*?)^```$/ms.exec(readme)!;
  const [net] = /^class Net .*?^}$/ms.exec(readme)!;
  const right = await runTest(test, net);
  assert(right.success, right.output);
  assertStringIncludes(right.output, "1 passed");
  const wrong = {
    "own.weight: 4 of 4 elements differ":
      "own = new nn.Linear(2, 2, { generator });",
    "head.weight: constant": "same = this.head.weight.toFloat32().fill(1);",
  };
  for (const [words, field] of Object.entries(wrong)) {
    const { success, output } = await runTest(
      test,
      net.replace(/}$/, `${field}\n}`),
      "--no-check",
    );
    assert(!success, output);
    assertStringIncludes(output, words);
  }
});

/** Runs a test file of the class `Net`, which it imports from `./net.ts`. */
async function runTest(test: string, net: string, ...flags: string[]) {
  const folder = await Deno.makeTempDir();
  const model = `import { Generator, nn } from "@fanin/fanin";
    export const generator = new Generator(0);
    export ${net}`;
  await Deno.writeTextFile(`${folder}/net.ts`, model);
  await Deno.writeTextFile(`${folder}/net_test.ts`, test);
  const config = new URL("../deno.json", import.meta.url).pathname;
  try {
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: [
          "test",
          ...flags,
          "--config",
          config,
          "--no-lock",
          `${folder}/net_test.ts`,
        ],
        env: { NO_COLOR: "1" },
      },
    ).output();
    const text = new TextDecoder();
    return { success, output: text.decode(stdout) + text.decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the README's commands run, in order", async () => {
  const readme = await readDocument("README.md");
  const commands = [...readme.matchAll(/^deno task cli (.*)$/gm)]
    .map(([, args]) => args.split(" "));
  assertEquals(commands.map(([name]) => name), [
    "fan",
    "init",
    "inspect",
    "compare",
    "materialize",
  ]);
  const temp = await Deno.makeTempDir();
  const lines: string[] = [];
  const output = {
    isTerminal: false,
    write: (text: string) => void lines.push(text),
  };
  const terminal = new Terminal({
    out: output,
    error: output,
    columns: 80,
    colors: false,
    now: () => 0,
  });
  try {
    for (const args of commands) {
      const placed = args.map((arg) =>
        arg === "w.safetensors" ? `${temp}/${arg}` : arg
      );
      const code = await runOn(placed, terminal);
      // `inspect` finds that the tensor is still as it was drawn.
      assertEquals(code, args[0] === "inspect" ? 1 : 0, lines.join("\n"));
    }
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
});

Deno.test("tasks and links that documents name exist", async () => {
  const { tasks } = JSON.parse(await readDocument("deno.json"));
  for (const file of documents) {
    const text = await readDocument(file);
    for (const [, task] of text.matchAll(/(?:deno|2\.9\.6) task ([a-z:]+)/g)) {
      assert(task in tasks, `${file}: ${task}`);
    }
    for (const [, link] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const folder = new URL(`../${file}`, import.meta.url);
      await Deno.stat(new URL(link, folder));
    }
  }
});
