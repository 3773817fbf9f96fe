import { assertEquals } from "@std/assert";
import { pack } from "../../lib/notebook/plotly.ts";
import { firstDifference } from "../../notebooks/runner/compare.ts";
import type { Notebook } from "../../notebooks/runner/notebook.ts";
import type { Output } from "../../notebooks/runner/outputs.ts";

function notebookOf(...cells: Output[][]): Notebook {
  return {
    cells: cells.map((outputs, index) => ({
      cell_type: "code",
      id: `c${index}`,
      metadata: {},
      source: "",
      execution_count: index + 1,
      outputs,
    })),
    metadata: {},
  };
}

function display(data: Record<string, string | number[]>): Output {
  return { output_type: "display_data", data, metadata: {} };
}

const before = notebookOf([], [
  display({ "text/plain": "a" }),
  display({ "text/plain": "mean 0.5\nstd 1" }),
]);

Deno.test("equal outputs have no difference, whatever the sources and metadata are", () => {
  const after = {
    metadata: { a: 1 },
    cells: before.cells.map((cell) => ({
      ...cell,
      source: "x",
      metadata: { b: 1 },
    })),
  };
  assertEquals(firstDifference(before, after), undefined);
});

Deno.test("a changed text is shown with its line", () => {
  const after = notebookOf([], [
    display({ "text/plain": "a" }),
    display({ "text/plain": "mean 0.5\nstd 2" }),
  ]);
  assertEquals(firstDifference(before, after), {
    cell: 2,
    where: "output 2, text/plain, line 2",
    committed: '"std 1"',
    fresh: '"std 2"',
  });
});

Deno.test("lost and added outputs, types, numbers and counts are differences", () => {
  const where = (after: Notebook, first: Notebook = before) =>
    firstDifference(first, after)?.where;
  assertEquals(
    where(notebookOf([], [display({ "text/plain": "a" })])),
    "output 2",
  );
  assertEquals(where(notebookOf([display({})], [])), "output 1");
  const svg = display({
    "text/plain": "mean 0.5\nstd 1",
    "image/svg+xml": "<svg>",
  });
  assertEquals(
    where(notebookOf([], [display({ "text/plain": "a" }), svg])),
    "output 2, image/svg+xml",
  );
  const [one, other] = [[1, 2, 3], [1, 2, 4]].map((x) =>
    notebookOf([display({ "application/json": x })])
  );
  assertEquals(where(one, other), "output 1, application/json 3");
  const never = {
    ...before,
    cells: before.cells.map((cell) => ({ ...cell, execution_count: null })),
  };
  assertEquals(firstDifference(never, before), {
    cell: 1,
    where: "count",
    committed: "null",
    fresh: "1",
  });
});

Deno.test("a long line is cut around the place", () => {
  const text = (middle: string) =>
    `${"x".repeat(500)}${middle}${"y".repeat(500)}`;
  const [one, other] = ["1", "2"].map((middle) =>
    notebookOf([display({ "text/html": text(middle) })])
  );
  assertEquals(
    firstDifference(one, other)?.committed,
    `"${"x".repeat(30)}1${"y".repeat(58)}…`,
  );
});

Deno.test("figures are compared by what they hold, the library by its hash", async () => {
  const html = async (spec: string, hash: string, library: string) =>
    `<script type="text/plain">${await pack(spec)}</script>` +
    `<script type="text/plain" data-fanin-library="${hash}">${library}</script>`;
  const shown = async (...parts: [string, string, string]) =>
    notebookOf([display({ "text/html": await html(...parts) })]);
  const one = await shown('{"a":1}', "h", "AAAA");
  assertEquals(
    firstDifference(one, await shown('{"a":1}', "h", "BBBB"))?.where,
    undefined,
  );
  assertEquals(
    firstDifference(one, await shown('{"a":2}', "h", "AAAA"))?.where,
    "output 1, text/html, line 1",
  );
  assertEquals(
    firstDifference(one, await shown('{"a":1}', "i", "AAAA"))?.where,
    "output 1, text/html, line 1",
  );
});

Deno.test("cells that are excepted are not compared, and all others are", () => {
  const [one, two, other] = ["1", "2", "3"].map((text) => [
    display({ "text/plain": text }),
  ]);
  const committed = notebookOf(one, one, one);
  const fresh = notebookOf(other, two, one);
  assertEquals(firstDifference(committed, fresh, [1])?.cell, 2);
  assertEquals(firstDifference(committed, fresh, [1, 2]), undefined);
  assertEquals(firstDifference(committed, fresh, [2, 3])?.cell, 1);
});
