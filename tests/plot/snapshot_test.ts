import { assert, assertEquals } from "@std/assert";
import { figures } from "./figures.ts";
import { snapshotFile, snapshotOf } from "./snapshot.ts";

for (const [name, make] of Object.entries(figures)) {
  Deno.test(`${name} is as its snapshot`, async () => {
    const kept = await Deno.readTextFile(snapshotFile(name));
    assertEquals(snapshotOf(make()).split("\n"), kept.split("\n"));
  });
}

Deno.test("there is no snapshot without a figure", async () => {
  const folder = new URL(".", snapshotFile("any"));
  for await (const { name } of Deno.readDir(folder)) {
    assert(Object.hasOwn(figures, name.replace(/\.txt$/, "")), name);
  }
});
