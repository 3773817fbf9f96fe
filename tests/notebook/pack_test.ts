import { assertEquals, assertMatch } from "@std/assert";
import { pack } from "../../lib/notebook/plotly.ts";
import { unpack } from "../../notebooks/runner/packed.ts";

Deno.test("packed text comes back, whatever its length", async () => {
  let text = "";
  for (let i = 0; i < 60; i++) {
    assertEquals(unpack(await pack(text)), text);
    text += String.fromCodePoint(33 + 907 * i);
  }
});

Deno.test("packed text holds nothing that HTML, JSON or a path has", async () => {
  const words = new Uint32Array(30_000).map((_, i) => Math.imul(i, 2654435761));
  const packed = await pack(words.join());
  assertMatch(packed, /^[!-~]{50000,}$/);
  assertEquals(packed.match(/["<\\/\s]/), null);
});
