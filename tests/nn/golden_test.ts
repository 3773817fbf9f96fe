import { assert, assertEquals } from "@std/assert";
import {
  defaultGenerator,
  Generator,
  manualSeed,
  type nn,
  type Tensor,
} from "../../mod.ts";
import {
  differenceOf,
  type Entry,
  type LayerCase,
  layerOf,
  normalBound,
} from "../golden/exactness.ts";
import { assertState, digestOf, readGolden } from "../golden/golden.ts";

for (
  const [index, row] of (await readGolden<LayerCase>("layers.json")).entries()
) {
  const { seed, dtype, repr, first, stateDicts } = row;
  const [title] = repr.split("\n");

  Deno.test(`golden ${index}: ${title} seed ${seed} ${dtype}`, async () => {
    manualSeed(BigInt(seed));
    for (const [call, expected] of stateDicts.entries()) {
      const module = layerOf(row);
      await assertEntries(module, expected);
      assertEquals(module.toString(), repr);
      assertEquals(
        module.namedParameters().map(([name]) => name),
        row.parameters,
      );
      if (call === 0 && first !== null) {
        assertEquals(module.parameters()[0].at(0).toString(), first);
      }
    }
    await assertState(defaultGenerator(), row.state);
  });

  Deno.test(`golden ${index}: the same from a generator, and by a reset`, async () => {
    const generator = new Generator(BigInt(seed));
    const module = layerOf(row, generator);
    await assertEntries(module, stateDicts[0]);
    // A reset leaves the children as they are, and these were drawn, too.
    if (module.children().length > 0) return;
    for (const { data } of Object.values(module.stateDict())) {
      data.fill((data instanceof BigInt64Array ? 7n : 7) as never);
    }
    module.resetParameters();
    module.resetParameters({ generator: generator.manualSeed(BigInt(seed)) });
    await assertEntries(module, stateDicts[0]);
  });
}

async function assertEntries(
  module: nn.Module,
  expected: readonly Entry[],
): Promise<void> {
  const actual = Object.entries(module.stateDict());
  assertEquals(
    actual.map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
    expected.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
  );
  for (const [index, [name, tensor]] of actual.entries()) {
    await assertEntry(name, tensor, expected[index]);
  }
}

async function assertEntry(
  name: string,
  tensor: Tensor,
  expected: Entry,
): Promise<void> {
  if ("bytes" in expected) {
    const difference = await differenceOf(tensor, expected);
    assert(difference <= normalBound, `${name} differs by ${difference}`);
  } else {
    const { sha256, start } = expected;
    assertEquals({ name, ...await digestOf(tensor) }, { name, sha256, start });
  }
}
