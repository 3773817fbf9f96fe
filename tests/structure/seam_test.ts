import { assert, assertEquals } from "@std/assert";
import { filesBelow, graphOf, root } from "./graph.ts";
import { breaches, wordNames } from "./seam.ts";

function sourcesOfLib(): Record<string, string> {
  return Object.fromEntries(
    filesBelow("lib", ".ts").map((file) => [
      file,
      Deno.readTextFileSync(new URL(file, root)),
    ]),
  );
}

Deno.test("no file outside lib/random/ sees a word", async () => {
  const sources = sourcesOfLib();
  const { edges } = await graphOf("mod.ts", ...Object.keys(sources));
  assertEquals(breaches(sources, edges), []);
});

Deno.test("the names that the seam check looks for are in use", () => {
  const sources = Object.entries(sourcesOfLib());
  for (const name of wordNames) {
    for (const folder of ["lib/random/torch/"]) {
      assert(
        sources.some(([file, text]) =>
          file.startsWith(folder) && text.includes(name)
        ),
        `${name} is not in ${folder}`,
      );
    }
  }
});

Deno.test("the seam check lets what is public pass", () => {
  assertEquals(
    breaches({
      "lib/init/initializer.ts": "fillNormal(data, 0, 1, generator)",
      "lib/random/torch/normal.ts": "source.nextWord()",
    }, [
      { from: "mod.ts", to: "lib/random/torch/generator.ts" },
      { from: "lib/init/initializer.ts", to: "lib/random/torch/generator.ts" },
      { from: "lib/init/initializer.ts", to: "lib/random/torch/normal.ts" },
      { from: "lib/random/torch/normal.ts", to: "lib/random/torch/reals.ts" },
    ]),
    [],
  );
});

Deno.test("the seam check sees a word in an initializer", () => {
  assertEquals(
    breaches(
      { "lib/init/initializer.ts": "generator.nextWord() / 2 ** 32" },
      [],
    ),
    ["lib/init/initializer.ts mentions nextWord"],
  );
});

Deno.test("the seam check sees an import of words or reals", () => {
  const sources = { "lib/nn/linear.ts": "" };
  assertEquals(
    breaches(sources, [
      { from: "lib/nn/linear.ts", to: "lib/random/torch/twister.ts" },
      { from: "lib/nn/linear.ts", to: "lib/random/torch/reals.ts" },
    ]),
    [
      "lib/nn/linear.ts imports from lib/random/torch/twister.ts",
      "lib/nn/linear.ts imports from lib/random/torch/reals.ts",
    ],
  );
});
