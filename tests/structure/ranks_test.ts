import { assertEquals, assertGreater } from "@std/assert";
import { filesBelow, graphOf } from "./graph.ts";
import { violations } from "./ranks.ts";

/** `tests/std/` stands for packages of the standard library. */
function isPackage(module: string): boolean {
  return module.includes(":") || module.startsWith("tests/std/");
}

Deno.test("lib/ keeps to its ranks", async () => {
  const files = filesBelow("lib", ".ts");
  const { edges } = await graphOf("mod.ts", ...files);
  const own = edges.filter(({ to }) => !isPackage(to));
  assertGreater(own.length, files.length / 2);
  assertEquals(violations(files, own), []);
});

Deno.test("the rank check lets lower and sideways imports pass", () => {
  assertEquals(
    violations(["lib/init/a.ts", "lib/files/b.ts"], [
      { from: "lib/init/a.ts", to: "lib/core/tensor.ts" },
      { from: "lib/init/a.ts", to: "lib/init/b.ts" },
      { from: "lib/files/b.ts", to: "lib/init/a.ts" },
      { from: "mod.ts", to: "lib/cli/main.ts" },
      { from: "lib/plot/a.ts", to: "lib/plot/svg/b.ts" },
      { from: "lib/plot/svg/b.ts", to: "lib/plot/c.ts" },
    ]),
    [],
  );
});

Deno.test("the rank check sees an upward import", () => {
  assertEquals(
    violations([], [{ from: "lib/core/tensor.ts", to: "lib/display/page.ts" }]),
    ["lib/core/tensor.ts imports upward from lib/display/page.ts"],
  );
});

Deno.test("the rank check sees an import from a mod.ts", () => {
  assertEquals(
    violations([], [{ from: "lib/nn/linear.ts", to: "lib/init/mod.ts" }]),
    ["lib/nn/linear.ts imports from lib/init/mod.ts"],
  );
  assertEquals(
    violations([], [{ from: "lib/cli/main.ts", to: "mod.ts" }]),
    [
      "lib/cli/main.ts imports upward from mod.ts",
      "lib/cli/main.ts imports from mod.ts",
    ],
  );
});

Deno.test("the rank check sees a cycle of files", () => {
  assertEquals(
    violations([], [
      { from: "lib/core/a.ts", to: "lib/core/b.ts" },
      { from: "lib/core/b.ts", to: "lib/core/c.ts" },
      { from: "lib/core/c.ts", to: "lib/core/b.ts" },
    ]),
    ["lib/core/b.ts → lib/core/c.ts → lib/core/b.ts is a cycle of files"],
  );
});

Deno.test("the rank check sees a cycle of folders", () => {
  assertEquals(
    violations([], [
      { from: "lib/math/a.ts", to: "lib/core/b.ts" },
      { from: "lib/core/c.ts", to: "lib/math/d.ts" },
    ]),
    ["lib/math → lib/core → lib/math is a cycle of folders"],
  );
});

Deno.test("the rank check sees a folder without a rank", () => {
  assertEquals(violations(["lib/misc/a.ts", "lib/b.ts"], []), [
    "lib/misc/a.ts is in no folder that has a rank",
    "lib/b.ts is in no folder that has a rank",
  ]);
});
