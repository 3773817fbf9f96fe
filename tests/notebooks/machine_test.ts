import { assertEquals } from "@std/assert";
import {
  machineFolders,
  machinePaths,
} from "../../notebooks/runner/machine.ts";
import type { Notebook } from "../../notebooks/runner/notebook.ts";
import type { Output } from "../../notebooks/runner/outputs.ts";

function paths(...outputs: Output[]): string[] {
  const cell = {
    cell_type: "code" as const,
    id: "a",
    metadata: {},
    source: "/home/in/source is fine",
    outputs,
  };
  const notebook: Notebook = { cells: [cell], metadata: {} };
  return machinePaths(notebook, ["/srv/app", "/"]).map(({ path }) => path);
}

function stream(text: string): Output {
  return { output_type: "stream", name: "stdout", text };
}

function html(text: string): Output {
  return {
    output_type: "display_data",
    data: { "text/html": text },
    metadata: {},
  };
}

Deno.test("paths of a machine are found in every kind of output", () => {
  assertEquals(paths(stream("see file:///x/y.ts:1:2 there")), [
    "file:///x/y.ts:1:2",
  ]);
  assertEquals(paths(html('<a href="/home/ann/a b">')), ["/home/ann/a"]);
  assertEquals(paths(stream("/Users/ann")), ["/Users/ann"]);
  assertEquals(paths(stream("in C:\\Users\\ann\\a.ts")), [
    "C:\\Users\\ann\\a.ts",
  ]);
  assertEquals(paths(stream("at /srv/app/lib/a.ts")), ["/srv/app/lib/a.ts"]);
  const traceback = ["Error: e", "    at file:///lib/a.ts:1:1"];
  assertEquals(
    paths({ output_type: "error", ename: "Error", evalue: "e", traceback }),
    ["file:///lib/a.ts:1:1"],
  );
});

Deno.test("what only looks like a path is none", () => {
  for (
    const text of [
      "/srv/appshop",
      "a/home/b",
      "https://example.org/home/x",
      "aGVs/home/bG8=",
      "std / mean",
      "/",
    ]
  ) {
    assertEquals(paths(stream(text), html(text)), []);
  }
});

Deno.test("this machine's folders are known", () => {
  assertEquals(machineFolders().includes(Deno.cwd()), true);
});
