import { assertEquals } from "@std/assert";
import { empty, Generator, init, useKernel } from "../../mod.ts";
import type { KernelName } from "../../lib/numerics/kernels/kernel.ts";
import { bytesOf, sha256 } from "../golden/golden.ts";

/** More than the state's period of renewal and the blocks' have in common. */
const length = 40_000_003;

for (const kernel of ["simd", "relaxed-simd"] as const) {
  Deno.test(`${kernel} makes 40 million numbers of each law as TypeScript does`, async () => {
    assertEquals(await digests(kernel), await digests("typescript"));
  });
}

async function digests(kernel: KernelName): Promise<string[]> {
  useKernel(kernel);
  try {
    const generator = new Generator(7);
    const tensor = empty([length]);
    const found: string[] = [];
    for (const fill of [init.uniform, init.normal, init.truncNormal]) {
      fill(tensor, { generator });
      found.push(await sha256(bytesOf(tensor)));
    }
    return [...found, generator.getState().toHex()];
  } finally {
    useKernel("auto");
  }
}
