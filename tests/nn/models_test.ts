import { assertEquals } from "@std/assert";
import { defaultGenerator, manualSeed } from "../../mod.ts";
import type { Entry } from "../golden/exactness.ts";
import {
  assertState,
  digestOf,
  readGolden,
  type StateDigest,
} from "../golden/golden.ts";
import { models } from "../golden/models.ts";

/** A row of `models.json`. */
interface ModelCase {
  readonly model: string;
  readonly seed: string;
  readonly elements: number;
  readonly repr: string | null;
  readonly parameters: readonly string[];
  readonly stateDict: readonly Entry[];
  readonly state: StateDigest;
}

for (const row of await readGolden<ModelCase>("models.json")) {
  Deno.test(`${row.model}, ${row.elements} weights: PyTorch's names and bytes`, async () => {
    manualSeed(BigInt(row.seed));
    const model = models[row.model]();
    if (row.repr !== null) assertEquals(String(model), row.repr);
    const named = model.namedParameters();
    assertEquals(named.map(([name]) => name), row.parameters);
    assertEquals(
      named.reduce((sum, [, parameter]) => sum + parameter.numel(), 0),
      row.elements,
    );
    const actual = Object.entries(model.stateDict());
    assertEquals(
      actual.map(([name]) => name),
      row.stateDict.map(({ name }) => name),
    );
    for (const [index, [name, tensor]] of actual.entries()) {
      const { shape, dtype } = tensor;
      assertEquals(
        { name, shape, dtype, ...await digestOf(tensor) },
        row.stateDict[index],
      );
    }
    await assertState(defaultGenerator(), row.state);
  });
}
