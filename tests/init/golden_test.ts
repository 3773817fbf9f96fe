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

Deno.test("600 golden cases and more draw random numbers, 5 % of each function", async () => {
  const rows = await readGolden<InitCase>("init.json");
  const random = Object.groupBy(rows, ({ fn }) => fn);
  for (const fn of ["constant", "ones", "zeros", "eye", "dirac"] as const) {
    assert(random[fn]!.length >= 24, fn);
    delete random[fn];
  }
  const counts = Object.values(random).map((cases) => cases.length);
  const all = counts.reduce((sum, count) => sum + count);
  assert(all >= 600 && Math.min(...counts) >= 0.05 * all, `${counts}`);
  assertEquals(Object.keys(random).length, 9);
});
