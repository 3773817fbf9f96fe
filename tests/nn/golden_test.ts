import { assertEquals } from "@std/assert";
import {
  defaultGenerator,
  type Dtype,
  Generator,
  manualSeed,
  nn,
} from "../../mod.ts";
import {
  assertState,
  type Digest,
  digestOf,
  readGolden,
  type StateDigest,
} from "../golden/golden.ts";

type Parameter = Digest & { readonly name: string; readonly shape: number[] };

interface Case {
  readonly layer: "Linear" | "Conv2d";
  readonly args: unknown[];
  readonly seed: string;
  readonly dtype: Dtype;
  readonly options: Record<string, unknown>;
  readonly repr: string;
  readonly parameters: Parameter[][];
  readonly state: StateDigest;
}

for (const [index, row] of (await readGolden<Case>("layers.json")).entries()) {
  const { layer, args, seed, dtype, options } = row;
  const Layer = nn[layer] as unknown as new (...args: unknown[]) => nn.Module;
  Deno.test(`golden ${index}: ${row.repr} seed ${seed} ${dtype}`, async () => {
    manualSeed(BigInt(seed));
    for (const expected of row.parameters) {
      const module = new Layer(...args, { ...options, dtype });
      assertEquals(await digestsOf(module), expected);
      assertEquals(module.toString(), row.repr);
    }
    await assertState(defaultGenerator(), row.state);
  });

  Deno.test(`golden ${index}: the same from a generator, and by a reset`, async () => {
    const generator = new Generator(BigInt(seed));
    const module = new Layer(...args, { ...options, dtype, generator });
    assertEquals(await digestsOf(module), row.parameters[0]);
    module.resetParameters();
    module.resetParameters({ generator: generator.manualSeed(BigInt(seed)) });
    assertEquals(await digestsOf(module), row.parameters[0]);
  });
}

function digestsOf(module: nn.Module): Promise<Parameter[]> {
  return Promise.all(
    module.namedParameters().map(async ([name, parameter]) => ({
      name,
      shape: parameter.size(),
      ...await digestOf(parameter),
    })),
  );
}
