import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  defaultGenerator,
  empty,
  filledBy,
  Generator,
  init,
  initModel,
  manualSeed,
  nn,
  Tensor,
} from "../../mod.ts";
import { listedSteps } from "../../lib/core/recording.ts";
import { closePools, pools, startPools } from "./threads.ts";

Deno.test.beforeAll(startPools);
Deno.test.afterAll(closePools);

const length = 3_000_001;

/** A tensor of ones that workers write to, or copy to. */
function ones(isShared: boolean): Tensor<"float32"> {
  const bytes = 4 * length;
  const buffer = isShared
    ? new SharedArrayBuffer(bytes)
    : new ArrayBuffer(bytes);
  return init.ones(new Tensor(new Float32Array(buffer), [length], "float32"));
}

Deno.test("a signal that has aborted rejects before any work", async () => {
  const reason = new RangeError("mine");
  let isBuilt = false;
  await assertRejects(
    () =>
      initModel(() => isBuilt = true, { signal: AbortSignal.abort(reason) }),
    RangeError,
    "mine",
  );
  assert(!isBuilt);
  await assertRejects(
    () => initModel(() => 1, { signal: 1 as never }),
    TypeError,
    "signal must be an AbortSignal",
  );
});

Deno.test("a signal that aborts while the function builds undoes what it drew", async () => {
  manualSeed(5);
  const state = defaultGenerator().getState();
  const controller = new AbortController();
  const { signal } = controller;
  const build = () => {
    const model = new nn.Linear(30, 20);
    // Both are drawn before the signal aborts.
    assert(model.weight.data[0] !== 0);
    controller.abort();
    return new nn.Linear(20, 30);
  };
  const error = await initModel(build, { signal }).catch((it: unknown) => it);
  assertEquals(error, signal.reason);
  assertEquals(listedSteps(), []);
  assertEquals(defaultGenerator().getState(), state);
});

for (const isShared of [true, false]) {
  for (const after of [0, 400_000, 3_500_000, 7_000_000]) {
    Deno.test(`after ${after} elements, a signal sets all back, shared: ${isShared}`, async () => {
      for (const pool of pools) {
        const [one, two] = [ones(isShared), ones(isShared)];
        const [mine, other] = [new Generator(5), new Generator(6)];
        const states = [mine.getState(), other.getState()];
        const controller = new AbortController();
        const { signal } = controller;
        const reason = new Error("enough");
        let told = 0;
        const fresh: Tensor<"float32">[] = [];
        let left: Float32Array | undefined;
        const build = () => {
          init.uniform(one, { generator: mine });
          fresh.push(init.normal(empty([length]), { generator: mine }));
          init.normal(two, { generator: other });
          init.truncNormal(empty([1000]), { generator: mine });
        };
        const options = {
          workers: pool,
          existing: [one, two],
          shared: isShared,
        };
        const error = await initModel(build, {
          ...options,
          signal,
          onProgress(filled) {
            assert(!signal.aborted);
            told++;
            if (filled < after) return;
            controller.abort(reason);
            left = fresh[0].data.slice();
          },
        }).catch((it: unknown) => it);
        assert(error === reason);
        assert(told > 0);
        assertEquals([mine.getState(), other.getState()], states);
        for (const tensor of [one, two]) {
          assert(tensor.data.every((value) => value === 1));
          assertEquals(filledBy(tensor)?.initializer, "ones");
        }
        // Nothing was written any more.
        await new Promise((go) => setTimeout(go, 100));
        const { data } = fresh[0];
        assert(data.every((value, i) => value === left![i]));
        assert(one.data.every((value) => value === 1));
        // Workers and tensors serve again.
        await initModel(build, options);
        const plain = new Generator(5);
        assert(one.equals(init.uniform(empty([length]), { generator: plain })));
        init.normal(empty([length]), { generator: plain });
        init.truncNormal(empty([1000]), { generator: plain });
        assertEquals(mine.getState(), plain.getState());
      }
    });
  }
}

Deno.test("a signal that aborts by a clock finds its turn", async () => {
  for (const workers of [1, pools[1]]) {
    const generator = new Generator(1);
    const state = generator.getState();
    const signal = AbortSignal.timeout(20);
    await assertRejects(
      () =>
        initModel(() => init.normal(empty([60_000_000]), { generator }), {
          signal,
          workers,
        }),
      DOMException,
      "",
    );
    assertEquals(generator.getState(), state);
  }
});

Deno.test("when other code drew meanwhile, it is too late to abort", async () => {
  const [plain, shared] = [new Generator(4), new Generator(4)];
  const controller = new AbortController();
  const promise = initModel(
    () => init.normal(empty([length]), { generator: shared }),
    { workers: pools[1], signal: controller.signal },
  );
  await new Promise((go) => setTimeout(go));
  shared.advance(1);
  controller.abort();
  assert((await promise).equals(init.normal(empty([length]), {
    generator: plain,
  })));
  assertEquals(shared.getState(), plain.advance(1).getState());
});

Deno.test("a signal may abort after the end, and is let go", async () => {
  const controller = new AbortController();
  const generator = new Generator(4);
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  await initModel(() => init.normal(empty([100]), { generator }), { signal });
  const state = generator.getState();
  assertEquals(listeners, 0);
  controller.abort();
  assertEquals(generator.getState(), state);
});
