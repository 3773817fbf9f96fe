import { assert, assertEquals } from "@std/assert";
import { countsOf, planOf, testsBelow } from "./run.ts";

const alone = "Runs alone: it measures time.";

const tests = {
  "tests/nn/linear_test.ts": "Deno.test",
  "tests/nn/deep/conv_test.ts": "Deno.test",
  "tests/readme_test.ts": "Deno.test",
  "tests/notebooks/run_test.ts": "Deno.test",
  "tests/notebooks/speed_test.ts": `\n// ${alone}\nDeno.test`,
  "lib/core/tensor_test.ts": `const text = "// ${alone}";`,
};

Deno.test("the plan has each file once, and what measures time at the end", () => {
  const { together, alone } = planOf(tests, ["out", ".venv"]);
  const filesOf = (batch: { readonly args: readonly string[] }) =>
    batch.args.filter((argument) => !argument.startsWith("-"));
  assertEquals(together.map((batch) => [batch.name, filesOf(batch)]), [
    ["tests/notebooks", ["tests/notebooks/run_test.ts"]],
    ["types", []],
    ["examples", []],
    ["lib/core", ["lib/core/tensor_test.ts"]],
    ["tests/nn/deep", ["tests/nn/deep/conv_test.ts"]],
    ["tests/nn", ["tests/nn/linear_test.ts"]],
    ["tests", ["tests/readme_test.ts"]],
  ]);
  assertEquals(alone.map((batch) => [batch.name, filesOf(batch)]), [
    ["tests/notebooks/speed_test.ts", ["tests/notebooks/speed_test.ts"]],
  ]);
});

Deno.test("types are checked of all, and examples run that are in no test", () => {
  const { together } = planOf(tests, ["out", ".venv"]);
  const argsOf = (name: string) =>
    together.find((batch) => batch.name === name)!.args;
  assert(argsOf("types").includes("--ignore=out,.venv"));
  assert(argsOf("types").includes("--no-run"));
  assert(!argsOf("types").includes("--no-check"));
  const ignored = argsOf("examples").find((each) => /^--ignore=/.test(each))!;
  assertEquals(
    ignored.slice("--ignore=".length).split(",").sort(),
    [".venv", "out", ...Object.keys(tests)].sort(),
  );
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
  const found = testsBelow(ignored);
  assert(Object.keys(found).length > 100);
  const { alone } = planOf(found, ignored);
  const readers = Object.keys(found).filter((file) =>
    /\b(performance|Date)\.now\(|\bconsole\.time\(/.test(found[file])
  );
  const names = alone.map(({ name }) => name);
  assertEquals(readers.filter((file) => !names.includes(file)), []);
});
