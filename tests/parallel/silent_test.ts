/**
 * Workers that end without a word, never answer or answer late: the calling
 * thread fills what they left, and they write nothing more.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { empty, Generator, init, Tensor } from "../../mod.ts";
import { fillShared } from "../../lib/parallel/execute.ts";
import { spawnWorker } from "../../lib/parallel/spawn.ts";
import {
  type Answer,
  type Request,
  Thread,
  type WorkerLike,
} from "../../lib/parallel/thread.ts";
import { type OpenWorkers, openWorkers } from "../../lib/parallel/workers.ts";
import { buildShared, manners } from "./threads.ts";

/** Which messages of a worker come through, and when. */
interface Line {
  /** Whether an answer is heard. Default: yes. */
  readonly hears?: (answer: Answer) => boolean;
  /** Sends a request. Default: at once. */
  readonly send?: (
    request: Request,
    post: (request: Request) => void,
  ) => void;
}

/** Makes a worker behind a line. */
function behind(
  { hears = () => true, send = (request, post) => post(request) }: Line,
): WorkerLike {
  const worker = spawnWorker();
  return {
    addEventListener: (type, listener) =>
      worker.addEventListener(type, (event) => {
        if (type !== "message" || hears((event as MessageEvent).data)) {
          listener(event);
        }
      }),
    postMessage: (request, options) =>
      send(request, (changed) => worker.postMessage(changed, options)),
    terminate: () => worker.terminate(),
  };
}

/** A worker that ends without a word when it gets a message of a kind. */
function endingAt(kind: Request["kind"]): WorkerLike {
  const code = `let isReady = false;
    onmessage = ({ data }) => {
      if (data.kind === "${kind}") return close();
      postMessage({ kind: "ready" });
    };`;
  return new Worker(`data:text/javascript,${encodeURIComponent(code)}`, {
    type: "module",
  });
}

/** Milliseconds of silence after which these tests give up. */
const patience = 600;

/** Says yes so often, and then no. */
function often(times: number): (answer: Answer) => boolean {
  return ({ kind }) => kind === "ready" || times-- > 0;
}

const lines: Record<string, () => WorkerLike> = {
  "ends at its first job": () => endingAt("job"),
  "never gets its job": () =>
    behind({
      send: (request, post) => request.kind === "job" || post(request),
    }),
  "is heard of never": () => behind({ hears: often(0) }),
  "is heard of once": () => behind({ hears: often(1) }),
  "is heard of three times": () => behind({ hears: often(3) }),
};

const build = (generator: Generator) => [
  init.uniform(empty([1_500_000], { dtype: "float64" }), { generator }),
  init.normal(empty([3_000_001]), { generator }),
  init.normal(empty([1_000_003], { dtype: "bfloat16" }), { generator }),
];

for (const [name, spawn] of Object.entries(lines)) {
  for (const manner of manners) {
    Deno.test(`a worker that ${name}, shared: ${manner.shared}: the same bytes`, async () => {
      const pool = await openWorkers(2, spawn, patience);
      const [plain, shared] = [new Generator(4), new Generator(4)];
      const told: [number, number][] = [];
      const onProgress = (...it: [number, number]) => void told.push(it);
      const made = await buildShared(() => build(shared), pool, {
        ...manner,
        onProgress,
      });
      const expected = build(plain);
      assert(made.every((each, i) => each.equals(expected[i])));
      assertEquals(shared.getState(), plain.getState());
      const total = 5_500_004;
      told.forEach(([filled, all], i) => {
        assert(filled >= (told[i - 1]?.[0] ?? 0) && filled <= total);
        assertEquals(all, total);
      });
      // It was given up, so this waits for nothing, not even a timer.
      const first = new Promise((_, reject) =>
        setTimeout(() => reject(new Error("it waited")))
      );
      const filled = pool.threads[0].fill({} as never, () => true);
      await assertRejects(
        () => Promise.race([filled, first]),
        Error,
        "A worker",
      );
      pool.close();
    });
  }
}

Deno.test("a worker that is slow, but heard of, is waited for", async () => {
  let jobs = 0;
  let ends = 0;
  const worker = behind({
    send(request, post) {
      if (request.kind !== "job") return post(request);
      jobs++;
      setTimeout(() => post(request), 900);
    },
    hears(answer) {
      if (answer.kind === "end") ends++;
      return true;
    },
  });
  const pool = await openWorkers(2, () => worker);
  const [plain, shared] = [new Generator(4), new Generator(4)];
  const [made] = await buildShared(() => build(shared), pool, { shared: true });
  assert(made.equals(build(plain)[0]));
  assertEquals([jobs, ends], [1, 1]);
  pool.close();
});

Deno.test("a job that arrives after it was given up writes nothing", async () => {
  let arrived: Promise<unknown> | undefined;
  const pool = await openWorkers(2, () =>
    behind({
      send(request, post) {
        if (request.kind !== "job") return post(request);
        arrived = new Promise<void>((resolve) =>
          setTimeout(() => resolve(post(request)), 2200)
        );
      },
    }), patience);
  const generator = new Generator(4);
  const made = await buildShared(() => build(generator), pool, {
    shared: true,
  });
  for (const { data } of made) data.fill(7);
  await arrived;
  await new Promise((go) => setTimeout(go, 200));
  assert(made.every(({ data }) => data.every((value) => value === 7)));
  pool.close();
});

Deno.test("a worker that never starts is an error only if it was asked for", async () => {
  const silent = () => endingAt("start");
  const pool = await openWorkers(undefined, silent);
  assertEquals(pool.count, 1);
  const thread = new Thread(silent(), 100);
  await assertRejects(() => thread.ready, Error, "did not answer for 100 ms");
});

Deno.test("an error while a worker writes does not keep others waiting", async () => {
  const control: Int32Array[] = [];
  const pool = await openWorkers(2, () =>
    behind({
      send(request, post) {
        if (request.kind === "start") control.push(request.control!);
        if (request.kind !== "job") return post(request);
        // The worker throws when it comes to fill.
        const parts = request.parts.map((part) => ({
          ...part,
          distribution: undefined as never,
        }));
        post({ ...request, parts });
      },
    }));
  const [plain, shared] = [new Generator(4), new Generator(4)];
  const made = await buildShared(
    () => init.uniform(empty([4_000_000]), { generator: shared }),
    pool,
    { shared: true },
  );
  assert(made.equals(init.uniform(empty([4_000_000]), { generator: plain })));
  assertEquals(control.map((it) => it[1]), [0]);
  pool.close();
});

Deno.test("a part of a file is filled, whatever its worker does", async () => {
  for (const spawn of Object.values(lines).slice(0, 3)) {
    const pool: OpenWorkers = await openWorkers(2, spawn, patience);
    const data = new Float32Array(new SharedArrayBuffer(4 * 300_001));
    const part = new Tensor(data, [300_001], "float32");
    const [plain, source] = [new Generator(4), new Generator(4)];
    const normal = { kind: "normal", mean: 1, std: 2 } as const;
    await fillShared(normal, part, source, pool.threads);
    const expected = empty([300_001]);
    plain.fill(expected, normal);
    assert(part.equals(expected));
    assertEquals(source.getState(), plain.getState());
    pool.close();
  }
});
