import { assertEquals } from "@std/assert";
import { countDifferences } from "../random/exact_fma.ts";

Deno.test("normals need no truer fma in float32: all 2^24 inputs", async () => {
  assertEquals(await countDifferences(1), 0);
});
