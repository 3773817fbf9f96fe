import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  empty,
  Generator,
  init,
  initModel,
  startWorkers,
  type Tensor,
} from "../../mod.ts";
import { record } from "../../lib/core/recording.ts";
import { executeListed } from "../../lib/parallel/execute.ts";
import { Words } from "../../lib/random/torch/words.ts";
import { spawnWorker } from "../../lib/parallel/spawn.ts";
import type { WorkerLike } from "../../lib/parallel/thread.ts";
import { openWorkers } from "../../lib/parallel/workers.ts";
import { buildShared, manners } from "./threads.ts";

/** What happened to the workers of a test. */
interface Log {
  started: number;
  ended: number;
  packages: number;
}

/**
 * Makes workers that fail after they sent so many buffers.
 *
 * @param log Where it is written down.
 * @param packages How many; Infinity for workers that do not fail.
 */
function failing(log: Log, packages = Infinity): () => WorkerLike {
  return () => {
    const worker = spawnWorker();
    const listeners: ((event: Event) => void)[] = [];
    let left = packages;
    log.started++;
    return {
      addEventListener(type, listener) {
        if (type === "error") listeners.push(listener);
        worker.addEventListener(type, (event) => {
          const { kind } = (event as MessageEvent).data;
          if (kind === "package") log.packages++;
          if (kind === "ready" || left-- > 0) return listener(event);
          if (left === -1) {
            for (const fail of listeners) fail(new Event("error"));
          }
        });
      },
      postMessage: (request, options) => worker.postMessage(request, options),
      terminate() {
        log.ended++;
        worker.terminate();
      },
    };
  };
}

const build = (generator: Generator) => [
  init.uniform(empty([1_500_000]), { generator }),
  init.normal(empty([1_500_001]), { generator }),
  init.uniform(empty([1_000_000], { dtype: "bfloat16" }), { generator }),
];

function newLog(): Log {
  return { started: 0, ended: 0, packages: 0 };
}

function assertEqual(actual: readonly Tensor[], expected: readonly Tensor[]) {
  assert(actual.every((each, index) => each.equals(expected[index])));
}

const counts = [0, 1, 2, 3, Infinity];
const cases = counts.flatMap((packages) =>
  manners.map((manner) => ({ packages, manner }))
);
for (const { packages, manner } of cases) {
  const name = `${packages} buffers, shared: ${manner.shared}`;
  Deno.test(`workers that fail after ${name}: the same bytes`, async () => {
    const log = newLog();
    const pool = await openWorkers(3, failing(log, packages));
    const [plain, shared] = [new Generator(4), new Generator(4)];
    for (let i = 0; i < 2; i++) {
      assertEqual(
        await buildShared(() => build(shared), pool, manner),
        build(plain),
      );
      assertEquals(shared.getState(), plain.getState());
    }
    // Both made something; one that failed is ended, and not asked again.
    assert(log.packages >= 2);
    assertEquals(log.ended, packages === Infinity ? 0 : 2);
    pool.close();
    assertEquals(log, { ...log, started: 2, ended: 2 });
  });
}

Deno.test("workers that are closed while they fill: the same bytes", async () => {
  for (const manner of manners) {
    const [plain, shared] = [new Generator(4), new Generator(4)];
    const pool = await openWorkers(2, failing(newLog()));
    const promise = buildShared(() => build(shared), pool, manner);
    for (let i = 0; i < 2; i++) await new Promise((go) => setTimeout(go));
    pool.close();
    assertEqual(await promise, build(plain));
    await assertRejects(
      () => initModel(() => build(shared), { workers: pool }),
      Error,
      "must be open",
    );
    assertEquals(shared.getState(), plain.getState());
  }
});

Deno.test("refused workers: nothing is filled, nothing drawn, all are ended", async () => {
  const log = newLog();
  const makers: (() => WorkerLike)[] = [
    () => {
      throw new DOMException("not here", "SecurityError");
    },
    () =>
      new Worker("data:text/javascript,throw new Error('no')", {
        type: "module",
      }),
    () => new Worker("data:text/javascript,not a script", { type: "module" }),
  ];
  for (const make of makers) {
    const good = failing(log);
    const spawned = [good, make];
    const generator = new Generator(4);
    const made = record(() => build(generator));
    const started = log.started;
    await assertRejects(
      () =>
        executeListed({
          threads: async () =>
            (await openWorkers(3, () => spawned.shift()!())).threads,
          worthSharing: 0,
          onProgress() {},
        }),
      Error,
      "Cannot start workers",
    );
    assert(made.every(({ data }) => data.every((value) => value === 0)));
    assertEquals(generator.getState(), new Generator(4).getState());
    assertEquals([log.started, log.ended], [started + 1, started + 1]);
  }
});

Deno.test("if no thread can fill a share, the message names the tensors", async () => {
  const pool = await openWorkers(2, failing(newLog(), 0));
  const generator = new Generator(4);
  const { advance } = Words.prototype;
  let calls = 0;
  Words.prototype.advance = function (words) {
    // The calling thread's own share, and then that of the worker.
    if (++calls > 1 && words > 0n) throw new RangeError("no memory");
    return advance.call(this, words);
  };
  try {
    await assertRejects(
      () =>
        buildShared(
          () => [init.uniform(empty([1000, 2000]), { generator })],
          pool,
          { shared: true },
        ),
      Error,
      "Cannot fill tensors of shape [1000, 2000]",
    );
  } finally {
    Words.prototype.advance = advance;
    pool.close();
  }
  assertEquals(generator.getState(), new Generator(4).getState());
});

Deno.test("where there are no workers, the calling thread is alone unless they are asked for", async () => {
  const spawn = () => {
    throw new Error("there are none");
  };
  await assertRejects(
    () => openWorkers(3, spawn),
    Error,
    "Cannot start workers",
  );
  const pool = await openWorkers(undefined, spawn);
  assertEquals(pool.count, 1);
  const [plain, shared] = [new Generator(4), new Generator(4)];
  assertEqual(await buildShared(() => build(shared), pool), build(plain));
});

Deno.test("startWorkers counts the calling thread, and refuses what is no count", async () => {
  using workers = await startWorkers(2);
  assertEquals(workers.count, 2);
  using most = await startWorkers();
  assertEquals(most.count, Math.min(8, navigator.hardwareConcurrency));
  for (const count of [0, -1, 1.5, NaN, "2"]) {
    await assertRejects(
      () => Promise.resolve().then(() => startWorkers(count as never)),
      RangeError,
      "whole number",
    );
  }
});

Deno.test("each initModel ends the workers that it starts", async () => {
  const { Worker: Plain } = globalThis;
  const live = new Set<Worker>();
  class Counted extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      live.add(this);
    }
    override terminate(): void {
      live.delete(this);
      super.terminate();
    }
  }
  globalThis.Worker = Counted;
  try {
    const generator = new Generator(1);
    let most = 0;
    const options = {
      workers: 3,
      onProgress: () => void (most = Math.max(most, live.size)),
    };
    const big = () => init.normal(empty([3_000_000]), { generator });
    await initModel(big, options);
    assertEquals([most, live.size], [2, 0]);
    const failing = {
      workers: 3,
      onProgress() {
        throw new Error("enough");
      },
    };
    await assertRejects(() => initModel(big, failing), Error, "enough");
    assertEquals(live.size, 0);
    // What is not worth it starts none.
    most = 0;
    await initModel(() => init.normal(empty([3000]), { generator }), options);
    assertEquals(most, 0);
  } finally {
    globalThis.Worker = Plain;
  }
});
