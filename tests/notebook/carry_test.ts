import { assertEquals, assertStringIncludes } from "@std/assert";
import { plot } from "../../mod.ts";
import { jupyterDisplay } from "../../lib/core/show.ts";

Deno.test("after a figure that could not carry plotly.js, the next one does", async () => {
  const own = globalThis.CompressionStream;
  globalThis.CompressionStream = class {
    constructor() {
      throw new Error("out of memory");
    }
  } as unknown as typeof own;
  try {
    const failed = await plot.weights([1, 2])[jupyterDisplay]();
    assertEquals(failed["text/html"], undefined);
    assertStringIncludes(String(failed["text/plain"]), "out of memory");
  } finally {
    globalThis.CompressionStream = own;
  }
  const carried = [];
  for (const values of [[1, 2], [3, 4]]) {
    const { "text/html": html } = await plot.weights(values)[jupyterDisplay]();
    carried.push(
      String(html).includes('<script type="text/plain" data-fanin-library'),
    );
  }
  assertEquals(carried, [true, false]);
});
