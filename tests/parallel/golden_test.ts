import { assertEquals } from "@std/assert";
import {
  defaultGenerator,
  Generator,
  initModel,
  manualSeed,
  type nn,
  Tensor,
} from "../../mod.ts";
import { type Entry, type LayerCase, layerOf } from "../golden/exactness.ts";
import {
  assertState,
  bytesOf,
  digestOf,
  readGolden,
  type StateDigest,
} from "../golden/golden.ts";
import { models } from "../golden/models.ts";
import {
  buildShared,
  closePools,
  manners,
  pools,
  startPools,
  ways,
} from "./threads.ts";

Deno.test.beforeAll(startPools);
Deno.test.afterAll(closePools);

interface ModelCase {
  readonly model: string;
  readonly seed: string;
  readonly stateDict: readonly Entry[];
  readonly state: StateDigest;
}

const rows = await readGolden<ModelCase>("models.json");

for (const row of rows) {
  Deno.test(`${row.model} in one, two and three threads: PyTorch's bytes`, async () => {
    // The biggest takes its time: two threads are enough.
    const chosen = ways().filter(([{ count }]) =>
      row.model !== "gpt2" || count === 2
    );
    for (const [pool, manner] of chosen) {
      manualSeed(BigInt(row.seed));
      const model = await buildShared(models[row.model], pool, manner);
      await assertModel(model, row);
      await assertState(defaultGenerator(), row.state);
    }
  });
}

Deno.test("initModel replaces the default generator, and restores it", async () => {
  const row = rows.find(({ model }) => model === "transformer")!;
  const before = defaultGenerator();
  const state = before.getState();
  for (const workers of [undefined, 1, 2]) {
    const generator = new Generator(BigInt(row.seed));
    const model = await initModel(models.transformer, {
      generator,
      workers,
      shared: workers === 2,
    });
    await assertModel(model, row);
    await assertState(generator, row.state);
  }
  assertEquals(defaultGenerator() === before, true);
  assertEquals(before.getState(), state);
});

Deno.test("every golden layer: the bytes and the state of the plain call", async () => {
  for (const row of await readGolden<LayerCase>("layers.json")) {
    const plain = new Generator(BigInt(row.seed));
    const shared = plain.clone();
    const expected = Object.entries(layerOf(row, plain).stateDict());
    const manner = manners[Number(row.seed) % 2];
    const layer = await buildShared(
      () => layerOf(row, shared),
      pools[2],
      manner,
    );
    const actual = Object.entries(layer.stateDict());
    assertEquals(
      actual.map(([name, tensor]) => [name, bytesOf(tensor)]),
      expected.map(([name, tensor]) => [name, bytesOf(tensor)]),
      row.repr,
    );
    assertEquals(shared.getState(), plain.getState(), row.repr);
  }
});

async function assertModel(model: nn.Module, row: ModelCase): Promise<void> {
  for (
    const [index, [name, tensor]] of Object.entries(model.stateDict()).entries()
  ) {
    const { shape, dtype, data } = tensor;
    // No digest is made of shared storage.
    const copy = new Tensor(data.slice() as never, shape, dtype);
    assertEquals(
      { name, shape, dtype, ...await digestOf(copy) },
      row.stateDict[index],
    );
  }
}
