import { assertEquals } from "@std/assert";
import { keepOneLibrary } from "../../notebooks/runner/library.ts";
import type { Notebook } from "../../notebooks/runner/notebook.ts";
import type { Output } from "../../notebooks/runner/outputs.ts";
import { renderPage } from "../../notebooks/runner/page.ts";

function library(hash: string): string {
  return `<script type="text/plain" data-fanin-library="${hash}">H4sIAAAA+/==</script>`;
}

function notebookOf(...cells: readonly (readonly string[])[]): Notebook {
  return {
    cells: cells.map((outputs, index) => ({
      cell_type: "code",
      id: `c${index}`,
      metadata: {},
      source: "",
      outputs: outputs.map((html) => ({
        output_type: "display_data",
        data: { "text/html": html },
        metadata: {},
      })),
    })),
    metadata: {},
  };
}

const twice = notebookOf(
  [`<div>1</div>${library("a")}<script>draw(1)</script>`],
  [
    `${library("a")}<div>2</div>${library("b")}`,
    `<p data-fanin-library="a">text</p>${library("b")}`,
  ],
);

Deno.test("the first library element of each hash is kept, and only duplicates go", () => {
  assertEquals(
    keepOneLibrary(twice),
    notebookOf(
      [`<div>1</div>${library("a")}<script>draw(1)</script>`],
      [`<div>2</div>${library("b")}`, `<p data-fanin-library="a">text</p>`],
    ),
  );
});

Deno.test("outputs that were emptied go, others stay", () => {
  const emptied = { output_type: "display_data", data: {}, metadata: {} };
  const value = {
    output_type: "execute_result",
    execution_count: 1,
    data: {},
    metadata: {},
  };
  const text = { output_type: "stream", name: "stdout", text: "" };
  const { cells } = notebookOf([]);
  const cell = (outputs: unknown[]) => ({
    metadata: {},
    cells: [{ ...cells[0], outputs: outputs as Output[] }],
  });
  assertEquals(
    keepOneLibrary(cell([emptied, value, emptied, text])),
    cell([value, text]),
  );
});

Deno.test("a page holds each library once", () => {
  const page = renderPage(keepOneLibrary(twice), { name: "n" });
  assertEquals(page.split(library("a")).length - 1, 1);
  assertEquals(page.split(library("b")).length - 1, 1);
});
