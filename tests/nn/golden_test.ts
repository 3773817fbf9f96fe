import { assertEquals } from "@std/assert";
import { defaultGenerator, Generator, manualSeed, type nn } from "../../mod.ts";
import {
  type LayerCase,
  layerOf,
  type Parameter,
} from "../golden/exactness.ts";
import { assertState, digestOf, readGolden } from "../golden/golden.ts";

for (
  const [index, row] of (await readGolden<LayerCase>("layers.json")).entries()
) {
  const { seed, dtype, repr, first, parameters } = row;

  Deno.test(`golden ${index}: ${repr} seed ${seed} ${dtype}`, async () => {
    manualSeed(BigInt(seed));
    for (const [call, expected] of parameters.entries()) {
      const module = layerOf(row);
      assertEquals(await digestsOf(module), expected);
      assertEquals(module.toString(), repr);
      if (call === 0 && first !== null) {
        assertEquals(module.parameters()[0].at(0).toString(), first);
      }
    }
    await assertState(defaultGenerator(), row.state);
  });

  Deno.test(`golden ${index}: the same from a generator, and by a reset`, async () => {
    const generator = new Generator(BigInt(seed));
    const module = layerOf(row, generator);
    assertEquals(await digestsOf(module), parameters[0]);
    module.resetParameters();
    module.resetParameters({ generator: generator.manualSeed(BigInt(seed)) });
    assertEquals(await digestsOf(module), parameters[0]);
  });
}

function digestsOf(module: nn.Module): Promise<readonly Parameter[]> {
  return Promise.all(
    module.namedParameters().map(async ([name, parameter]) => ({
      name,
      shape: parameter.size(),
      ...await digestOf(parameter),
    })),
  );
}
