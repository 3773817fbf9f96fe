import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import {
  formatNotebook,
  parseNotebook,
} from "../../notebooks/runner/notebook.ts";

/** Written by Python's nbformat 5.11.1: every kind of cell and output, every line break that Python knows. */
const FILE = join(
  import.meta.dirname ?? "",
  "fixtures",
  "written_by_nbformat.ipynb",
);

Deno.test("a notebook is written byte for byte as nbformat writes it", () => {
  const text = Deno.readTextFileSync(FILE);
  assertEquals(formatNotebook(parseNotebook(text)), text);
});

Deno.test("the kernel's names are set, others stay, and times are left out", () => {
  const cell = {
    cell_type: "code",
    source: "1",
    metadata: { execution: { "shell.execute_reply": "2026" }, tags: ["a"] },
  };
  const python = {
    kernelspec: { name: "python3" },
    language_info: { name: "python", version: "3" },
    title: "T",
  };
  const text = JSON.stringify({
    cells: [cell],
    metadata: python,
    nbformat: 4,
    nbformat_minor: 2,
  });
  const written = JSON.parse(formatNotebook(parseNotebook(text)));
  assertEquals(written.metadata.kernelspec, {
    display_name: "Deno",
    language: "typescript",
    name: "deno",
  });
  assertEquals(written.metadata.language_info.version, undefined);
  assertEquals(written.metadata.title, "T");
  assertEquals(written.cells, [{
    cell_type: "code",
    id: "cell-1",
    metadata: { tags: ["a"] },
    source: ["1"],
  }]);
  assertEquals(written.nbformat_minor, 5);
  assertNotEquals(JSON.stringify(written), JSON.stringify(JSON.parse(text)));
});

Deno.test("what is no notebook is refused", () => {
  for (
    const text of [
      "",
      "{",
      "null",
      "[]",
      "{}",
      '{"nbformat": 3, "cells": []}',
      '{"nbformat": 4}',
    ]
  ) {
    assertThrows(() => parseNotebook(text), SyntaxError, "Cannot read the");
  }
});

Deno.test("a cell of the wrong kind is refused by its number, and one with nothing but its kind is read", () => {
  const read = (cell: unknown) =>
    parseNotebook(
      JSON.stringify({ cells: [{ cell_type: "raw" }, cell], nbformat: 4 }),
    );
  assertEquals(read({ cell_type: "code" }).cells[1], {
    cell_type: "code",
    id: "cell-2",
    metadata: {},
    source: "",
  });
  for (
    const [part, rule] of [
      [
        { cell_type: "heading" },
        'cell_type of cell 2 must be code, markdown or raw, got "heading"',
      ],
      [{ id: 5 }, "id of cell 2 must be a string, got 5"],
      [{ metadata: null }, "metadata of cell 2 must be an object, got null"],
      [{ source: 5 }, "source of cell 2 must be text, got 5"],
      [{ source: [5] }, "source of cell 2 must be text, got [5]"],
      [{ attachments: [] }, "attachments of cell 2 must be an object, got []"],
      [
        { outputs: [null] },
        "outputs of cell 2 must be a list of outputs, got [null]",
      ],
      [
        { outputs: [{ data: 5 }] },
        "outputs of cell 2 must be a list of outputs",
      ],
    ] as const
  ) {
    assertThrows(() => read({ cell_type: "code", ...part }), SyntaxError, rule);
  }
  for (const cell of [null, 5, []]) {
    assertThrows(() => read(cell), SyntaxError, "cell 2 must be an object");
  }
});
