/**
 * No worker and no memory is left over, however often tensors are filled.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { empty, Generator, init, initModel, startWorkers } from "../../mod.ts";

const { Worker: Plain } = globalThis;
const live = new Set<Worker>();

Deno.test.beforeAll(() => {
  globalThis.Worker = class extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      live.add(this);
    }
    override terminate(): void {
      live.delete(this);
      super.terminate();
    }
  };
});

Deno.test.afterAll(() => {
  globalThis.Worker = Plain;
});

const length = 3_000_000;

for (const shared of [false, true]) {
  Deno.test(`1,000 fills by the same workers, shared: ${shared}`, async () => {
    using workers = await startWorkers(3);
    await fillOften(100, { workers, shared });
    const before = await settledMemory();
    await fillOften(1000, { workers, shared });
    assertEquals(live.size, 2);
    assertGrowth(before, await settledMemory());
  });
}

Deno.test("1,000 fills, each by workers of its own", async () => {
  await fillOften(100, { workers: 3 });
  const before = await settledMemory();
  await fillOften(1000, { workers: 3 });
  assertEquals(live.size, 0);
  assertGrowth(before, await settledMemory());
});

async function fillOften(
  times: number,
  options: Parameters<typeof initModel>[1],
): Promise<void> {
  const [generator, plain] = [new Generator(1), new Generator(1)];
  for (let i = 0; i < times; i++) {
    await initModel(
      () => init.uniform(empty([length]), { generator }),
      options,
    );
  }
  assertEquals(
    generator.getState(),
    plain.advance(times * length).getState(),
  );
}

/** The resident memory, after garbage had time to go. */
async function settledMemory(): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 20; i++) {
    // Allocating makes the collector run.
    for (let j = 0; j < 20; j++) new Float64Array(1 << 17).fill(1);
    await new Promise((go) => setTimeout(go));
    least = Math.min(least, Deno.memoryUsage().rss);
  }
  return least;
}

/** A fill that stayed would be 12 MB, a worker some; a thousand stand out. */
function assertGrowth(before: number, after: number): void {
  const growth = after - before;
  assert(growth < 200e6, `${growth / 1e6} MB more after 1,000 fills`);
}
