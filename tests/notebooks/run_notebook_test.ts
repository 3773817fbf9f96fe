import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { formatNotebook } from "../../notebooks/runner/notebook.ts";
import { runNotebook } from "../../notebooks/runner/run_notebook.ts";
import { describeFailure } from "../../notebooks/runner/syntax.ts";
import { type CodeCell, notebookOf, scratchFolder } from "./scratch.ts";

const FIXTURES = join(import.meta.dirname ?? "", "fixtures");

/** Runs cells in a folder of their own, with a module that throws. */
async function run(...cells: CodeCell[]) {
  await using folder = await scratchFolder();
  folder.file(
    "thrower.ts",
    `export function fail(): never {\n  throw new RangeError("thrown");\n}\n`,
  );
  return await runNotebook(folder.file("n.ipynb", notebookOf(...cells)));
}

Deno.test("a notebook gives the committed bytes, twice", async () => {
  const file = join(FIXTURES, "outputs.ipynb");
  const committed = await Deno.readTextFile(file);
  for (let time = 0; time < 2; time++) {
    const { notebook, failure } = await runNotebook(file);
    assertEquals(failure, undefined);
    assertEquals(formatNotebook(notebook), committed);
  }
});

Deno.test("an error ends the run, and what was shown before it is kept", async () => {
  const { notebook, failure } = await run(
    "1",
    `console.log("before"); throw new TypeError("bad");`,
    "2",
  );
  assertEquals(failure?.cell, 2);
  assertEquals(failure?.error.evalue, "bad");
  assertEquals(notebook.cells.map(({ execution_count }) => execution_count), [
    1,
    2,
    null,
  ]);
  assertEquals(
    notebook.cells.map(({ outputs }) =>
      outputs?.map(({ output_type }) => output_type)
    ),
    [
      ["execute_result"],
      ["stream", "error"],
      [],
    ],
  );
});

Deno.test("a cell that does not parse shows why, and fails", async () => {
  const { notebook, failure } = await run("const x = 1;\nconst z = ;", "2");
  assertEquals(failure?.cell, 1);
  assertEquals(failure?.error, {
    output_type: "error",
    ename: "SyntaxError",
    evalue: "Expression expected",
    traceback: [
      "SyntaxError: Expression expected",
      "  |",
      "2 | const z = ;",
      "  |           ~",
    ],
  });
  assertEquals(notebook.cells[0].outputs?.[0], failure?.error);
});

Deno.test("an error while a value shows itself fails, though the kernel's reply does not say so", async () => {
  const { failure } = await run(
    `({ [Symbol.for("Jupyter.display")]() { throw new Error("in display"); } })`,
  );
  assertEquals(failure?.error.evalue, "in display");
});

Deno.test("a failure that the parser cannot explain keeps the kernel's words", async () => {
  const reply = { status: "error", ename: "Error", evalue: "Execution failed" };
  assertEquals(await describeFailure("1 + 1;\n", reply), {
    ename: "Error",
    evalue: "Execution failed",
    traceback: ["Error: Execution failed"],
  });
});

Deno.test("a cell tagged raises-exception may fail, and its error names no file", async () => {
  const tags = ["raises-exception"];
  const source = `import { fail } from "./thrower.ts";\nfail();`;
  const { notebook, failure } = await run({ source, tags }, {
    source: "let = ;",
    tags,
  }, "2");
  assertEquals(failure, undefined);
  assertEquals(notebook.cells.map(({ execution_count }) => execution_count), [
    1,
    2,
    3,
  ]);
  const [error] = notebook.cells[0].outputs ?? [];
  assertEquals(error.output_type === "error" && error.traceback, [
    "RangeError: thrown",
    "    at <anonymous>:2:1",
  ]);
  assertEquals(notebook.cells[1].outputs?.length, 1);
});

Deno.test("progress counts the cells that run", async () => {
  await using folder = await scratchFolder();
  const seen: string[] = [];
  const onCell = (place: number, count: number) =>
    seen.push(`${place}/${count}`);
  await runNotebook(folder.file("n.ipynb", notebookOf("1", " \n", "2")), {
    onCell,
  });
  assertEquals(seen, ["1/2", "2/2"]);
});

Deno.test("what ends the kernel names the cell", async () => {
  await assertRejects(
    () => run("1", "Deno.exit(5)"),
    Error,
    "Cell 2: The kernel ended: exit code 5",
  );
  await using folder = await scratchFolder();
  const file = folder.file(
    "n.ipynb",
    notebookOf("await new Promise(() => setInterval(() => {}, 1000));"),
  );
  await assertRejects(
    () => runNotebook(file, { cellTimeout: 200 }),
    Error,
    "Cell 1: The cell was not done within 0.2 s",
  );
});
