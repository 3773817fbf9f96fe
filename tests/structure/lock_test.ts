/**
 * Keeps big packages out of `deno.lock`: `deno task` installs all that stands
 * there, before any task. A bare `deno check` adds those of the interchange
 * tests and of the benchmark; `git checkout deno.lock` takes them out again.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { filesBelow, root } from "./graph.ts";

for (
  const folder of [
    "tests/benchmarks/peers",
    "tests/interchange",
    "tests/kernels/compile",
  ]
) {
  Deno.test(`deno.lock holds no package of ${folder}`, () => {
    const imported = filesBelow(folder, ".ts").flatMap((file) =>
      [...read(file).matchAll(/^import .*"(npm:(?:@[^/"]+\/)?[^/"]+).*";$/gm)]
        .map(([, name]) => name)
    );
    assertGreater(imported.length, 0);
    const locked = JSON.parse(read("deno.lock")).specifiers;
    assertEquals(imported.filter((name) => name in locked), []);
  });
}

function read(file: string): string {
  return Deno.readTextFileSync(new URL(file, root));
}
