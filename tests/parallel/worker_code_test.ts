import { assert } from "@std/assert";
import { bundleWorker, written } from "../../notebooks/worker.ts";

Deno.test("worker_code.ts is what its sources bundle to", async () => {
  assert(
    await bundleWorker() === await Deno.readTextFile(written),
    "run: deno task worker",
  );
});
