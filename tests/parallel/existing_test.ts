import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  empty,
  Generator,
  init,
  initModel,
  nn,
  startWorkers,
  Tensor,
} from "../../mod.ts";
import { record } from "../../lib/core/recording.ts";
import { executeListed } from "../../lib/parallel/execute.ts";
import { closePools, pools, startPools } from "./threads.ts";

Deno.test.beforeAll(startPools);
Deno.test.afterAll(closePools);

const length = 3_000_001;

/** A tensor of ones whose storage is shared with workers, or not. */
function ones(isShared: boolean): Tensor<"float32"> {
  const bytes = 4 * length;
  const buffer = isShared
    ? new SharedArrayBuffer(bytes)
    : new ArrayBuffer(bytes);
  return init.ones(new Tensor(new Float32Array(buffer), [length], "float32"));
}

for (const isShared of [true, false]) {
  Deno.test(`tensors of before are filled again in place, shared: ${isShared}`, async () => {
    for (const pool of pools) {
      const [plain, parallel] = [new Generator(5), new Generator(5)];
      const [one, two] = [ones(isShared), ones(isShared)];
      const { data } = one;
      await initModel(() => {
        init.uniform(one, { generator: parallel });
        init.normal(two, { generator: parallel });
      }, { workers: pool, existing: [one, two, one] });
      const generator = plain;
      assert(one.equals(init.uniform(empty([length]), { generator })));
      assert(two.equals(init.normal(empty([length]), { generator })));
      assertEquals(parallel.getState(), plain.getState());
      assert(one.data === data);
    }
  });
}

Deno.test("tensors of before are unchanged until one is read", () => {
  const [one, two] = [ones(true), ones(true)];
  const [first, second] = [one.data, two.data];
  record(
    () => {
      init.zeros(one);
      init.uniform(two, { generator: new Generator(1) });
    },
    false,
    [one, two, one],
  );
  assertEquals([first[7], second[7]], [1, 1]);
  assertEquals(one.data[7], 0);
  assert(second[7] !== 1);
});

Deno.test("an earlier tensor that was not handed over is filled at once", async () => {
  const [one, two] = [ones(false), ones(false)];
  const { data } = one;
  const seen: number[] = [];
  await initModel(() => {
    init.zeros(one);
    seen.push(data[0]);
  }, { existing: [two] });
  assertEquals(seen, [0]);
});

Deno.test("a model's parameters are reset in place", async () => {
  const model = new nn.Linear(1000, 1200);
  const generator = new Generator(3);
  await initModel(() => model.resetParameters({ generator }), {
    workers: pools[1],
    existing: model.parameters(),
  });
  const plain = new nn.Linear(1000, 1200, { generator: new Generator(3) });
  assert(model.weight.equals(plain.weight));
  assert(model.bias!.equals(plain.bias!));
});

Deno.test("refused workers leave tensors of before as they were", async () => {
  const weight = ones(true);
  const generator = new Generator(2);
  record(() => init.uniform(weight, { generator }), false, [weight]);
  await assertRejects(
    () =>
      executeListed({
        threads: () => Promise.reject(new Error("refused")),
        worthSharing: 0,
        onProgress() {},
      }),
    Error,
    "refused",
  );
  assert(weight.equals(ones(true)));
  assertEquals(generator.getState(), new Generator(2).getState());
});

Deno.test("closed workers are refused before anything is filled", async () => {
  const weight = ones(true);
  const workers = await startWorkers(2);
  workers.close();
  await assertRejects(
    () => initModel(() => init.zeros(weight), { workers, existing: [weight] }),
    Error,
    "must be open",
  );
  assert(weight.equals(ones(true)));
});
