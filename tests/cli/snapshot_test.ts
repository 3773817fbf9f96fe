import { assertEquals } from "@std/assert";
import { snapshot, snapshotFile } from "./snapshot.ts";

Deno.test("help texts and errors are those of the snapshot", async () => {
  assertEquals(await snapshot(), await Deno.readTextFile(snapshotFile));
});
