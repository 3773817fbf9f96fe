import { assert, assertEquals } from "@std/assert";
import { type Batch, countsOf, filesBelow, planOf } from "./run.ts";

const alone = "Runs alone: it measures time.";

const files = {
  "tests/nn/linear_test.ts": "Deno.test",
  "tests/nn/conv_test.ts": "Deno.test",
  "tests/nn/hook_test.ts": "Deno.test.beforeAll(start);",
  "tests/nn/every_layer.ts": "export",
  "tests/nn/deep/conv_test.ts": "Deno.test",
  "tests/readme_test.ts": "Deno.test",
  "tests/notebooks/run_test.ts": "Deno.test",
  "tests/notebooks/speed_test.ts": `\n// ${alone}\nDeno.test`,
  "lib/core/tensor_test.ts": `const text = "// ${alone}";`,
  "lib/core/test.ts": " Deno.test.beforeAll",
  "README.md": '```ts\nimport "./mod.ts";\n```\n',
  "lib/nn/linear.ts": "/**\n * ```ts\n * new Linear(1, 2);\n * ```\n */",
};

/** The files that a process loads itself, and those that its module loads. */
function filesOf({ args, modules }: Batch): [string[], string[]] {
  const url = new URL("../", import.meta.url).href;
  const loads = modules?.["test.ts"].match(/(?<=await import\(")[^"]+/g) ?? [];
  return [
    args.filter((argument) => !argument.startsWith("-")),
    loads.map((load) => load.replace(url, "")),
  ];
}

Deno.test("the plan has each file once, and what measures time at the end", () => {
  const { together, alone } = planOf(files, ["out", ".venv"]);
  assertEquals(together.map((batch) => [batch.name, ...filesOf(batch)]), [
    ["tests/notebooks", [], ["tests/notebooks/run_test.ts"]],
    ["types", [], []],
    ["lib/core", [], ["lib/core/tensor_test.ts", "lib/core/test.ts"]],
    ["tests/nn", ["tests/nn/hook_test.ts"], [
      "tests/nn/conv_test.ts",
      "tests/nn/linear_test.ts",
    ]],
    ["tests/nn/deep", [], ["tests/nn/deep/conv_test.ts"]],
    ["tests", [], ["tests/readme_test.ts"]],
    ["examples", [], ["./0.ts", "./1.ts"]],
  ]);
  assertEquals(alone.map((batch) => [batch.name, ...filesOf(batch)]), [
    ["tests/notebooks/speed_test.ts", ["tests/notebooks/speed_test.ts"], []],
  ]);
});

Deno.test("a folder whose files all have hooks gets no module", () => {
  const { together } = planOf({
    "a/b_test.ts": files["lib/core/test.ts"].trim(),
  }, []);
  const batch = together.find(({ name }) => name === "a")!;
  assertEquals([batch.args.at(-1), batch.modules], ["a/b_test.ts", undefined]);
});

Deno.test("types are checked of all, and each example is a test", () => {
  const { together } = planOf(files, ["out", ".venv"]);
  const [types, examples] = ["types", "examples"].map((name) =>
    together.find((batch) => batch.name === name)!
  );
  assertEquals(types.args, ["--no-run", "--doc", "--ignore=out,.venv"]);
  const { "test.ts": tests, ...code } = examples.modules ?? {};
  assertEquals(code, {
    "0.ts": `import "${new URL("../mod.ts", import.meta.url)}";\n`,
    "1.ts": "new Linear(1, 2);\n",
  });
  assertEquals(tests.match(/(?<=Deno.test\(")[^"]+/g), [
    "README.md#1-4.ts",
    "lib/nn/linear.ts#2-5.ts",
  ]);
});

Deno.test("the counts are those of a process's last line", () => {
  const output = "ok | 9 passed | 0 failed (1s)\nend | of | it\n" +
    "\x1b[31mFAILED\x1b[0m | 4 passed (2 steps) | 2 failed | 1 ignored (3s)\n" +
    "\nerror: Test failed\n";
  assertEquals(countsOf(output, false), { passed: 4, failed: 2, ignored: 1 });
  const good = "ok | 163 passed | 0 failed (35s)\n";
  assertEquals(countsOf(good, true), { passed: 163, failed: 0, ignored: 0 });
});

Deno.test("a process that fails without a failed test counts as one", () => {
  assertEquals(countsOf("", false), { passed: 0, failed: 1, ignored: 0 });
  assertEquals(countsOf("", true), { passed: 0, failed: 0, ignored: 0 });
  assertEquals(
    countsOf("ok | 3 passed | 0 failed (1s)\nerror: leaks", false),
    { passed: 3, failed: 1, ignored: 0 },
  );
});

// Upper bounds of a clock hold on a quiet machine only.
Deno.test("each test that reads a clock runs alone", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const ignored = /--ignore=(\S+)/.exec(tasks.test)![1].split(",");
  const found = filesBelow(ignored);
  const tests = Object.keys(found).filter((file) => /_test\.ts$/.test(file));
  assert(tests.length > 100);
  const { alone } = planOf(found, ignored);
  const readers = tests.filter((file) =>
    /\b(performance|Date)\.now\(|\bconsole\.time\(/.test(found[file])
  );
  const names = alone.map(({ name }) => name);
  assertEquals(readers.filter((file) => !names.includes(file)), []);
});
