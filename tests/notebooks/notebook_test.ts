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
    assertThrows(() => parseNotebook(text), SyntaxError);
  }
});
