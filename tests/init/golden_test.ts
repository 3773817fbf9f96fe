import { assert, assertEquals } from "@std/assert";
import { Generator } from "../../mod.ts";
import {
  boundOf,
  differenceOf,
  fillsOf,
  type InitCase,
} from "../golden/exactness.ts";
import { assertState, digestOf, readGolden } from "../golden/golden.ts";

for (
  const [index, row] of (await readGolden<InitCase>("init.json")).entries()
) {
  const { fn, shape, dtype, seed, options, results } = row;
  const label = `init.${fn} [${shape}] ${dtype} seed ${seed} ${
    JSON.stringify(options)
  } × ${results.length}`;
  Deno.test(`golden ${index}: ${label}`, async () => {
    const generator = new Generator(BigInt(seed));
    for (const [tensor, expected] of fillsOf(row, generator)) {
      if ("bytes" in expected) {
        const difference = await differenceOf(tensor, expected);
        assert(difference <= boundOf(row), `off by ${difference}`);
      } else {
        assertEquals(await digestOf(tensor), expected);
      }
    }
    await assertState(generator, row.state);
  });
}
