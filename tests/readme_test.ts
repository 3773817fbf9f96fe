import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Fan, fan } from "../mod.ts";
import { drawPictures, folder } from "../notebooks/pictures.ts";
import { readReadme, tablePair, tables } from "./readme.ts";

for (const name of Object.keys(tables)) {
  Deno.test(`the README's table of ${name} is what the code makes`, async () => {
    const { committed, current } = await tablePair(await readReadme(), name);
    assertEquals(committed, current);
  });
}

Deno.test("the README's derivation is what fan prints", async () => {
  assertStringIncludes(await readReadme(), String(fan([33, 16, 3, 3])));
});

Deno.test("the README's counts of connections are what fan gives", async () => {
  const row = /^\|[^|]*\| `(fan\((\[.*?\]), .*\))` +\| (.*?) +\| (.*?) +\|$/gm;
  const rows = [...(await readReadme()).matchAll(row)];
  assertEquals(rows.length, 6);
  for (const [, call, shape, plain, connections] of rows) {
    const text = ({ fanIn, fanOut }: Fan) => `${fanIn}, ${fanOut}`;
    assertEquals(text(new Function("fan", `return ${call}`)(fan)), connections);
    if (plain !== "–") assertEquals(text(fan(JSON.parse(shape))), plain);
  }
});

Deno.test("the README's pictures are what the code draws", async () => {
  const readme = await readReadme();
  for (const [name, svg] of Object.entries(drawPictures())) {
    assertEquals(await Deno.readTextFile(new URL(name, folder)), svg);
    assertStringIncludes(readme, `](notebooks/pictures/${name})`);
  }
});
