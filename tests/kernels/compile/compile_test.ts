import { assertEquals } from "@std/assert";
import { compileKernels, written } from "./compile.ts";

Deno.test("lib/numerics/kernels/code.ts is what its sources compile to", async () => {
  assertEquals(
    await compileKernels(),
    await Deno.readTextFile(written),
    "run: deno task kernels",
  );
});
