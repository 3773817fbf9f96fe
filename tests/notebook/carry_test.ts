import { assertStringIncludes } from "@std/assert";
import { plot } from "../../mod.ts";
import { outputsOf } from "../browser/outputs.ts";

Deno.test("after a figure that could not bring plotly.js, the next one does", async () => {
  const own = globalThis.CompressionStream;
  globalThis.CompressionStream = class {
    constructor() {
      throw new Error("out of memory");
    }
  } as unknown as typeof own;
  const figure = plot.weights([1, 2]);
  try {
    const [failed] = await outputsOf(figure);
    assertStringIncludes(failed, "A still picture, without plotly.js. out of");
    assertStringIncludes(failed, "data-fanin-figure");
  } finally {
    globalThis.CompressionStream = own;
  }
  const [carrying] = await outputsOf(figure);
  assertStringIncludes(
    carrying,
    '<script type="text/plain" data-fanin-library',
  );
});
