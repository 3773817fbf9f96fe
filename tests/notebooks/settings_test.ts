import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { readSettings } from "../../notebooks/runner/settings.ts";
import { scratchFolder } from "./scratch.ts";

/** Returns which notebooks run, by name and path. */
function tasks(...args: string[]) {
  const { tasks = [] } = readSettings(args, "none") ?? {};
  return tasks.map(({ name, file }) => [name, file]);
}

Deno.test("notebooks have the names of their paths from the folder that holds them all", () => {
  const place = (...parts: string[]) => join(...parts);
  assertEquals(tasks("a.ipynb", place("x", "..", "b.ipynb")), [
    ["a", "a.ipynb"],
    ["b", place("x", "..", "b.ipynb")],
  ]);
  assertEquals(tasks(place("x", "y", "n.ipynb")), [
    ["n", place("x", "y", "n.ipynb")],
  ]);
  const two = [place("x", "y", "n.ipynb"), place("x", "n.ipynb")];
  assertEquals(tasks(...two).map(([name]) => name), [place("y", "n"), "n"]);
  const apart = [place("x", "n.ipynb"), place("xy", "n.ipynb")];
  assertEquals(tasks(...apart).map(([name]) => name), apart.map(withoutEnding));
  assertEquals(tasks("a.ipynb", place(".", "a.ipynb")).length, 1);
});

Deno.test("a folder stands for its notebooks, in order", async () => {
  await using folder = await scratchFolder();
  const files = ["b.ipynb", "a.ipynb", "c.txt"].map((name) =>
    folder.file(name, "")
  );
  assertEquals(tasks(folder.path), [["a", files[1]], ["b", files[0]]]);
  assertEquals(
    readSettings([], folder.path)?.tasks.map(({ name }) => name),
    ["a", "b"],
  );
  for (const path of [files[2], join(folder.path, "none")]) {
    assertThrows(
      () => tasks(path),
      RangeError,
      "Cannot run notebooks: a path must be of an .ipynb file or of a folder with some, got ",
    );
  }
});

Deno.test("nothing is written over a notebook that runs", () => {
  for (
    const args of [
      ["a.ipynb", "--out=."],
      [join("out", "a.ipynb")],
      ["a.ipynb", join("out", "a.ipynb"), "--out", "."],
    ]
  ) {
    assertThrows(() => tasks(...args), RangeError, "--out must be another");
  }
});

Deno.test("unknown options, and those that exclude each other, are refused", () => {
  assertThrows(() => tasks("--chekc"), RangeError, "Unknown option --chekc");
  assertThrows(() => tasks("--check", "--write"), RangeError, "exclude");
});

Deno.test("a time limit is a number above 0, in seconds", () => {
  assertEquals(readSettings(["a.ipynb"], "")?.cellTimeout, 600_000);
  assertEquals(
    readSettings(["a.ipynb", "--timeout=0.5"], "")?.cellTimeout,
    500,
  );
  for (const timeout of ["no", "", "0", "-1"]) {
    assertThrows(
      () => tasks("a.ipynb", `--timeout=${timeout}`),
      RangeError,
      "Cannot use --timeout: it must be above 0",
    );
  }
});

function withoutEnding(path: string): string {
  return path.slice(0, -".ipynb".length);
}
